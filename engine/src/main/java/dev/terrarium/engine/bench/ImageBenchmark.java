package dev.terrarium.engine.bench;

import dev.terrarium.engine.journal.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An image from an archive to a tree that can be mounted, beside {@code skopeo copy} and {@code
 * umoci unpack}, which do the same together; what all its layers do, worked out; and the first look
 * at a very large one. Whole processes, by turns, each into an empty folder.
 */
public final class ImageBenchmark {
  private static final long LARGE = 3L << 30;

  private final Path folder;
  private final Path file;
  private final List<Double> imports = new ArrayList<>();
  private final List<Double> analyses = new ArrayList<>();
  private final List<Double> copies = new ArrayList<>();
  private final List<Double> unpacks = new ArrayList<>();
  private long heap;

  private ImageBenchmark(Path folder, Path file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * Measures.
   *
   * @param given what {@code docker save} or {@code skopeo copy} to oci-archive wrote; empty for an
   *     image of 60,000 files that is made for it
   * @param rounds how often
   * @return medians in seconds and ratios, ready to print
   */
  public static String run(Optional<Path> given, int rounds)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("terrarium-bench-");
    try {
      Path file = given.isPresent() ? given.get() : SyntheticImage.realistic(folder);
      ImageBenchmark benchmark = new ImageBenchmark(folder, file.toAbsolutePath());
      for (int round = 0; round < rounds; round++) {
        benchmark.ours();
        benchmark.peers();
      }
      String report = benchmark.report(rounds);
      if (given.isEmpty()) {
        Files.delete(file);
      }
      return report + firstLook(folder);
    } finally {
      Trees.remove(folder);
    }
  }

  private void ours() throws IOException, InterruptedException {
    String state = folder.resolve("state").toString();
    long began = System.nanoTime();
    double[] told = child(folder, "import", state, file.toString());
    imports.add((System.nanoTime() - began) / 1e9);
    heap = Math.max(heap, (long) told[1]);
    double[] analysed = child(folder, "analyse", state);
    analyses.add(analysed[0] / 1e3);
    heap = Math.max(heap, (long) analysed[1]);
    Trees.remove(folder.resolve("state"));
  }

  /** What a child of this program measured: milliseconds, and bytes of heap. */
  private static double[] child(Path folder, String... words)
      throws IOException, InterruptedException {
    Path out = folder.resolve("measured");
    List<String> command = new ArrayList<>(ImageWork.command(words));
    command.add(out.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(words[0] + " failed");
    }
    String[] numbers = Files.readString(out).strip().split(" ");
    return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
  }

  private void peers() throws IOException, InterruptedException {
    Optional<Path> skopeo = Programs.find("skopeo");
    Optional<Path> umoci = Programs.find("umoci");
    if (skopeo.isEmpty() || umoci.isEmpty()) {
      return;
    }
    Path layout = folder.resolve("layout");
    long began = System.nanoTime();
    copy(skopeo.get(), layout);
    long copied = System.nanoTime();
    List<String> unpack =
        new ArrayList<>(List.of(umoci.get().toString(), "unpack", "--image", layout + ":bench"));
    if (!dev.terrarium.engine.host.Rights.current().privileged()) {
      unpack.add("--rootless");
    }
    unpack.add(folder.resolve("bundle").toString());
    Programs.run(unpack);
    copies.add((copied - began) / 1e9);
    unpacks.add((System.nanoTime() - copied) / 1e9);
    Trees.remove(layout);
    Trees.remove(folder.resolve("bundle"));
  }

  private void copy(Path skopeo, Path layout) throws IOException, InterruptedException {
    String to = "oci:" + layout + ":bench";
    try {
      Programs.run(
          List.of(skopeo.toString(), "--insecure-policy", "copy", "docker-archive:" + file, to));
    } catch (IOException e) {
      Programs.run(
          List.of(skopeo.toString(), "--insecure-policy", "copy", "oci-archive:" + file, to));
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private String report(int rounds) throws IOException {
    StringBuilder report = new StringBuilder();
    say(
        report,
        "image: %s, %d MB; import and unpack, whole processes; median of %d%n",
        file.getFileName(),
        Files.size(file) >> 20,
        rounds);
    double ours = median(imports);
    say(report, "  terrarium import       %8.2f s%n", ours);
    if (!copies.isEmpty()) {
      double peers = median(copies) + median(unpacks);
      say(report, "  skopeo copy            %8.2f s%n", median(copies));
      say(
          report,
          "  umoci unpack           %8.2f s   terrarium takes %.2f times as long as both%n",
          median(unpacks),
          ours / peers);
    }
    double analysis = median(analyses);
    say(
        report,
        "  layers, tree and waste %8.2f s   %.3f of the import; no JVM's start counted%n",
        analysis,
        analysis / ours);
    say(report, "  peak heap              %8d MB%n", heap >> 20);
    return report.toString();
  }

  private static String firstLook(Path folder) throws IOException, InterruptedException {
    Path large = SyntheticImage.large(folder, LARGE);
    long began = System.nanoTime();
    double[] told = child(folder, "look", folder.resolve("state").toString(), large.toString());
    StringBuilder report = new StringBuilder();
    say(
        report,
        "  first look at %d GB     %8.2f s   from the start of the process; %.2f s without the JVM's%n",
        LARGE >> 30,
        (System.nanoTime() - began) / 1e9,
        told[0] / 1e3);
    return report.toString();
  }

  private static void say(StringBuilder report, String format, Object... values) {
    report.append(String.format(Locale.ROOT, format, values));
  }
}
