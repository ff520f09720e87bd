package dev.terrarium.app.panes;

import atlantafx.base.controls.Popover;
import dev.terrarium.app.panes.NamespaceChip.State;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * The eight namespaces of the container in a row: those of its own in colour with their inode
 * numbers, those that it shares with the host in grey.
 */
public final class ChipsBar extends HBox {

  private final UiContext ui;
  private final List<ChipButton> chips = new ArrayList<>();
  private final Popover details = new Popover();
  private LessonScene scene = LessonScene.EMPTY;

  public ChipsBar(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("chips-bar");
    details.setDetachable(false);
    details.setHeaderAlwaysVisible(false);
    details.setArrowLocation(Popover.ArrowLocation.TOP_CENTER);
    for (NamespaceType type : NamespaceType.values()) {
      ChipButton chip = new ChipButton(ui, type);
      chip.setOnAction(_ -> showDetails(chip));
      HBox.setHgrow(chip, Priority.ALWAYS);
      chips.add(chip);
    }
    getChildren().addAll(chips);
    ui.language().subscribe(() -> show(scene));
  }

  /** Draws the container's namespaces at that moment. */
  public void show(LessonScene newScene) {
    scene = newScene;
    List<NamespaceChip> contents = contents(newScene);
    for (int i = 0; i < chips.size(); i++) {
      chips.get(i).show(contents.get(i));
    }
    setAccessibleText(ui.text("panes.chips.accessible"));
  }

  /** What the chips say, in their order. */
  static List<NamespaceChip> contents(LessonScene scene) {
    NamespaceSet host =
        scene.snapshot().map(snapshot -> snapshot.self()).orElse(NamespaceSet.UNREADABLE);
    Optional<ProcessInfo> first = firstProcess(scene);
    NamespaceSet inside = first.map(ProcessInfo::namespaces).orElse(NamespaceSet.UNREADABLE);
    List<NamespaceChip> contents = new ArrayList<>();
    for (NamespaceType type : NamespaceType.values()) {
      contents.add(NamespaceChip.of(type, host.inode(type), inside.inode(type), first.isPresent()));
    }
    return contents;
  }

  /** The container's first process, if it lives at that moment; a zombie has no namespaces. */
  static Optional<ProcessInfo> firstProcess(LessonScene scene) {
    return scene.containerPid().isEmpty()
        ? Optional.empty()
        : scene
            .snapshot()
            .flatMap(snapshot -> snapshot.process(scene.containerPid().getAsInt()))
            .filter(process -> process.state() != 'Z');
  }

  private void showDetails(ChipButton chip) {
    NamespaceChip content = chip.content();
    Label title = new Label(ui.text("panes.ns." + content.type().procName()));
    title.getStyleClass().add("detail-title");
    Label what = new Label(ui.text("panes.ns." + content.type().procName() + ".what"));
    what.setWrapText(true);
    VBox box = new VBox(title, what);
    box.getStyleClass().add("detail-box");
    for (String line : factLines(content)) {
      Label fact = new Label(line);
      fact.getStyleClass().addAll("mono", "detail-fact");
      box.getChildren().add(fact);
    }
    details.setContentNode(box);
    details.show(chip);
  }

  private List<String> factLines(NamespaceChip content) {
    String name = content.type().procName();
    List<String> lines = new ArrayList<>();
    if (content.state() == State.OWN || content.state() == State.SHARED) {
      lines.add(ui.text("panes.chip.container", name, content.inode()));
    }
    if (content.hostInode() != 0) {
      lines.add(ui.text("panes.chip.host", name, content.hostInode()));
    }
    lines.add(content.type().flagName());
    return lines;
  }
}
