package dev.terrarium.app.images;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.PixelRowList;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.layer.ImageTree.Waste;
import java.util.List;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** What is stored and never seen, by which layer, and which one hides it. */
final class WastePane extends VBox {

  private final UiContext ui;
  private final ObservableList<Waste> rows = FXCollections.observableArrayList();
  private final ListView<Waste> list = new PixelRowList<>(rows);
  private final Label words = new Label();

  WastePane(UiContext ui) {
    this.ui = ui;
    getStyleClass().add("waste-pane");
    words.setWrapText(true);
    words.getStyleClass().add("pane-words");
    list.getStyleClass().add("path-list");
    list.setCellFactory(_ -> new Cell());
    list.accessibleTextProperty().bind(ui.message("images.tab.waste"));
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(words, list);
  }

  void show(Optional<ImageAnalysis> analysis) {
    rows.setAll(analysis.map(ImageAnalysis::waste).orElse(List.of()));
    words.setText(
        analysis
            .map(known ->
                known.waste().isEmpty()
                    ? ui.text("images.waste.none")
                    : ui.text(
                        "images.waste.words",
                        ByteSize.of(known.wastedBytes()),
                        known.waste().size()))
            .orElse(""));
    list.setVisible(!rows.isEmpty());
    list.refresh();
  }

  private final class Cell extends ListCell<Waste> {
    private final Label name = new Label();
    private final Label size = new Label();
    private final Label origin = new Label();
    private final HBox line = new HBox(6, name, size, origin);

    Cell() {
      getStyleClass().add("path-cell");
      setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
      name.getStyleClass().add("path-name");
      name.setMinWidth(0);
      name.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(name, Priority.ALWAYS);
      size.getStyleClass().add("path-size");
      origin.getStyleClass().add("waste-origin");
      line.setAlignment(Pos.CENTER_LEFT);
      line.getStyleClass().add("path-line");
      line.prefWidthProperty().bind(widthProperty());
    }

    @Override
    protected double computePrefWidth(double height) {
      return 0;
    }

    @Override
    protected void updateItem(@Nullable Waste waste, boolean empty) {
      super.updateItem(waste, empty);
      if (waste == null || empty) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      name.setText(waste.path().shown());
      size.setText(ByteSize.of(waste.bytes()));
      origin.setText(ui.text("images.waste.row", waste.layer() + 1, waste.hiddenBy() + 1));
      setGraphic(line);
      setAccessibleText("%s, %s, %s".formatted(name.getText(), size.getText(), origin.getText()));
    }
  }
}
