package dev.terrarium.app.images;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.file.RawPath;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.jspecify.annotations.Nullable;

/** A path, its size, and the layer from which it comes. */
final class PathCell extends ListCell<PathRow> {

  private static final PseudoClass ADDED = PseudoClass.getPseudoClass("added");
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final PseudoClass REMOVED = PseudoClass.getPseudoClass("removed");

  private static final double INDENT = 16;

  private final UiContext ui;
  private final Label twisty = new Label();
  private final Label name = new Label();
  private final Label mode = new Label();
  private final Label size = new Label();
  private final Label origin = new Label();
  private final HBox line;

  PathCell(UiContext ui, Consumer<PathRow> toggle) {
    this.ui = ui;
    getStyleClass().add("path-cell");
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    twisty.getStyleClass().add("twisty");
    twisty.setOnMouseClicked(_ -> toggle.accept(getItem()));
    setOnMouseClicked(click -> {
      if (click.getClickCount() == 2 && getItem() != null) {
        toggle.accept(getItem());
      }
    });
    line = line(twisty, name, mode, size, origin);
    line.prefWidthProperty().bind(widthProperty());
  }

  /** The line above all others. */
  static HBox head(UiContext ui) {
    Label name = new Label();
    name.textProperty().bind(ui.message("images.column.path"));
    Label mode = new Label();
    mode.textProperty().bind(ui.message("images.column.mode"));
    Label size = new Label();
    size.textProperty().bind(ui.message("images.column.size"));
    Label origin = new Label();
    origin.textProperty().bind(ui.message("images.column.origin"));
    HBox head = line(new Label(), name, mode, size, origin);
    head.getStyleClass().add("path-head");
    return head;
  }

  private static HBox line(Label twisty, Label name, Label mode, Label size, Label origin) {
    twisty.setMinWidth(14);
    name.getStyleClass().add("path-name");
    name.setMinWidth(0);
    name.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(name, Priority.ALWAYS);
    mode.getStyleClass().add("path-mode");
    size.getStyleClass().add("path-size");
    origin.getStyleClass().add("path-origin");
    HBox line = new HBox(6, twisty, name, mode, size, origin);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("path-line");
    return line;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 0;
  }

  @Override
  protected void updateItem(@Nullable PathRow row, boolean empty) {
    super.updateItem(row, empty);
    LayerScene.Mark mark = row == null || empty ? LayerScene.Mark.NONE : row.mark();
    pseudoClassStateChanged(ADDED, mark == LayerScene.Mark.ADDED);
    pseudoClassStateChanged(CHANGED, mark == LayerScene.Mark.CHANGED);
    pseudoClassStateChanged(REMOVED, mark == LayerScene.Mark.REMOVED);
    if (row == null || empty) {
      setGraphic(null);
      setAccessibleText("");
      return;
    }
    twisty.setText(row.folder() ? row.open() ? "▾" : "▸" : "");
    HBox.setMargin(twisty, new Insets(0, 0, 0, row.depth() * INDENT));
    name.setText(shownName(row));
    mode.setText(mode(row));
    size.setText(ByteSize.of(row.size()));
    origin.setText(origin(row));
    setGraphic(line);
    setAccessibleText("%s, %s, %s".formatted(row.path().shown(), size.getText(), origin.getText()));
  }

  private static String shownName(PathRow row) {
    // What a search finds stands alone, so with its whole path.
    boolean whole = row.depth() == 0 && !row.path().parent().isRoot();
    String shown = whole ? row.path().shown() : RawPath.shown(row.path().name());
    return switch (row.entry().type()) {
      case FOLDER -> shown + "/";
      case SYMLINK -> shown + " → " + RawPath.shown(row.entry().link());
      case FILE, HARD_LINK, CHARACTER, BLOCK, FIFO -> shown;
    };
  }

  private static String mode(PathRow row) {
    char kind =
        switch (row.entry().type()) {
          case FOLDER -> 'd';
          case SYMLINK -> 'l';
          case CHARACTER -> 'c';
          case BLOCK -> 'b';
          case FIFO -> 'p';
          case FILE, HARD_LINK -> '-';
        };
    return String.format(
        Locale.ROOT,
        "%c%04o %d:%d",
        kind,
        row.entry().mode() & 07777,
        row.entry().uid(),
        row.entry().gid());
  }

  private String origin(PathRow row) {
    return switch (row.mark()) {
      case REMOVED -> ui.text("images.origin.removed", row.layer() + 1);
      case CHANGED -> ui.text("images.origin.changed", row.layer() + 1);
      case ADDED, NONE -> ui.text("images.origin", row.layer() + 1);
    };
  }
}
