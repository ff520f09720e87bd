package dev.terrarium.app.bench;

import dev.terrarium.app.workbench.LiveSession;
import dev.terrarium.app.workbench.StepTiming;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How long after the start of its process the window is painted, beside an empty window; and how
 * long a click takes.
 */
public final class WindowBenchmark {
  private WindowBenchmark() {}

  /**
   * Starts this program anew for each measurement, with the options that it runs with itself, by
   * turns with a full and with an empty window.
   *
   * @param stateFolder the engine's, for the clicks
   * @param rounds how many of each; and how often the lesson is played
   * @return medians in milliseconds and their ratio, ready to print
   * @throws IOException if a window could not be opened; its message says why
   */
  public static String run(Path stateFolder, int rounds) throws IOException, InterruptedException {
    double[] full = new double[rounds];
    double[] empty = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double bare = measure("--empty");
      double workbench = measure();
      if (round >= 0) {
        empty[round] = bare;
        full[round] = workbench;
      }
    }
    return String.format(
        Locale.ROOT,
        "window: first picture after the start of the process; median of %d%n"
            + "  terrarium    %8.0f ms%n"
            + "  empty window %8.0f ms   terrarium takes %.2f times as long%n%s",
        rounds,
        median(full),
        median(empty),
        median(full) / median(empty),
        clicks(stateFolder, rounds));
  }

  /** How long a click on a lesson's button takes until both panes are painted. */
  private static String clicks(Path stateFolder, int rounds)
      throws IOException, InterruptedException {
    double[] millis =
        StepTiming.measure(() -> LiveSession.open(stateFolder), rounds).stream()
            .mapToDouble(nanos -> nanos / 1e6)
            .toArray();
    return String.format(
        Locale.ROOT,
        "click: from the click to both panes painted; median of %d%n"
            + "  terrarium    %8.1f ms   by step:%s%n",
        millis.length,
        median(millis),
        byStep(millis, millis.length / rounds));
  }

  private static String byStep(double[] millis, int steps) {
    StringBuilder medians = new StringBuilder();
    for (int step = 0; step < steps; step++) {
      int first = step;
      double[] its =
          IntStream.range(0, millis.length)
              .filter(i -> i % steps == first)
              .mapToDouble(i -> millis[i])
              .toArray();
      medians.append(String.format(Locale.ROOT, " %.0f", median(its)));
    }
    return medians.toString();
  }

  private static double measure(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.terrarium.app.Main", "first-picture"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    if (status != 0 || !printed.matches("\\d+")) {
      throw new IOException("the window did not open: exit status " + status + " " + printed);
    }
    return Double.parseDouble(printed);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
