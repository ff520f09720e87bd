package dev.terrarium.app.dock;

import dev.terrarium.app.dock.DeltaLine.Sign;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Caused;
import dev.terrarium.engine.observe.Causes;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.play.PlayerState.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;

/** What the step changed in the kernel's books, each line with the call that did it. */
final class DeltaView extends BorderPane {

  private final UiContext ui;
  private final ObservableList<DeltaLine> lines = FXCollections.observableArrayList();
  private final TokenList<DeltaLine> list;
  private final HBox count = new HBox();
  private final Label rest = new Label();
  private LessonScene scene = LessonScene.EMPTY;
  private int kindWidth;
  private int subjectWidth;
  private int detailWidth;

  DeltaView(UiContext ui) {
    this.ui = ui;
    list = new TokenList<>(lines, line -> line.tokens(kindWidth, subjectWidth, detailWidth));
    Label empty = new Label();
    empty.textProperty().bind(ui.message("dock.delta.empty"));
    empty.getStyleClass().add("dock-empty");
    list.setPlaceholder(empty);
    list.accessibleTextProperty().bind(ui.message("dock.delta.accessible"));
    setCenter(list);
    rest.getStyleClass().add("delta-rest");
    rest.visibleProperty().bind(rest.textProperty().isNotEmpty());
    rest.managedProperty().bind(rest.visibleProperty());
    rest.setMaxWidth(Double.MAX_VALUE);
    setBottom(rest);
    count.getStyleClass().add("delta-count");
    ui.language().subscribe(() -> show(scene));
  }

  /** The numbers beside the tab's title. */
  HBox count() {
    return count;
  }

  void show(LessonScene newScene) {
    scene = newScene;
    List<DeltaLine> wanted = new ArrayList<>();
    int elsewhere = 0;
    for (Caused caused : Causes.attribute(newScene.changes(), newScene.calls())) {
      if (caused.by().isPresent() || ours(caused.change(), newScene)) {
        wanted.add(DeltaLine.of(caused.change(), cause(caused.by(), newScene), ui));
      } else {
        elsewhere++;
      }
    }
    rest.setText(elsewhere == 0 ? "" : ui.text("dock.delta.elsewhere", elsewhere));
    kindWidth = widest(wanted.stream().map(DeltaLine::kind).toList());
    subjectWidth = widest(wanted.stream().map(DeltaLine::subject).toList());
    detailWidth = widest(wanted.stream().map(DeltaLine::detail).toList());
    if (!lines.equals(wanted)) {
      lines.setAll(wanted);
    }
    recount(wanted);
  }

  /** The host lives its own life meanwhile; what touches the container counts, caused or not. */
  private static boolean ours(Change change, LessonScene scene) {
    return switch (change) {
      case Change.ProcessBorn(ProcessInfo p) -> nested(p, scene);
      case Change.ProcessEnded(ProcessInfo p) -> nested(p, scene);
      case Change.ProcessExeced(ProcessInfo before, ProcessInfo after) -> nested(after, scene);
      case Change.StateChanged(ProcessInfo before, ProcessInfo after) -> nested(before, scene);
      case Change.NamespaceEntered(ProcessInfo p, Namespace from, Namespace to) -> nested(p, scene);
      case Change.NamespaceMade(Namespace made, ProcessInfo first) -> nested(first, scene);
      case Change.NamespaceGone(Namespace gone) -> wasOurs(gone, scene);
      case Change.MountAdded(Namespace ns, Mount mount) -> notHost(ns, scene);
      case Change.MountRemoved(Namespace ns, Mount mount) -> notHost(ns, scene);
      case Change.MountChanged(Namespace ns, Mount before, Mount after) -> notHost(ns, scene);
      case Change.EntryAdded _, Change.EntryRemoved _, Change.EntryChanged _ -> true;
    };
  }

  private static boolean nested(ProcessInfo process, LessonScene scene) {
    return process.pids().size() > 1 || scene.containerPid().equals(OptionalInt.of(process.pid()));
  }

  /** Whether the container lived in that namespace at some moment before. */
  private static boolean wasOurs(Namespace gone, LessonScene scene) {
    return scene.moments().stream()
        .filter(moment -> moment.containerPid().isPresent())
        .flatMap(m -> m.after().process(m.containerPid().getAsInt()).stream())
        .anyMatch(p -> p.namespaces().inode(gone.type()) == gone.inode());
  }

  private static boolean notHost(Namespace namespace, LessonScene scene) {
    return scene
        .snapshot()
        .map(snapshot -> snapshot.self().inode(namespace.type()) != namespace.inode())
        .orElse(true);
  }

  private String cause(Optional<SyscallEvent> call, LessonScene at) {
    if (call.isEmpty()) {
      return "";
    }
    SyscallEvent made = call.get();
    for (Moment moment : at.moments().reversed()) {
      if (moment.calls().contains(made)) {
        return ui.text("dock.delta.cause", made.name(), moment.step() + 1);
      }
    }
    return ui.text("dock.delta.cause.call", made.name());
  }

  private static int widest(List<String> texts) {
    return texts.stream().mapToInt(DeltaLine::width).max().orElse(0);
  }

  private void recount(List<DeltaLine> wanted) {
    List<Label> labels = new ArrayList<>();
    for (Sign sign : Sign.values()) {
      long number = wanted.stream().filter(line -> line.sign() == sign).count();
      if (number > 0) {
        Label label = new Label(sign.mark() + number);
        label.getStyleClass().add("delta-" + sign.name().toLowerCase(Locale.ROOT));
        labels.add(label);
      }
    }
    count.getChildren().setAll(labels);
  }
}
