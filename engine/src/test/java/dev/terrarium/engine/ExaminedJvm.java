package dev.terrarium.engine;

import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own that examines its host, because where it stands a test could not go: behind
 * mounts of its own, in a user namespace, as another user.
 */
final class ExaminedJvm {
  private ExaminedJvm() {}

  /**
   * What it finds.
   *
   * @param script of sh(1), with {@code $STATE}, that prepares its place and ends in {@code exec
   *     ... "$@"}
   */
  static HostReport report(List<String> before, String script, Path state, String classPath)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            "sh",
            "-ec",
            script,
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            ExaminedJvm.class.getName(),
            state.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("STATE", state.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(script + " ended with " + process.exitValue() + ": " + output);
    }
    List<String> lines = output.lines().toList();
    return new HostReport(
        HostReport.Rung.valueOf(lines.getFirst()),
        lines.stream().skip(1).map(ExaminedJvm::finding).toList());
  }

  private static Finding finding(String line) {
    String[] fields = line.split("\t", -1);
    return new Finding(fields[0], Level.valueOf(fields[1]), fields[2], fields[3]);
  }

  public static void main(String[] args) {
    HostReport report = Doctor.examine(Path.of(args[0]));
    System.out.println(report.rung());
    for (Finding each : report.findings()) {
      String line =
          String.join("\t", each.subject(), each.level().name(), each.found(), each.remedy());
      System.out.println(line.replace('\n', ' '));
    }
  }
}
