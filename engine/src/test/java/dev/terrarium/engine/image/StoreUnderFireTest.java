package dev.terrarium.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store while processes are killed, cancelled, and at work on it all at once. */
@Timeout(300)
class StoreUnderFireTest {
  private static final int KILLS = Integer.getInteger("terrarium.kills", 8);

  @TempDir Path folder;
  private Path state;
  private Path file;

  /** An image of three layers with a few hundred files. */
  @BeforeEach
  void makeImage() throws IOException {
    Host.requiresRoot();
    state = folder.resolve("state");
    ImageStore maker = store(folder.resolve("maker"));
    Random random = new Random(1);
    Optional<Image> below = Optional.empty();
    for (int layer = 0; layer < 3; layer++) {
      Path root = Files.createDirectory(folder.resolve("root" + layer));
      for (int i = 0; i < 150; i++) {
        byte[] content = new byte[random.nextInt(30_000)];
        random.nextBytes(content);
        Files.write(root.resolve("file" + layer + "-" + i), content);
      }
      ImageConfig config =
          below.map(Image::config).orElseGet(() -> ImageConfig.empty(Platform.architecture()));
      below =
          Optional.of(
              maker.commit(
                  new ImageStore.Making(
                      below, config, "test", "", Instant.EPOCH, Optional.of("whole")),
                  LayerSource.all(root),
                  Progress.NONE));
    }
    file = folder.resolve("image.tar");
    maker.export("whole", file, ImageStore.Format.OCI, Progress.NONE);
  }

  private static ImageStore store(Path state) {
    return new ImageStore(new StateFolder(state), state.resolve("beside"), true);
  }

  /** Each blob is what its name says, each image has all its parts, each layer is whole. */
  private void isConsistent() throws IOException {
    Path blobs = state.resolve("images/blobs/sha256");
    if (Files.isDirectory(blobs)) {
      try (Stream<Path> all = Files.list(blobs)) {
        for (Path blob : all.toList()) {
          assertThat(Digest.of(Files.readAllBytes(blob)).hex())
              .isEqualTo(blob.getFileName().toString());
        }
      }
    }
    ImageStore store = store(state);
    for (Image image : store.images()) {
      List<Path> folders = store.folders(image);
      for (int i = 0; i < image.layers().size(); i++) {
        Path layer = folders.reversed().get(i);
        try (Stream<Path> files = Files.list(layer)) {
          assertThat(files).as(layer.toString()).hasSize(150);
        }
        assertThat(store.entries(image).get(i)).hasSize(150);
      }
    }
  }

  @Test
  void isConsistentWheneverAnImportIsKilled() throws Exception {
    Random random = new Random(7);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = StoreProcess.of(state, "import", file, "image", 1000).start();
      assertThat(process.getInputStream().readNBytes(7)).asString().isEqualTo("begins\n");
      // Not a wait for a state: any moment is as good as any other.
      boolean ended = process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
      assertThat(ended).as("it was still at work").isFalse();
      process.destroyForcibly().waitFor();
      Leftovers.sweep(new StateFolder(state));
      assertThat(state.resolve("run")).isEmptyDirectory();
      isConsistent();
    }
    var _ = store(state).take(file, ImageStore.Import.USUAL, Progress.NONE);
    isConsistent();
    store(state).collect(java.util.Set.of());
    isConsistent();
  }

  @Test
  void manyProcessesAtOnceFindItConsistent() throws Exception {
    List<Process> processes = new ArrayList<>();
    List<Path> said = new ArrayList<>();
    for (String work : List.of("import", "import", "look", "prune")) {
      Path output = folder.resolve("said" + processes.size());
      said.add(output);
      processes.add(
          StoreProcess.of(state, work, file, "image" + processes.size(), 15)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start());
    }
    for (int i = 0; i < processes.size(); i++) {
      assertThat(processes.get(i).waitFor()).as(Files.readString(said.get(i))).isZero();
    }
    isConsistent();
    ImageStore store = store(state);
    for (Image image : store.images()) {
      store.remove(image.reference());
    }
    store.collect(java.util.Set.of());
    assertThat(state.resolve("images/blobs/sha256")).isEmptyDirectory();
    assertThat(state.resolve("images/layers")).isEmptyDirectory();
  }

  @Test
  void anInterruptedThreadEndsItsWorkAndLeavesNothing() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    Progress progress =
        (what, done, total) -> {
          working.countDown();
          Progress.UNTIL_INTERRUPTED.at(what, done, total);
          Thread.onSpinWait();
        };
    for (int i = 0; i < 5; i++) {
      ImageStore store = store(state);
      FutureTask<ImageStore.Imported> task =
          new FutureTask<>(() -> store.take(file, ImageStore.Import.USUAL, progress));
      Thread thread = Thread.ofPlatform().start(task);
      working.await();
      thread.interrupt();
      try {
        var _ = task.get();
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOf(InterruptedIOException.class)
            .hasMessageContaining("interrupted");
      }
      thread.join();
      assertThat(state.resolve("beside")).isEmptyDirectory();
      isConsistent();
    }
    // And nobody else suffers from it.
    var _ = store(state).take(file, ImageStore.Import.USUAL, Progress.NONE);
    isConsistent();
  }

  @Test
  void whoIsInterruptedBeforeItBeginsDoesNothing() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () -> store(state).take(file, ImageStore.Import.USUAL, Progress.UNTIL_INTERRUPTED))
          .isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).as("it is still told").isTrue();
    }
    assertThat(store(state)).isNotNull();
  }
}
