package dev.terrarium.app.dock;

import dev.terrarium.app.window.PixelRowList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ListCell;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;

/** A dark, virtualised list of lines made of coloured pieces; selected lines can be copied. */
final class TokenList<T> extends PixelRowList<T> {

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
      text.append(padded(token));
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

  /** Filled up with blanks to its column; the font has one width. */
  private static String padded(Token token) {
    int missing = token.columns() - DeltaLine.width(token.text());
    return token.text() + " ".repeat(Math.max(0, missing));
  }

  /**
   * One line; its texts are kept for the next. Plain texts, because labels cost twice the styling.
   */
  private final class TokenCell extends ListCell<T> {
    private final HBox line = new HBox();
    private final List<Piece> pieces = new ArrayList<>();

    TokenCell() {
      getStyleClass().add("token-cell");
      setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
      line.setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected void updateItem(@Nullable T item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      List<Token> wanted = tokens.apply(item);
      while (pieces.size() > wanted.size()) {
        pieces.removeLast();
        line.getChildren().removeLast();
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (i == pieces.size()) {
          pieces.add(new Piece());
          line.getChildren().add(pieces.get(i).text);
        }
        pieces.get(i).show(wanted.get(i));
      }
      setGraphic(line);
      setAccessibleText(text(item));
    }
  }

  /** One coloured text and what the pointer finds there. */
  private static final class Piece {
    private final Text text = new Text();
    private String hint = "";
    private @Nullable Tooltip tooltip;

    void show(Token token) {
      text.setText(padded(token));
      // To set a style class, even the same, makes JavaFX look up all styles of the text again.
      List<String> classes = List.of("mono", "token", token.kind().styleClass());
      if (!text.getStyleClass().equals(classes)) {
        text.getStyleClass().setAll(classes);
      }
      if (!hint.equals(token.hint())) {
        hint = token.hint();
        hintAt();
      }
    }

    private void hintAt() {
      if (tooltip != null) {
        Tooltip.uninstall(text, tooltip);
        tooltip = null;
      }
      if (!hint.isEmpty()) {
        tooltip = new Tooltip(hint);
        Tooltip.install(text, tooltip);
      }
    }
  }
}
