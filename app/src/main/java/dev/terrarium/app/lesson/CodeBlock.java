package dev.terrarium.app.lesson;

import dev.terrarium.app.window.UiContext;
import dev.terrarium.lessons.format.Placeholders;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/** What runs, in full, and how a person would do the same by hand. */
final class CodeBlock extends StackPane {

  /** A call's name, a flag's name, or anything else up to the next of them. */
  private static final Pattern TOKEN =
      Pattern.compile("^(?<call>[a-z_0-9]+)(?=\\()|(?<flag>\\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\\b)");

  private final UiContext ui;
  private final VBox lines = new VBox();
  private final Button copy = new Button(null, new FontIcon(MaterialDesignC.CONTENT_COPY));
  private List<String> byHand = List.of();

  CodeBlock(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("code-block");
    lines.getStyleClass().add("code-lines");
    copy.getStyleClass().add("code-copy");
    copy.setOnAction(_ -> copy());
    Tooltip tooltip = new Tooltip();
    tooltip.textProperty().bind(ui.message("code.copy"));
    copy.setTooltip(tooltip);
    copy.accessibleTextProperty().bind(ui.message("code.copy"));
    StackPane.setAlignment(copy, Pos.TOP_RIGHT);
    getChildren().addAll(lines, copy);
    managedProperty().bind(visibleProperty());
  }

  void show(LessonView view) {
    Map<String, String> values = view.state().values();
    List<String> runs =
        view.moment(view.step())
            .filter(_ -> view.hasRun())
            .map(moment -> CallSketch.recorded(view.lessonStep().actions(), moment.calls(), values))
            .filter(calls -> !calls.isEmpty())
            .orElseGet(() -> CallSketch.announced(view.lessonStep().actions(), values));
    byHand = view.lessonStep().byHand().stream().map(l -> Placeholders.fill(l, values)).toList();

    lines.getChildren().clear();
    if (!runs.isEmpty()) {
      lines.getChildren().add(comment(ui.text(view.hasRun() ? "code.ran" : "code.runs")));
      runs.forEach(line -> lines.getChildren().add(code(line)));
    }
    if (!byHand.isEmpty()) {
      lines.getChildren().add(comment(ui.text("code.by-hand")));
      byHand.forEach(line -> lines.getChildren().add(code(line)));
    }
    copy.setVisible(!byHand.isEmpty());
    setVisible(!lines.getChildren().isEmpty());
  }

  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putString(String.join("\n", byHand) + "\n");
    Clipboard.getSystemClipboard().setContent(content);
  }

  private static TextFlow comment(String text) {
    return flow("# " + text, run("# " + text, "code-comment"));
  }

  private static TextFlow code(String line) {
    TextFlow flow = flow(line);
    if (line.startsWith("#")) {
      flow.getChildren().add(run(line, "code-comment"));
      return flow;
    }
    Matcher token = TOKEN.matcher(line);
    int end = 0;
    while (token.find()) {
      if (token.start() > end) {
        flow.getChildren().add(run(line.substring(end, token.start()), "code-plain"));
      }
      flow.getChildren()
          .add(run(token.group(), token.group("call") != null ? "code-call" : "code-flag"));
      end = token.end();
    }
    if (end < line.length()) {
      flow.getChildren().add(run(line.substring(end), "code-plain"));
    }
    return flow;
  }

  private static TextFlow flow(String plain, Text... runs) {
    TextFlow flow = new TextFlow(runs);
    flow.getStyleClass().add("code-line");
    flow.setAccessibleText(plain);
    return flow;
  }

  private static Text run(String text, String style) {
    Text run = new Text(text);
    run.getStyleClass().add(style);
    return run;
  }
}
