package dev.terrarium.app.images;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.PixelRowList;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.image.Image;
import java.io.File;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

/** The images of the store, and how another one gets there: a button, or a file dropped here. */
final class ImageList extends VBox {

  private static final PseudoClass DROPPING = PseudoClass.getPseudoClass("dropping");

  private final UiContext ui;
  private final ImagesViewModel model;
  private final ObservableList<Image> images = FXCollections.observableArrayList();
  private final ListView<Image> list = new PixelRowList<>(images);
  private final Button importing = new Button();
  private final Label work = new Label();
  private final ProgressBar progress = new ProgressBar();
  private final VBox working = new VBox();
  private boolean showing;

  ImageList(UiContext ui, ImagesViewModel model) {
    this.ui = ui;
    this.model = model;
    getStyleClass().add("image-list");
    Label title = new Label();
    title.textProperty().bind(ui.message("images.title"));
    title.getStyleClass().add("section-title");
    list.getStyleClass().add("images");
    list.setCellFactory(_ -> new Cell());
    list.accessibleTextProperty().bind(ui.message("images.title"));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(image -> {
          if (image != null && !showing) {
            model.select(image);
          }
        });
    VBox.setVgrow(list, Priority.ALWAYS);
    importing.setGraphic(new FontIcon(MaterialDesignT.TRAY_ARROW_DOWN));
    importing.textProperty().bind(ui.message("images.import"));
    importing.accessibleTextProperty().bind(ui.message("images.import"));
    importing.getStyleClass().add("import-button");
    importing.setMaxWidth(Double.MAX_VALUE);
    importing.setOnAction(_ -> chooseFile());
    Label hint = new Label();
    hint.textProperty().bind(ui.message("images.drop"));
    hint.setWrapText(true);
    hint.getStyleClass().add("image-note");
    buildWorking();
    getChildren().addAll(title, list, working, importing, hint);
    setOnDragOver(this::over);
    setOnDragExited(_ -> pseudoClassStateChanged(DROPPING, false));
    setOnDragDropped(this::dropped);
    model.state().subscribe(this::draw);
  }

  private void buildWorking() {
    Button cancel = new Button();
    cancel.textProperty().bind(ui.message("images.cancel"));
    cancel.accessibleTextProperty().bind(ui.message("images.cancel"));
    cancel.getStyleClass().setAll("link-button");
    cancel.setMinWidth(Region.USE_PREF_SIZE);
    cancel.setOnAction(_ -> model.cancel());
    work.getStyleClass().add("image-note");
    work.setMinWidth(0);
    work.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(work, Priority.ALWAYS);
    HBox line = new HBox(4, work, cancel);
    line.setAlignment(Pos.CENTER_LEFT);
    progress.setMaxWidth(Double.MAX_VALUE);
    working.getChildren().addAll(line, progress);
    working.getStyleClass().add("image-working");
    working.managedProperty().bind(working.visibleProperty());
  }

  private void draw(ImagesState state) {
    showing = true;
    if (!images.equals(state.images())) {
      images.setAll(state.images());
    }
    state.selected().ifPresent(image -> list.getSelectionModel().select(image));
    showing = false;
    working.setVisible(state.work().isPresent());
    importing.setDisable(state.work().isPresent());
    state
        .work()
        .ifPresent(now -> {
          work.setText(now.what());
          progress.setProgress(
              now.total() > 0
                  ? (double) now.done() / now.total()
                  : ProgressBar.INDETERMINATE_PROGRESS);
        });
    if (state.work().isEmpty()) {
      // An indeterminate bar goes on moving, and so painting, where nobody sees it.
      progress.setProgress(0);
    }
  }

  private void chooseFile() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(ui.text("images.import"));
    chooser
        .getExtensionFilters()
        .setAll(
            new FileChooser.ExtensionFilter(
                ui.text("images.archives"), "*.tar", "*.tar.gz", "*.tgz", "*.tar.zst"),
            new FileChooser.ExtensionFilter(ui.text("images.all-files"), "*"));
    @Nullable File file = chooser.showOpenDialog(getScene().getWindow());
    if (file != null) {
      model.take(file.toPath());
    }
  }

  private void over(DragEvent event) {
    if (event.getDragboard().hasFiles() && model.state().get().work().isEmpty()) {
      event.acceptTransferModes(TransferMode.COPY);
      pseudoClassStateChanged(DROPPING, true);
    }
    event.consume();
  }

  private void dropped(DragEvent event) {
    List<File> files = event.getDragboard().getFiles();
    if (files.size() == 1) {
      model.take(files.getFirst().toPath());
    }
    event.setDropCompleted(files.size() == 1);
    event.consume();
  }

  private final class Cell extends ListCell<Image> {
    private final Label name = new Label();
    private final Label facts = new Label();
    private final VBox lines = new VBox(name, facts);

    Cell() {
      getStyleClass().add("image-cell");
      name.getStyleClass().add("image-name");
      facts.getStyleClass().add("image-note");
      setGraphic(lines);
    }

    @Override
    protected double computePrefWidth(double height) {
      return 0;
    }

    @Override
    protected void updateItem(@Nullable Image image, boolean empty) {
      super.updateItem(image, empty);
      lines.setVisible(!empty);
      if (image != null) {
        name.setText(image.reference());
        facts.setText(
            ui.text("images.facts", image.layers().size(), ByteSize.of(image.storedBytes())));
        setAccessibleText(name.getText() + ", " + facts.getText());
      }
    }
  }
}
