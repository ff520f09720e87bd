package dev.terrarium.engine.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.compare.Comparison.Content;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.image.Platform;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images, and what came upon a layer, side by side. */
class ComparisonTest {
  @TempDir Path folder;
  private ImageStore store;
  private int made;

  @BeforeEach
  void open() {
    Host.requiresRoot();
    Path state = folder.resolve("state");
    store = new ImageStore(new StateFolder(state), state.resolve("beside"), true);
  }

  private interface Filling {
    void into(Path root) throws IOException;
  }

  /** All times are the same, as builders make them who want the same bytes each time. */
  private Image image(String name, Optional<Image> base, Filling filling) throws IOException {
    Path root = Files.createDirectory(folder.resolve("root" + made++));
    filling.into(root);
    try (var all = Files.walk(root)) {
      for (Path path : all.toList().reversed()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
      }
    }
    ImageConfig config =
        base.map(Image::config).orElseGet(() -> ImageConfig.empty(Platform.architecture()));
    return store.commit(
        new ImageStore.Making(base, config, "test", "", Instant.EPOCH, Optional.of(name)),
        LayerSource.all(root),
        Progress.NONE);
  }

  private Side side(String words) throws IOException {
    return Side.of(words, store, Overlay.TRUSTED);
  }

  private List<String> paths(String first, String second) throws IOException {
    try (Side a = side(first);
        Side b = side(second)) {
      return new Comparison(a, b)
          .paths().stream()
              .map(change -> change.kind().name().charAt(0) + " " + change.path())
              .toList();
    }
  }

  private Content content(String first, String second, String path) throws IOException {
    try (Side a = side(first);
        Side b = side(second)) {
      return new Comparison(a, b).content(RawPath.of(path));
    }
  }

  private void two() throws IOException {
    Image base =
        image(
            "one",
            Optional.empty(),
            root -> {
              Files.writeString(root.resolve("text"), "a\nb\nc\n");
              Files.writeString(root.resolve("same"), "same\n");
              Files.write(root.resolve("binary"), new byte[] {0, 1, 2});
              Files.createSymbolicLink(root.resolve("link"), Path.of("text"));
            });
    var _ =
        image(
            "two",
            Optional.of(base),
            root -> {
              Files.writeString(root.resolve("text"), "a\nB\nc\n");
              Files.writeString(root.resolve("same"), "same\n");
              Files.write(root.resolve("binary"), new byte[] {0, 1, 3});
              Files.createSymbolicLink(root.resolve("link"), Path.of("same"));
              Files.writeString(root.resolve("fresh"), "without an end");
            });
  }

  @Test
  void contentOfTheSameSizeAndTimeIsToldApart() throws IOException {
    two();
    assertThat(paths("one", "two"))
        .containsExactlyInAnyOrder("C text", "C binary", "C link", "A fresh");
    assertThat(paths("two", "two")).isEmpty();
  }

  @Test
  void aLayerIsWhatComesUponTheOnesBelow() throws IOException {
    two();
    assertThat(paths("two#1", "two#2")).isEqualTo(paths("one", "two"));
    assertThatThrownBy(() -> side("two#3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two has 1 to 2");
  }

  @Test
  void textIsComparedLineByLine() throws IOException {
    two();
    assertThat(content("one", "two", "/text"))
        .isEqualTo(
            new Content.Text(
                List.of(
                    "--- one /text", "+++ two /text", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c")));
    assertThat(content("one", "two", "/fresh"))
        .isEqualTo(
            new Content.Text(
                List.of(
                    "--- /dev/null",
                    "+++ two /fresh",
                    "@@ -0,0 +1,1 @@",
                    "+without an end\n\\ No newline at end of file")));
  }

  @Test
  void whatIsNoTextIsSaidToBeNone() throws IOException {
    two();
    assertThat(content("one", "two", "/same")).isEqualTo(new Content.Same());
    assertThat(content("one", "two", "/binary"))
        .isEqualTo(new Content.Other("a binary file of 3 bytes", "a binary file of 3 bytes"));
    assertThat(content("one", "two", "/link"))
        .isEqualTo(new Content.Other("a symbolic link to text", "a symbolic link to same"));
    assertThatThrownBy(() -> content("one", "two", "/nowhere"))
        .hasMessageContaining("neither one nor two has it");
  }
}
