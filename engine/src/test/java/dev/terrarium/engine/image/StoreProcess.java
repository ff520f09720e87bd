package dev.terrarium.engine.image;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A process of its own that works on a store, as many do at once: {@code STATE WORK FILE NAME
 * ROUNDS}. Prints a line when it begins.
 */
final class StoreProcess {
  private StoreProcess() {}

  /** Not started yet. */
  static ProcessBuilder of(Path state, String work, Path file, String name, int rounds) {
    return new ProcessBuilder(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            StoreProcess.class.getName(),
            state.toString(),
            work,
            file.toString(),
            name,
            Integer.toString(rounds)));
  }

  public static void main(String[] words) throws IOException {
    StateFolder state = new StateFolder(Path.of(words[0]));
    state.create();
    Leftovers.sweep(state);
    try (Run run = Run.begin(state)) {
      ImageStore store =
          new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged());
      System.out.println("begins");
      for (int round = Integer.parseInt(words[4]); round > 0; round--) {
        work(store, words[1], Path.of(words[2]), words[3], new Random(round));
      }
    }
  }

  private static void work(ImageStore store, String work, Path file, String name, Random random)
      throws IOException {
    switch (work) {
      case "import" -> {
        ImageStore.Import how = ImageStore.Import.USUAL.named(name);
        Image image = store.take(file, how, Progress.NONE).image();
        // What was taken in is whole, whoever throws away what meanwhile.
        try (var _ = store.hold()) {
          if (store.folders(image).size() != image.layers().size()) {
            throw new IOException("a layer is missing");
          }
        }
        if (random.nextBoolean()) {
          store.remove(name);
        }
      }
      case "look" -> {
        try (var _ = store.hold()) {
          for (Image image : store.images()) {
            var _ = store.entries(image);
          }
        }
      }
      case "prune" -> {
        var _ = store.collect(Set.of());
      }
      default -> throw new IllegalArgumentException(work);
    }
  }
}
