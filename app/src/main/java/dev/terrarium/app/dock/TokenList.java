package dev.terrarium.app.dock;

import java.util.List;
import java.util.function.Function;
import javafx.collections.ObservableList;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;

/** A dark, virtualised list of lines made of coloured pieces; selected lines can be copied. */
final class TokenList<T> extends ListView<T> {

  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final Function<T, List<Token>> tokens;

  TokenList(ObservableList<T> lines, Function<T, List<Token>> tokens) {
    super(lines);
    this.tokens = tokens;
    getStyleClass().addAll("token-list", "dark-scroll");
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    setCellFactory(_ -> new TokenCell());
    setOnKeyPressed(event -> {
      if (COPY.match(event)) {
        copy(getSelectionModel().getSelectedItems());
        event.consume();
      }
    });
  }

  /** A line as plain text. */
  String text(T line) {
    StringBuilder text = new StringBuilder();
    for (Token token : tokens.apply(line)) {
      int missing = token.columns() - DeltaLine.width(token.text());
      text.append(token.text()).append(" ".repeat(Math.max(0, missing)));
    }
    return text.toString().stripTrailing();
  }

  /** Puts those lines, or all of them if there are none, on the clipboard. */
  void copy(List<T> lines) {
    StringBuilder text = new StringBuilder();
    for (T line : lines.isEmpty() ? getItems() : lines) {
      text.append(text(line)).append('\n');
    }
    ClipboardContent content = new ClipboardContent();
    content.putString(text.toString());
    Clipboard.getSystemClipboard().setContent(content);
  }

  /** One line; its labels are kept for the next. */
  private final class TokenCell extends ListCell<T> {
    private final HBox line = new HBox();
    private Font font = Font.getDefault();
    private double characterWidth = 7.6;

    TokenCell() {
      getStyleClass().add("token-cell");
      setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    }

    @Override
    protected void updateItem(@Nullable T item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      List<Token> pieces = tokens.apply(item);
      while (line.getChildren().size() > pieces.size()) {
        line.getChildren().removeLast();
      }
      for (int i = 0; i < pieces.size(); i++) {
        if (i == line.getChildren().size()) {
          line.getChildren().add(new Label());
        }
        fill((Label) line.getChildren().get(i), pieces.get(i));
      }
      setGraphic(line);
      setAccessibleText(text(item));
    }

    private double characterWidth(Label label) {
      if (!label.getFont().equals(font)) {
        font = label.getFont();
        Text ruler = new Text("0000000000");
        ruler.setFont(font);
        characterWidth = ruler.getLayoutBounds().getWidth() / 10;
      }
      return characterWidth;
    }

    private void fill(Label label, Token token) {
      label.setText(token.text());
      label.setMinWidth(
          token.columns() == 0 ? USE_PREF_SIZE : token.columns() * characterWidth(label));
      // To set a style class, even the same, makes JavaFX look up all styles of the label again.
      List<String> classes = List.of("mono", "token", token.kind().styleClass());
      if (!label.getStyleClass().equals(classes)) {
        label.getStyleClass().setAll(classes);
      }
      Tooltip present = label.getTooltip();
      String hint = present == null ? "" : present.getText();
      if (!hint.equals(token.hint())) {
        label.setTooltip(token.hint().isEmpty() ? null : new Tooltip(token.hint()));
      }
    }
  }
}
