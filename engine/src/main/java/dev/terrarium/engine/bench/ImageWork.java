package dev.terrarium.engine.bench;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Work on an image in a process of its own, as peers do theirs: {@code import STATE FILE OUT},
 * {@code analyse STATE OUT}, {@code look STATE FILE OUT}. Writes into OUT how many milliseconds it
 * took without the start of the JVM, and the most of the heap that was in use, in bytes.
 */
public final class ImageWork {
  private ImageWork() {}

  /** The command that does it. */
  static List<String> command(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ImageWork.class.getName()));
    command.addAll(List.of(words));
    return command;
  }

  /** See the class. */
  public static void main(String[] words) throws IOException {
    Path state = Path.of(words[1]);
    ImageStore store =
        new ImageStore(
            new StateFolder(state), state.resolve("beside"), Rights.current().privileged());
    long began = System.nanoTime();
    switch (words[0]) {
      case "import" -> {
        var _ =
            store.take(Path.of(words[2]), ImageStore.Import.USUAL.named("bench"), Progress.NONE);
      }
      case "analyse" -> {
        Image image = store.image("bench");
        ImageTree tree = ImageTree.of(store.entries(image));
        if (tree.shares().isEmpty() || tree.wastedBytes() < 0 || tree.root().size() < 0) {
          throw new IOException("the image is empty");
        }
      }
      case "look" -> {
        var outlook =
            store.look(Path.of(words[2]), ImageStore.Import.USUAL, Progress.NONE).orElseThrow();
        if (outlook.layers().isEmpty() || outlook.config().history().isEmpty()) {
          throw new IOException("there is nothing to be seen");
        }
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
    double took = (System.nanoTime() - began) / 1e6;
    Files.writeString(
        Path.of(words[words.length - 1]),
        String.format(Locale.ROOT, "%.1f %d%n", took, peakHeap()));
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
