package dev.terrarium.app.dock;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.play.PlayerState.Moment;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;

/** Every system call that was made up to the moment on screen, in order, as strace prints it. */
final class TraceView extends BorderPane {

  /** Stands for all steps in the filter. */
  private static final Integer ALL = -1;

  private final UiContext ui;
  private final ObservableList<CallLine> lines = FXCollections.observableArrayList();
  private final TokenList<CallLine> list =
      new TokenList<>(lines, line -> line.tokens(ZoneId.systemDefault()));
  private final ComboBox<Integer> filter = new ComboBox<>();
  private final Button copy = new Button();
  private List<CallLine> all = List.of();

  TraceView(UiContext ui) {
    this.ui = ui;
    Label empty = new Label();
    empty.textProperty().bind(ui.message("dock.calls.empty"));
    empty.getStyleClass().add("dock-empty");
    list.setPlaceholder(empty);
    list.accessibleTextProperty().bind(ui.message("dock.calls.accessible"));
    setCenter(list);
    buildFilter();
    copy.textProperty().bind(ui.message("dock.copy"));
    copy.accessibleTextProperty().bind(ui.message("dock.calls.copy.accessible"));
    copy.getStyleClass().add("dock-tool");
    copy.setOnAction(_ -> list.copy(List.of()));
    copy.disableProperty().bind(javafx.beans.binding.Bindings.isEmpty(lines));
    ui.language().subscribe(this::relabel);
  }

  private void buildFilter() {
    filter.getStyleClass().add("dock-tool");
    filter.accessibleTextProperty().bind(ui.message("dock.calls.filter.accessible"));
    filter.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable Integer step) {
            return step == null || step.equals(ALL)
                ? ui.text("dock.calls.all")
                : ui.text("dock.calls.step", step + 1);
          }

          @Override
          public Integer fromString(String text) {
            return ALL;
          }
        });
    filter.getItems().add(ALL);
    filter.setValue(ALL);
    filter.valueProperty().subscribe(this::refill);
  }

  /** Makes the filter's words those of the new language. */
  private void relabel() {
    Integer chosen = filter.getValue();
    List<Integer> steps = List.copyOf(filter.getItems());
    filter.getItems().setAll(steps);
    filter.setValue(null);
    filter.setValue(chosen);
  }

  /** What belongs beside the tabs while this view is open. */
  List<Node> tools() {
    return List.of(filter, copy);
  }

  void show(LessonScene scene) {
    List<CallLine> found = new ArrayList<>();
    TreeSet<Integer> steps = new TreeSet<>(List.of(ALL));
    for (Moment moment : scene.moments()) {
      for (SyscallEvent call : moment.calls()) {
        found.add(new CallLine(moment.step(), call));
        steps.add(moment.step());
      }
    }
    all = found;
    List<Integer> choices = List.copyOf(steps);
    if (!choices.equals(filter.getItems())) {
      Integer chosen = filter.getValue();
      filter.getItems().setAll(choices);
      filter.setValue(chosen != null && choices.contains(chosen) ? chosen : ALL);
    }
    refill();
  }

  private void refill() {
    Integer step = filter.getValue();
    List<CallLine> wanted =
        step == null || step.equals(ALL)
            ? all
            : all.stream().filter(line -> line.step() == step).toList();
    if (append(lines, wanted) && !lines.isEmpty()) {
      list.scrollTo(lines.size() - 1);
    }
  }

  /** Adds what is new at the end; builds the list again only if it is another one. */
  private static boolean append(ObservableList<CallLine> shown, List<CallLine> wanted) {
    int count = shown.size();
    if (count <= wanted.size() && shown.equals(wanted.subList(0, count))) {
      return shown.addAll(wanted.subList(count, wanted.size()));
    }
    return shown.setAll(wanted);
  }
}
