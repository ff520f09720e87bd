package dev.terrarium.app.files;

import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.terrarium.app.files.FilesContent.Box;
import dev.terrarium.app.files.FilesContent.Chip;
import dev.terrarium.app.files.FilesContent.Look;
import dev.terrarium.app.files.FilesContent.Row;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.assets.Language;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.format.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the Files view says of layers: on the drawing and as a text. */
class FilesPanesTest {

  private static final Entry WHITEOUT = new Entry("etc/motd", Kind.WHITEOUT, 0, 71, 0);
  private static final Entry COPY = new Entry("etc/profile", Kind.FILE, 33, 72, 0);
  private static final Entry NOTES = new Entry("tmp/notes", Kind.FILE, 6, 73, 0);

  private final UiContext ui = new UiContext();

  private static Layers layers() {
    List<Entry> base = new ArrayList<>();
    base.add(new Entry("bin", Kind.FOLDER, 0, 10, 0));
    for (int i = 0; i < 9; i++) {
      base.add(new Entry("bin/tool" + i, Kind.LINK, 7, 20 + i, 0));
    }
    base.add(new Entry("etc", Kind.FOLDER, 0, 11, 0));
    base.add(new Entry("etc/motd", Kind.FILE, 26, 12, 0));
    base.add(new Entry("etc/passwd", Kind.FILE, 70, 13, 0));
    base.add(new Entry("etc/profile", Kind.FILE, 26, 14, 0));
    base.add(new Entry("tmp", Kind.FOLDER, 0, 15, 0));
    return new Layers(
        List.of(
            new Layer(
                Role.UPPER,
                0,
                "/state/upper",
                List.of(
                    new Entry("etc", Kind.FOLDER, 0, 70, 0),
                    WHITEOUT,
                    COPY,
                    new Entry("tmp", Kind.FOLDER, 0, 74, 0),
                    NOTES),
                true),
            new Layer(Role.LOWER, 1, "/state/base", base, true)));
  }

  private static LessonScene scene(Layers layers, List<Change> changes) {
    return new LessonScene(
        3,
        Optional.empty(),
        OptionalInt.of(8214),
        List.of(),
        changes,
        false,
        Optional.empty(),
        View.FILES,
        new Belongings(layers, Optional.empty()));
  }

  @Test
  void theWritableLayerShowsWhatEachChangeIs() {
    Box upper = FilesContent.of(layers()).boxes().getFirst();

    assertThat(upper.changes()).isEqualTo(3);
    assertThat(upper.chips())
        .extracting(Chip::look, Chip::path)
        .containsExactly(
            tuple(Look.WHITEOUT, "etc/motd"),
            tuple(Look.COVERS, "etc/profile"),
            tuple(Look.ADDED, "tmp/notes"));
  }

  @Test
  void whatIsHiddenIsToldOneByOneAndWhatIsManyAsANumber() {
    Box base = FilesContent.of(layers()).boxes().getLast();

    assertThat(base.chips().stream().map(FilesText::chip))
        .containsExactly("etc/motd · 26 B", "etc/profile · 26 B", "bin/ · 9", "etc/passwd");
  }

  @Test
  void theContainersTreeNamesTheLayerOfEachPath() {
    FilesContent content = FilesContent.of(layers());

    assertThat(content.rows())
        .containsExactly(
            new Row(Look.PLAIN, "bin/", 1, 9),
            new Row(Look.HIDDEN, "etc/motd", 0, 0),
            new Row(Look.PLAIN, "etc/passwd", 1, 0),
            new Row(Look.COVERS, "etc/profile", 0, 0),
            new Row(Look.ADDED, "tmp/notes", 0, 0));
  }

  @Test
  void theDifferenceThatTheStepMadeIsToldFirst() {
    LessonScene noticing = scene(layers(), List.of(new Change.EntryAdded(Role.UPPER, NOTES)));

    List<String> sentences = FilesWhy.of(noticing, ui).sentences();

    assertThat(sentences).hasSize(3);
    assertThat(sentences.getFirst()).startsWith("`upper/tmp/notes` (6 B) is in the writable layer");
    assertThat(sentences.get(1))
        .contains("character device 0:0", "layer 1", "26 B", "`etc/.wh.motd`");
    assertThat(sentences.get(2)).contains("inode 72 is seen, inode 14 is not");
  }

  @Test
  void withoutLayersItSaysSo() {
    FilesPanes panes = fx(() -> new FilesPanes(ui));
    fx(() -> {
      panes.show(scene(Layers.NONE, List.of()));
      return true;
    });

    assertThat(panes.why(scene(Layers.NONE, List.of())).otherwise()).contains("no layers");
  }

  @Test
  void theTextSaysTheSameInTheLanguageOnScreen() {
    FilesPanes panes = fx(() -> new FilesPanes(ui));
    String english =
        fx(() -> {
          panes.show(scene(layers(), List.of()));
          return panes.asText();
        });
    assertThat(english)
        .contains("etc/motd: a whiteout, character device 0:0")
        .contains("etc/motd  ←  hidden, whiteout in upper")
        .contains("etc/profile  ←  upper, covers one below");

    String chinese =
        fx(() -> {
          ui.language().set(Language.CHINESE);
          return panes.asText();
        });
    assertThat(chinese).contains("被 upper 的 whiteout 遮住").doesNotContain("hidden");
  }
}
