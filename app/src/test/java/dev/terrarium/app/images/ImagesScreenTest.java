package dev.terrarium.app.images;

import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.app.OnScreen;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the screen says of an image in which one layer deletes what another has brought. */
class ImagesScreenTest {

  @TempDir Path folder;

  private final UiContext ui = new UiContext();
  private Optional<ImagesViewModel> model = Optional.empty();
  private Optional<OnScreen> screen = Optional.empty();
  private volatile Optional<Engine> engine = Optional.empty();

  @BeforeEach
  void open() throws IOException {
    Path state = folder.resolve("state");
    try (ImageShelf shelf = ImageShelf.open(state)) {
      Image sample =
          SampleImage.in(shelf.store(), Files.createDirectory(folder.resolve("beside")), "sample");
      assertThat(sample.layers()).hasSize(4);
    }
    ImagesViewModel opened =
        fx(() -> new ImagesViewModel(() -> ImageShelf.open(state), () -> engine));
    model = Optional.of(opened);
    screen = Optional.of(OnScreen.show(() -> new ImagesScreen(ui, opened), 1280, 660));
    OnScreen.await("the image is looked into", () -> opened.state().get().scene().isPresent());
  }

  @AfterEach
  void close() {
    screen.ifPresent(OnScreen::close);
    model.ifPresent(ImagesViewModel::close);
  }

  @Test
  void aLayerThatDeletesStoresNothingAndContributesLessThanNothing() {
    assertThat(cards())
        .extracting(LayerCard::getAccessibleText)
        .satisfiesExactly(
            top ->
                assertThat(top)
                    .startsWith("layer 4: RUN rm /opt/sdk.tar.gz")
                    .contains("stored 0 B")
                    .contains("contributes \u22121.0 MB"),
            third -> assertThat(third).contains("contributes +17 B"),
            second -> assertThat(second).contains("stored 1.0 MB").contains("contributes +1.0 MB"),
            base -> assertThat(base).startsWith("layer 1: FROM scratch"));
    assertThat(text(".layer-stack .image-note")).contains("1.0 MB stored and never seen");
  }

  @Test
  void theTreeShowsWhatTheLayerDidAndFromWhichLayerEachPathComes() {
    assertThat(row("sdk.tar.gz")).contains("hidden, in layer 2");
    choose(2);
    assertThat(row("etc/profile")).contains("layer 3, changed");
    assertThat(row("sdk.tar.gz")).contains("layer 2").doesNotContain("hidden");
    choose(1);
    assertThat(row("etc/profile")).contains("layer 1").doesNotContain("changed");
  }

  @Test
  void onlyWhatTheLayerChangedIsLeftWhenThatIsAskedFor() {
    assertThat(paths()).anyMatch(path -> path.startsWith("usr,"));
    fx(() -> {
      ((CheckBox) lookup(".tree-tools .check-box")).setSelected(true);
      return true;
    });
    OnScreen.await("the rest is gone", () -> paths().size() == 2);
    assertThat(paths().getFirst()).startsWith("opt,");
    assertThat(paths().getLast()).startsWith("opt/sdk.tar.gz,");
  }

  @Test
  void aSearchFindsPathsInClosedFolders() {
    fx(() -> {
      ((TextField) lookup(".tree-tools .pane-search")).setText("GREET");
      return true;
    });
    OnScreen.await("it is found", () -> paths().size() == 1);
    assertThat(paths().getFirst()).startsWith("usr/bin/greet,");
  }

  @Test
  void aSelectedFileShowsWhatItsLayerHasInIt() {
    fx(() -> {
      ((TextField) lookup(".tree-tools .pane-search")).setText("motd");
      return true;
    });
    OnScreen.await("it is found", () -> paths().size() == 1);
    fx(() -> {
      ((ListView<?>) lookup(".tree-pane .path-list")).getSelectionModel().select(0);
      return true;
    });
    OnScreen.await(
        "its content is shown",
        () -> ((TextArea) lookup(".preview-text")).getText().contains("Welcome to the terrarium"));
  }

  @Test
  void aChangedFileShowsWhatTheLayerChangedInIt() {
    choose(2);
    row("etc/profile");
    fx(() -> {
      ListView<?> list = (ListView<?>) lookup(".tree-pane .path-list");
      for (int i = 0; i < list.getItems().size(); i++) {
        if (((PathRow) list.getItems().get(i)).path().shown().equals("etc/profile")) {
          list.getSelectionModel().select(i);
        }
      }
      return true;
    });
    OnScreen.await(
        "the difference is shown",
        () -> ((TextArea) lookup(".preview-text")).getText().contains("+export EDITOR=vi"));
  }

  @Test
  void aContainerIsStartedFromTheFirstLayersOnly() throws Exception {
    choose(1);
    try (Engine live = Engine.open(folder.resolve("state"), fact -> {})) {
      engine = Optional.of(live);
      choose(2);
      Button trial = (Button) seen(() -> lookup(".stack-foot .import-button"));
      OnScreen.await("it is offered", () -> !trial.isDisabled());
      assertThat(seen(trial::getText)).isEqualTo("Start a container from layers 1 to 3");
      fx(() -> {
        trial.fire();
        return true;
      });
      OnScreen.await(
          "there is no shell in this image, and the screen says so",
          () -> text(".image-problem").contains("/bin/sh"));
      engine = Optional.empty();
    }
  }

  @Test
  void theWasteIsNamedWithTheLayerThatHidesIt() {
    fx(() -> {
      ((TabPane) lookup(".image-tabs")).getSelectionModel().select(1);
      return true;
    });
    OnScreen.await("the tab is shown", () -> lookup(".waste-pane .path-cell") != null);
    assertThat(text(".waste-pane .pane-words")).contains("1.0 MB in 2 files");
    assertThat(seen(() -> lookup(".waste-pane .path-cell").getAccessibleText()))
        .isEqualTo("opt/sdk.tar.gz, 1.0 MB, stored in layer 2, hidden by layer 4");
  }

  @Test
  void whatIsNoImageIsRefusedInOneSentenceAndNothingIsAdded() throws IOException {
    Path wrong = Files.writeString(folder.resolve("notes.txt"), "no image");
    fx(() -> {
      model.orElseThrow().take(wrong);
      return true;
    });
    OnScreen.await("it is refused", () -> text(".image-problem").startsWith("That did not work: "));
    assertThat(model.orElseThrow().state().get().images())
        .extracting(Image::reference)
        .containsExactly("sample");
  }

  /** Up to that layer, counted from 0. */
  private void choose(int layer) {
    fx(() -> {
      cards().get(cards().size() - 1 - layer).fire();
      return true;
    });
    OnScreen.await(
        "layer " + layer + " is shown",
        () ->
            model
                .orElseThrow()
                .state()
                .get()
                .scene()
                .filter(now -> now.layer() == layer)
                .isPresent());
  }

  private List<LayerCard> cards() {
    Set<Node> found = screen.orElseThrow().scene().getRoot().lookupAll(".layer-card");
    return found.stream().map(LayerCard.class::cast).toList();
  }

  /** The lines of the tree as a screen reader says them. */
  private List<String> paths() {
    return seen(() ->
        screen.orElseThrow().scene().getRoot().lookupAll(".tree-pane .path-cell").stream()
            .map(Node::getAccessibleText)
            .filter(text -> text != null && !text.isEmpty())
            .toList());
  }

  private String row(String end) {
    OnScreen.await(
        end + " is in the tree", () -> paths().stream().anyMatch(path -> path.contains(end)));
    return paths().stream().filter(path -> path.contains(end)).findFirst().orElseThrow();
  }

  private String text(String selector) {
    return seen(() -> ((Label) lookup(selector)).getText());
  }

  /** Also from within an await, which is on the JavaFX thread already. */
  private static <T> T seen(Callable<T> look) {
    try {
      return Platform.isFxApplicationThread() ? look.call() : fx(look);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Node lookup(String selector) {
    return screen.orElseThrow().scene().getRoot().lookup(selector);
  }
}
