package dev.terrarium.app.lesson;

import dev.terrarium.lessons.format.Placeholders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.parser.Parser;

/**
 * Draws a lesson's prose: Markdown in, JavaFX nodes out. {@code {{name}}} becomes the live value of
 * that name, after parsing, so that a value is never mistaken for markup.
 */
final class Markdown {

  private static final Parser PARSER = Parser.builder().build();

  /** Longer code is set without a box, because a box cannot break across lines. */
  private static final int LONGEST_BOXED_CODE = 28;

  private final Map<String, String> values;

  private Markdown(Map<String, String> values) {
    this.values = values;
  }

  /** The blocks of a text, one node each. */
  static List<Node> blocks(String markdown, Map<String, String> values) {
    return new Markdown(values).blocks(PARSER.parse(markdown));
  }

  /** The text without its markup, for a screen reader or a control that shows plain text. */
  static String plain(String markdown, Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    new Markdown(values).appendPlain(PARSER.parse(markdown), text);
    return text.toString().strip();
  }

  private List<Node> blocks(org.commonmark.node.Node parent) {
    List<Node> nodes = new ArrayList<>();
    for (var child = parent.getFirstChild(); child != null; child = child.getNext()) {
      nodes.add(block(child));
    }
    return nodes;
  }

  private Node block(org.commonmark.node.Node block) {
    return switch (block) {
      case BulletList list -> list(list, false);
      case OrderedList list -> list(list, true);
      case BlockQuote quote -> styled(new VBox(8, array(blocks(quote))), "md-quote");
      case FencedCodeBlock code -> codeBlock(code.getLiteral());
      case IndentedCodeBlock code -> codeBlock(code.getLiteral());
      case Heading heading -> styled(flow(heading), "md-heading");
      default -> flow(block);
    };
  }

  private Node codeBlock(String literal) {
    Label label = new Label(Placeholders.fill(literal.stripTrailing(), values));
    label.setWrapText(true);
    label.setMaxWidth(Double.MAX_VALUE);
    return styled(label, "md-code-block");
  }

  private Node list(org.commonmark.node.Node list, boolean numbered) {
    VBox items = new VBox();
    int number = 1;
    for (var item = list.getFirstChild(); item != null; item = item.getNext()) {
      if (item instanceof ListItem) {
        Label marker = new Label(numbered ? number + "." : "•");
        marker.getStyleClass().add("md-marker");
        VBox body = new VBox(4, array(blocks(item)));
        HBox.setHgrow(body, Priority.ALWAYS);
        items.getChildren().add(new HBox(marker, body));
        number++;
      }
    }
    return styled(items, "md-list");
  }

  private TextFlow flow(org.commonmark.node.Node block) {
    TextFlow flow = new TextFlow();
    flow.getStyleClass().add("md-text");
    appendInline(block, "md-run", flow);
    StringBuilder plain = new StringBuilder();
    appendPlain(block, plain);
    flow.setAccessibleText(plain.toString().strip());
    return flow;
  }

  private void appendInline(org.commonmark.node.Node parent, String style, TextFlow flow) {
    for (var child = parent.getFirstChild(); child != null; child = child.getNext()) {
      switch (child) {
        case org.commonmark.node.Text text -> flow.getChildren().add(run(text.getLiteral(), style));
        case StrongEmphasis strong -> appendInline(strong, "md-strong", flow);
        case Emphasis emphasis -> appendInline(emphasis, "md-emphasis", flow);
        case Code code -> flow.getChildren().add(inlineCode(code.getLiteral()));
        case SoftLineBreak _ -> flow.getChildren().add(run(" ", style));
        case HardLineBreak _ -> flow.getChildren().add(run("\n", style));
        default -> appendInline(child, style, flow);
      }
    }
  }

  private Node inlineCode(String literal) {
    String code = Placeholders.fill(literal, values);
    if (code.length() > LONGEST_BOXED_CODE) {
      return run(code, "md-code-run");
    }
    return styled(new Label(code), "md-code");
  }

  private Text run(String literal, String style) {
    Text text = new Text(Placeholders.fill(literal, values));
    text.getStyleClass().add(style);
    return text;
  }

  private void appendPlain(org.commonmark.node.Node parent, StringBuilder text) {
    for (var child = parent.getFirstChild(); child != null; child = child.getNext()) {
      switch (child) {
        case org.commonmark.node.Text run ->
            text.append(Placeholders.fill(run.getLiteral(), values));
        case Code code -> text.append(Placeholders.fill(code.getLiteral(), values));
        case FencedCodeBlock code -> text.append(Placeholders.fill(code.getLiteral(), values));
        case IndentedCodeBlock code -> text.append(Placeholders.fill(code.getLiteral(), values));
        case SoftLineBreak _, HardLineBreak _ -> text.append(' ');
        default -> appendPlain(child, text);
      }
      if (child instanceof Paragraph) {
        text.append(' ');
      }
    }
  }

  private static Node styled(Node node, String style) {
    node.getStyleClass().add(style);
    return node;
  }

  private static Node[] array(List<Node> nodes) {
    return nodes.toArray(Node[]::new);
  }
}
