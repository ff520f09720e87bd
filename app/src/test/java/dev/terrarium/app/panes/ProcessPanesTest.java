package dev.terrarium.app.panes;

import static dev.terrarium.app.OnScreen.await;
import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.terrarium.app.OnScreen;
import dev.terrarium.app.Rest;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.shape.CubicCurve;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessPanesTest {

  private final UiContext ui = new UiContext();
  private final ProcessPanes panes =
      fx(() -> new ProcessPanes(ui, new NameReader(Path.of("/nonexistent"))));
  private final OnScreen screen = OnScreen.show(() -> panes, 860, 500);

  @AfterEach
  void close() {
    screen.close();
  }

  private void show(LessonScene scene) {
    fx(() -> {
      panes.show(scene);
      return true;
    });
  }

  @SuppressWarnings("unchecked")
  private ListView<ProcessRow> list(String pane) {
    return (ListView<ProcessRow>) Objects.requireNonNull(panes.lookup(pane + " .process-list"));
  }

  private List<CubicCurve> curves() {
    Set<Node> all = panes.lookupAll(".link-curve");
    return all.stream().filter(Node::isVisible).map(node -> (CubicCurve) node).toList();
  }

  private LessonScene container(String device, String child) {
    return Snapshots.scene(Snapshots.host(true, device, child), true);
  }

  @Test
  void sameProcessHasItsTwoNumbersAndOneCurve() {
    show(container("0:51", "sleep 1000"));
    await("two curves", () -> curves().size() == 2);
    assertThat(fx(() -> list(".container-pane").getItems().stream().map(ProcessRow::pid).toList()))
        .containsExactly("1", "2");
    assertThat(fx(() -> list(".host-pane").getItems().stream().map(ProcessRow::pid).toList()))
        .contains("1", "8102", "8214", "8215")
        .hasSize(4 + Neighbourhood.NEIGHBOURS);
  }

  @Test
  void curvesEndAtTheMiddleOfTheirRows() {
    show(container("0:51", "sleep 1000"));
    await("two curves", () -> curves().size() == 2);
    await(
        "curves at rest on their rows",
        () -> {
          Node cell = cellOf(".container-pane", 8214);
          double y = cell.localToScene(0, cell.getBoundsInLocal().getHeight() / 2).getY();
          CubicCurve curve = curves().getFirst();
          return Math.abs(curve.localToScene(0, curve.getEndY()).getY() - y) < 1;
        });
    assertThat(fx(() -> curves().getFirst().getEndX() - curves().getFirst().getStartX()))
        .isCloseTo(22, within(6.0));
  }

  private Node cellOf(String pane, int hostPid) {
    return list(pane).lookupAll(".process-cell").stream()
        .filter(node -> node instanceof ProcessCell cell && cell.getItem() != null)
        .filter(node -> ((ProcessCell) node).getItem().hostPid() == hostPid)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void enterJumpsToTheTwin() {
    show(container("0:51", "sleep 1000"));
    ListView<ProcessRow> host = list(".host-pane");
    fx(() -> {
      host.requestFocus();
      host.getSelectionModel()
          .select(host.getItems().stream().filter(r -> r.hostPid() == 8215).findFirst().get());
      Event.fireEvent(host, key(KeyCode.ENTER));
      return true;
    });
    ListView<ProcessRow> inside = list(".container-pane");
    await("the twin has the keyboard", inside::isFocused);
    assertThat(fx(() -> inside.getSelectionModel().getSelectedItem().hostPid())).isEqualTo(8215);
  }

  private static KeyEvent key(KeyCode code) {
    return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false);
  }

  @Test
  void saysThatProcIsStillTheHosts() {
    show(container("0:22", "sleep 1000"));
    assertThat(fx(() -> list(".container-pane").getItems().size())).isEqualTo(164);
    assertThat(fx(panes::asText)).contains("device 0:22").contains("echo $$ says 1");
  }

  @Test
  void longListsRestWhereverTheyAreScrolledTo() {
    show(container("0:22", "sleep 1000"));
    // A row that changes out of sight is never forgotten by JavaFX's list: from then on, each of
    // its
    // layouts begins from nothing.
    show(container("0:22", "sleep 2000"));
    for (double pixels : new double[] {0, 7, 500.4}) {
      fx(() -> {
        VirtualFlow<?> flow = (VirtualFlow<?>) list(".container-pane").lookup(".virtual-flow");
        return flow.scrollPixels(pixels);
      });
      assertThat(Rest.of(screen.scene())).as("scrolled by " + pixels).isEqualTo(Rest.Work.NONE);
    }
  }

  @Test
  void hostileCommandLineIsSpelledOutAndClipped() {
    show(container("0:51", "a\u001b[2J\nb\u202e" + "x".repeat(100_000)));
    String shown = fx(() -> list(".container-pane").getItems().getLast().command());
    assertThat(shown).startsWith("a\\x1b[2J\\nb\\u{202e}xxx").hasSizeLessThan(320);
  }

  @Test
  void followsTheLanguageAndKeepsUnchangedRows() {
    LessonScene scene = container("0:51", "sleep 1000");
    show(scene);
    ProcessRow before = fx(() -> list(".host-pane").getItems().getFirst());
    show(scene);
    assertThat(fx(() -> list(".host-pane").getItems().getFirst())).isSameAs(before);
    fx(() -> {
      ui.language().set(Language.CHINESE);
      return true;
    });
    assertThat(fx(panes::asText)).contains("宿主机上的 8214 就是容器里的 1");
  }

  @Test
  void emptyPaneSaysWhatWillBeHere() {
    show(Snapshots.scene(Snapshots.host(false, "0:22", ""), false));
    assertThat(fx(panes::asText)).contains("No container yet");
    assertThat(fx(this::curves)).isEmpty();
  }
}
