package dev.terrarium.app.files;

import dev.terrarium.app.files.FilesContent.Look;
import dev.terrarium.app.files.FilesContent.Row;
import java.util.Locale;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableDoubleValue;
import javafx.css.PseudoClass;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** A path that the container sees, or no longer sees, and the layer it comes from. */
final class RowCell extends ListCell<Row> {

  private static final PseudoClass HIDDEN = PseudoClass.getPseudoClass("hidden");

  /** Of the width of a row, for the path. */
  private static final double PATH_SHARE = 0.5;

  private final Function<Row, String> origin;
  private final Label path = new Label();
  private final Label from = new Label();
  private final HBox line = new HBox(path, from);

  RowCell(Function<Row, String> origin) {
    this.origin = origin;
    getStyleClass().add("file-row");
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    columns(line, path, from, widthProperty());
  }

  /** The line above all others. */
  static HBox head(Label path, Label from, ObservableDoubleValue width) {
    HBox head = new HBox(path, from);
    head.getStyleClass().add("file-rows-head");
    columns(head, path, from, width);
    return head;
  }

  private static void columns(HBox line, Label path, Label from, ObservableDoubleValue width) {
    line.getStyleClass().add("file-row-line");
    path.getStyleClass().add("file-row-path");
    from.getStyleClass().add("file-row-from");
    path.setMinWidth(Region.USE_PREF_SIZE);
    from.setMinWidth(0);
    path.prefWidthProperty()
        .bind(Bindings.createDoubleBinding(() -> Math.floor(width.get() * PATH_SHARE), width));
  }

  @Override
  protected double computePrefWidth(double height) {
    return 0;
  }

  @Override
  protected void updateItem(@Nullable Row row, boolean empty) {
    super.updateItem(row, empty);
    Look look = row == null || empty ? Look.PLAIN : row.look();
    pseudoClassStateChanged(HIDDEN, look == Look.HIDDEN);
    from.getStyleClass().removeIf(style -> style.startsWith("look-"));
    if (row == null || empty) {
      setGraphic(null);
      setAccessibleText("");
      return;
    }
    from.getStyleClass().add("look-" + look.name().toLowerCase(Locale.ROOT));
    path.setText(FilesText.path(row));
    from.setText(origin.apply(row));
    setGraphic(line);
    setAccessibleText(FilesText.path(row) + ", " + from.getText());
  }
}
