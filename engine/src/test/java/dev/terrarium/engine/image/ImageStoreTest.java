package dev.terrarium.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.tar.TarLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Images go in, are kept by content, and come out as they were. */
class ImageStoreTest {
  @TempDir Path folder;
  private ImageStore store;

  @BeforeEach
  void open() {
    Host.requiresRoot();
    store = store("state");
  }

  private ImageStore store(String name) {
    Path state = folder.resolve(name);
    return new ImageStore(new StateFolder(state), state.resolve("beside"), true);
  }

  /** A base with two files, and a layer on top that deletes one and adds one. */
  private Image twoLayers(String reference) throws IOException {
    Path base = folder.resolve("base");
    Files.createDirectories(base.resolve("etc"));
    Files.writeString(base.resolve("etc/motd"), "welcome");
    Files.writeString(base.resolve("etc/issue"), "Debian");
    Image first =
        store.commit(
            Optional.empty(),
            ImageConfig.empty(Platform.architecture()).with("Cmd", List.of("/bin/sh")),
            base,
            path -> true,
            "the base",
            Instant.EPOCH,
            Optional.empty(),
            Progress.NONE);
    Path above = folder.resolve("above");
    Files.createDirectories(above.resolve("etc"));
    Files.writeString(above.resolve("etc/.wh.issue"), "");
    Files.writeString(above.resolve("etc/added"), "new");
    return store.commit(
        Optional.of(first),
        first.config(),
        above,
        path -> true,
        "one more",
        Instant.EPOCH,
        Optional.of(reference),
        Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesOutComesInAsItWas(ImageStore.Format format) throws IOException {
    Image image = twoLayers("team/web:1");
    Path file = folder.resolve("image.tar");
    store.export("team/web:1", file, format, Progress.NONE);
    byte[] once = Files.readAllBytes(file);
    store.export("team/web:1", file, format, Progress.NONE);
    assertThat(Files.readAllBytes(file)).as("the same bytes each time").isEqualTo(once);

    Image back = store("other").take(file, ImageStore.Import.USUAL, Progress.NONE).image();
    assertThat(back.reference()).isEqualTo("team/web:1");
    assertThat(back.config().diffIds()).isEqualTo(image.config().diffIds());
    assertThat(back.config().cmd()).containsExactly("/bin/sh");
    assertThat(back.layers().getLast().createdBy()).isEqualTo("one more");
    assertThat(back.manifest()).isEqualTo(image.manifest());
  }

  @Test
  void layersAreFoldersTopFirst() throws IOException {
    twoLayers("web");
    List<Path> folders = store.layers("web");
    assertThat(folders).hasSize(2);
    assertThat(folders.getFirst().resolve("etc/added")).hasContent("new");
    assertThat(folders.getLast().resolve("etc/motd")).hasContent("welcome");
  }

  @Test
  void aRootFileSystemBecomesAnImageOfOneLayer() throws IOException {
    Path root = folder.resolve("rootfs");
    Files.createDirectories(root.resolve("bin"));
    Files.writeString(root.resolve("bin/tool"), "#!/bin/sh\n");
    Image image = store.take(root, ImageStore.Import.USUAL, Progress.NONE).image();
    assertThat(image.reference()).isEqualTo("rootfs");
    assertThat(store.layers("rootfs").getFirst().resolve("bin/tool")).hasContent("#!/bin/sh\n");
  }

  @Test
  void aDamagedByteIsNoticedByItsDigest() throws IOException {
    twoLayers("web");
    Path file = folder.resolve("image.tar");
    store.export("web", file, ImageStore.Format.OCI, Progress.NONE);
    long size = Files.size(file);
    for (long at = 600; at < size - 1024; at += 997) {
      Path damaged = Files.copy(file, folder.resolve("damaged.tar"));
      try (RandomAccessFile raw = new RandomAccessFile(damaged.toFile(), "rw")) {
        raw.seek(at);
        int was = raw.read();
        raw.seek(at);
        raw.write(was ^ 0x55);
      }
      ImageStore other = store("other" + at);
      try {
        other.take(damaged, ImageStore.Import.USUAL, Progress.NONE);
      } catch (IOException | IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        assertThat(other.images()).isEmpty();
      }
      Files.delete(damaged);
    }
  }

  @Test
  void aCutOffArchiveIsRefused() throws IOException {
    twoLayers("web");
    Path file = folder.resolve("image.tar");
    store.export("web", file, ImageStore.Format.DOCKER, Progress.NONE);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() - 1500);
    }
    assertThatThrownBy(() -> store("other").take(file, ImageStore.Import.USUAL, Progress.NONE))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cut off");
  }

  @Test
  void saysWhichPlatformsThereAre() throws IOException {
    twoLayers("web");
    Path file = folder.resolve("layout.tar");
    store.export("web", file, ImageStore.Format.OCI, Progress.NONE);
    Path layout = folder.resolve("layout");
    Files.createDirectory(layout);
    run("tar", "-xf", file.toString(), "-C", layout.toString());
    Path index = layout.resolve("index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace(
                "\"annotations\"",
                "\"platform\":{\"os\":\"linux\",\"architecture\":\"s390x\"},\"annotations\""));
    assertThatThrownBy(() -> store("other").take(layout, ImageStore.Import.USUAL, Progress.NONE))
        .hasMessageContaining("no image for " + Platform.host())
        .hasMessageContaining("linux/s390x");
    ImageStore.Import other =
        new ImageStore.Import(Optional.empty(), Optional.empty(), "linux/s390x", TarLimits.USUAL);
    assertThat(store("other").take(layout, other, Progress.NONE).image().layers()).hasSize(2);
  }

  private static void run(String... command) throws IOException {
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aBombIsDefusedByItsLimit() throws IOException {
    Path zeros = folder.resolve("zeros");
    try (RandomAccessFile raw = new RandomAccessFile(zeros.toFile(), "rw")) {
      raw.setLength(64 << 20);
    }
    run("tar", "-czf", folder.resolve("bomb.tar.gz").toString(), "-C", folder.toString(), "zeros");
    assertThat(Files.size(folder.resolve("bomb.tar.gz"))).isLessThan(1 << 20);
    ImageStore.Import careful =
        new ImageStore.Import(
            Optional.empty(),
            Optional.empty(),
            Platform.host(),
            new TarLimits(1000, 10 << 20, 4095, 1 << 20));
    assertThatThrownBy(() -> store.take(folder.resolve("bomb.tar.gz"), careful, Progress.NONE))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("more than 10485760 bytes");
    assertThat(folder.resolve("state/beside")).isEmptyDirectory();
  }

  @Test
  void cancellingLeavesNothingUnfinished() throws IOException {
    twoLayers("web");
    Path file = folder.resolve("image.tar");
    store.export("web", file, ImageStore.Format.OCI, Progress.NONE);
    ImageStore other = store("other");
    Progress cancelled =
        (what, done, total) -> {
          throw new InterruptedIOException("cancelled");
        };
    assertThatThrownBy(() -> other.take(file, ImageStore.Import.USUAL, cancelled))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(other.images()).isEmpty();
    assertThat(folder.resolve("other/beside")).isEmptyDirectory();
  }

  @Test
  void whatNoNameNeedsIsThrownAwayAndWhatAContainerNeedsIsNot() throws IOException {
    Image image = twoLayers("web");
    List<Path> folders = store.layers("web");
    store.remove("web");
    assertThat(store.collect(Set.of(folders.getLast())))
        .anyMatch(line -> line.startsWith("blob"))
        .anyMatch(line -> line.startsWith("layer " + image.layers().getLast().chainId().hex()));
    assertThat(folders.getLast()).isDirectory();
    assertThat(folders.getFirst()).doesNotExist();
    assertThatThrownBy(() -> store.image("web"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is: lesson");
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThatThrownBy(() -> ImageStore.Import.USUAL.named("../etc"))
        .hasMessageContaining("image name \"../etc\"");
  }
}
