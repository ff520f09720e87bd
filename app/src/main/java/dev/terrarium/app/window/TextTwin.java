package dev.terrarium.app.window;

import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * A text that says the same as a drawing and can be put in its place: for screen readers, and to be
 * copied.
 */
public final class TextTwin extends VBox {

  private final UiContext ui;
  private final Supplier<String> words;
  private final TextArea text = new TextArea();
  private Runnable onChange = () -> {};

  /**
   * Hidden at first.
   *
   * @param words what the drawing says now
   */
  public TextTwin(UiContext ui, Supplier<String> words) {
    this.ui = ui;
    this.words = words;
    text.setEditable(false);
    text.getStyleClass().addAll("mono", "text-twin-area");
    text.accessibleTextProperty().bind(ui.message("panes.text.accessible"));
    Button back = tool("panes.text.hide", () -> show(false));
    Button copy = tool("panes.text.copy", this::copy);
    HBox tools = new HBox(back, copy);
    tools.getStyleClass().add("text-twin-tools");
    getChildren().addAll(tools, text);
    getStyleClass().add("text-twin");
    setVisible(false);
    VBox.setVgrow(text, Priority.ALWAYS);
  }

  private Button tool(String key, Runnable action) {
    Button button = new Button();
    button.textProperty().bind(ui.message(key));
    button.getStyleClass().add("small");
    button.setOnAction(_ -> action.run());
    return button;
  }

  /** Puts itself in place of those nodes when it is shown, and gives the keyboard back to one. */
  public void replaces(Node keyboard, Node... drawing) {
    onChange =
        () -> {
          for (Node node : drawing) {
            node.setVisible(!isVisible());
          }
          (isVisible() ? text : keyboard).requestFocus();
        };
  }

  /** A small button that puts it in the drawing's place. */
  public Button opener() {
    Button button = new Button("≡");
    button.getStyleClass().setAll("icon-button");
    button.accessibleTextProperty().bind(ui.message("panes.text.show"));
    Tooltip tip = new Tooltip();
    tip.textProperty().bind(ui.message("panes.text.show"));
    button.setTooltip(tip);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(_ -> show(true));
    return button;
  }

  /** A menu for the drawing. */
  public ContextMenu menu() {
    MenuItem show = new MenuItem();
    show.textProperty().bind(ui.message("panes.text.show"));
    show.setOnAction(_ -> show(true));
    MenuItem copy = new MenuItem();
    copy.textProperty().bind(ui.message("panes.text.copy"));
    copy.setOnAction(_ -> copy());
    return new ContextMenu(show, copy);
  }

  /** The drawing has changed. */
  public void refresh() {
    if (isVisible()) {
      double scrolled = text.getScrollTop();
      text.setText(words.get());
      text.setScrollTop(scrolled);
    }
  }

  private void show(boolean asText) {
    setVisible(asText);
    refresh();
    onChange.run();
  }

  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putString(words.get());
    Clipboard.getSystemClipboard().setContent(content);
  }
}
