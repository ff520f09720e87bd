package dev.terrarium.app.dock;

import dev.terrarium.app.dock.DeltaLine.Sign;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    for (Change change : newScene.changes()) {
      wanted.add(DeltaLine.of(change, "", ui));
    }
    kindWidth = widest(wanted.stream().map(DeltaLine::kind).toList());
    subjectWidth = widest(wanted.stream().map(DeltaLine::subject).toList());
    detailWidth = widest(wanted.stream().map(DeltaLine::detail).toList());
    if (!lines.equals(wanted)) {
      lines.setAll(wanted);
    }
    recount(wanted);
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
