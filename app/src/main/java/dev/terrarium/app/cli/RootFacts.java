package dev.terrarium.app.cli;

import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Union;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.text.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a root file system says of the programs that are to run on it.
 *
 * @param config the image's, if it is one
 * @param layers its folders, top first
 */
record RootFacts(Optional<ImageConfig> config, List<Path> layers) {
  /** Of passwd and group, in bytes; a longer one is cut. */
  private static final int MOST = 1 << 20;

  /**
   * Finds them.
   *
   * @throws Failure if there is no such image
   */
  static RootFacts of(Root root) throws IOException {
    return switch (root) {
      case Root.Host ignored -> new RootFacts(Optional.empty(), List.of(Path.of("/")));
      case Root.Folder folder -> new RootFacts(Optional.empty(), List.of(folder.rootfs()));
      case Root.Image image -> ofImage(image.reference());
    };
  }

  private static RootFacts ofImage(String reference) throws IOException {
    StateFolder state = StateFolder.standard();
    try (Run run = Run.begin(state)) {
      ImageStore store =
          new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged());
      Image image = image(store, reference);
      return new RootFacts(Optional.of(image.config()), store.layers(reference));
    }
  }

  private static Image image(ImageStore store, String reference) throws IOException {
    try {
      return store.image(reference);
    } catch (IllegalArgumentException e) {
      throw Failure.of(e.getMessage() + Nearest.question(reference, store.references()), e);
    }
  }

  /** Of a process that runs. */
  static RootFacts ofProcess(int pid) {
    return new RootFacts(
        Optional.empty(), List.of(Path.of("/proc", Integer.toString(pid), "root")));
  }

  /** Who is who there; nobody is anybody where the files are missing, or links. */
  Accounts accounts() {
    try (RawFiles files = new RawFiles();
        Union union = new Union(files, layers, Overlay.of(Rights.current().privileged()))) {
      return Accounts.of(text(union, "etc/passwd"), text(union, "etc/group"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Union union, String path) throws IOException {
    return union
        .read(RawPath.of(path), MOST)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }
}
