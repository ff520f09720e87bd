package dev.terrarium.app.dock;

import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.play.PlayerState.Moment;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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

/**
 * Every system call that was made up to the moment on screen, in order, as strace prints it: the
 * engine's, and among them those that the container's own programs were heard to make.
 */
final class TraceView extends BorderPane {

  /** Stands for all steps in the filter. */
  private static final Integer ALL = -1;

  private final UiContext ui;
  private final ObservableList<TraceLine> lines = FXCollections.observableArrayList();
  private final TokenList<TraceLine> list = new TokenList<>(lines, this::tokens);
  private final Label legend = new Label();
  private final ComboBox<Integer> filter = new ComboBox<>();
  private final Button copy = new Button();
  private List<TraceLine> all = List.of();

  TraceView(UiContext ui) {
    this.ui = ui;
    Label empty = new Label();
    empty.textProperty().bind(ui.message("dock.calls.empty"));
    empty.getStyleClass().add("dock-empty");
    list.setPlaceholder(empty);
    list.accessibleTextProperty().bind(ui.message("dock.calls.accessible"));
    setCenter(list);
    buildFilter();
    legend.textProperty().bind(ui.message("dock.calls.own"));
    legend.getStyleClass().add("dock-legend");
    legend.setVisible(false);
    legend.managedProperty().bind(legend.visibleProperty());
    legend.setMaxWidth(Double.MAX_VALUE);
    setBottom(legend);
    copy.textProperty().bind(ui.message("dock.copy"));
    copy.accessibleTextProperty().bind(ui.message("dock.calls.copy.accessible"));
    copy.getStyleClass().add("dock-tool");
    copy.setOnAction(_ -> list.copy(List.of()));
    copy.disableProperty().bind(javafx.beans.binding.Bindings.isEmpty(lines));
    ui.language().subscribe(this::relabel);
  }

  private List<Token> tokens(TraceLine line) {
    return switch (line) {
      case CallLine made -> made.tokens(ZoneId.systemDefault());
      case HeardLine heard ->
          heard.tokens(
              ZoneId.systemDefault(),
              ui.text("dock.calls.own.hint"),
              ui.text("dock.calls.own.result"));
    };
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
    List<TraceLine> found = new ArrayList<>();
    TreeSet<Integer> steps = new TreeSet<>(List.of(ALL));
    for (Moment moment : scene.moments()) {
      List<TraceLine> ofMoment = lines(moment);
      if (!ofMoment.isEmpty()) {
        steps.add(moment.step());
      }
      found.addAll(ofMoment);
    }
    all = found;
    legend.setVisible(all.stream().anyMatch(HeardLine.class::isInstance));
    List<Integer> choices = List.copyOf(steps);
    if (!choices.equals(filter.getItems())) {
      Integer chosen = filter.getValue();
      filter.getItems().setAll(choices);
      filter.setValue(chosen != null && choices.contains(chosen) ? chosen : ALL);
    }
    refill();
  }

  /** Both kinds in the order in which they happened. */
  private static List<TraceLine> lines(Moment moment) {
    List<TraceLine> lines = new ArrayList<>();
    Iterator<HeardCall> heard = moment.heard().iterator();
    Optional<HeardCall> next = next(heard);
    for (SyscallEvent call : moment.calls()) {
      while (next.isPresent() && next.get().at().isBefore(call.at())) {
        lines.add(new HeardLine(moment.step(), next.get()));
        next = next(heard);
      }
      lines.add(new CallLine(moment.step(), call));
    }
    while (next.isPresent()) {
      lines.add(new HeardLine(moment.step(), next.get()));
      next = next(heard);
    }
    return lines;
  }

  private static Optional<HeardCall> next(Iterator<HeardCall> heard) {
    return heard.hasNext() ? Optional.of(heard.next()) : Optional.empty();
  }

  private void refill() {
    Integer step = filter.getValue();
    List<TraceLine> wanted =
        step == null || step.equals(ALL)
            ? all
            : all.stream().filter(line -> line.step() == step).toList();
    if (append(lines, wanted) && !lines.isEmpty()) {
      list.scrollTo(lines.size() - 1);
    }
  }

  /** Adds what is new at the end; builds the list again only if it is another one. */
  private static boolean append(ObservableList<TraceLine> shown, List<TraceLine> wanted) {
    int count = shown.size();
    if (count <= wanted.size() && shown.equals(wanted.subList(0, count))) {
      return shown.addAll(wanted.subList(count, wanted.size()));
    }
    return shown.setAll(wanted);
  }
}
