package dev.terrarium.app.panes;

import dev.terrarium.app.panes.ProcessTable.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Circle;
import javafx.scene.shape.CubicCurve;
import javafx.scene.shape.StrokeLineCap;

/**
 * The curves that join the two rows of one process across the gap between the panes. They are
 * placed after every layout, so they follow scrolling and resizing.
 */
final class LinkCurves extends Pane {

  private static final PseudoClass HOT = PseudoClass.getPseudoClass("hot");
  private static final PseudoClass FAR = PseudoClass.getPseudoClass("far");
  private static final PseudoClass CALM = PseudoClass.getPseudoClass("calm");

  /** How far into the panes a curve reaches. */
  private static final double REACH = 6;

  private final ProcessTable host;
  private final ProcessTable container;
  private final Twins twins;
  private final List<Link> links = new ArrayList<>();
  private final Runnable afterLayout = this::place;
  private List<Integer> members = List.of();

  LinkCurves(ProcessTable host, ProcessTable container, Twins twins) {
    this.host = host;
    this.container = container;
    this.twins = twins;
    setMouseTransparent(true);
    setManaged(false);
    getStyleClass().add("link-curves");
    twins.hot().subscribe(this::place);
    sceneProperty()
        .subscribe((before, now) -> {
          unhook(before);
          hook(now);
        });
  }

  private void unhook(@org.jspecify.annotations.Nullable Scene scene) {
    if (scene != null) {
      scene.removePostLayoutPulseListener(afterLayout);
    }
  }

  private void hook(@org.jspecify.annotations.Nullable Scene scene) {
    if (scene != null) {
      scene.addPostLayoutPulseListener(afterLayout);
    }
  }

  /** Joins the rows of those processes, by host pid. */
  void join(List<Integer> hostPids) {
    members = List.copyOf(hostPids);
    while (links.size() < members.size()) {
      Link link = new Link();
      links.add(link);
      getChildren().addAll(link.curve, link.from, link.to);
    }
    place();
  }

  private void place() {
    if (getScene() == null) {
      return;
    }
    boolean anyHot = members.contains(twins.hot().get());
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      if (i >= members.size()) {
        link.hide();
        continue;
      }
      int pid = members.get(i);
      Optional<Anchor> left = host.anchor(pid);
      Optional<Anchor> right = container.anchor(pid);
      if (left.isEmpty() || right.isEmpty()) {
        link.hide();
      } else {
        link.place(left.get(), right.get());
        boolean hot = twins.hot().get() == pid;
        link.mark(HOT, hot);
        link.mark(CALM, anyHot && !hot);
        link.mark(FAR, !left.get().inSight() || !right.get().inSight());
      }
    }
  }

  /** One curve and the dots at its ends. */
  private final class Link {
    private final CubicCurve curve = new CubicCurve();
    private final Circle from = new Circle(3);
    private final Circle to = new Circle(3);

    Link() {
      curve.getStyleClass().add("link-curve");
      curve.setStrokeLineCap(StrokeLineCap.ROUND);
      from.getStyleClass().add("link-end");
      to.getStyleClass().add("link-end");
    }

    void hide() {
      curve.setVisible(false);
      from.setVisible(false);
      to.setVisible(false);
    }

    void mark(PseudoClass mark, boolean on) {
      curve.pseudoClassStateChanged(mark, on);
      from.pseudoClassStateChanged(mark, on);
      to.pseudoClassStateChanged(mark, on);
    }

    void place(Anchor left, Anchor right) {
      Point2D start = sceneToLocal(left.right() - REACH, left.y());
      Point2D end = sceneToLocal(right.left(), right.y());
      double middle = (start.getX() + end.getX()) / 2;
      curve.setStartX(start.getX());
      curve.setStartY(start.getY());
      curve.setControlX1(middle);
      curve.setControlY1(start.getY());
      curve.setControlX2(middle);
      curve.setControlY2(end.getY());
      curve.setEndX(end.getX());
      curve.setEndY(end.getY());
      from.setCenterX(start.getX());
      from.setCenterY(start.getY());
      to.setCenterX(end.getX());
      to.setCenterY(end.getY());
      curve.setVisible(true);
      from.setVisible(left.inSight());
      to.setVisible(right.inSight());
    }
  }
}
