package dev.terrarium.app.bench;

import dev.terrarium.engine.journal.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same measurement once more by somebody who has no right at all: setpriv(1). */
public final class OrdinaryUser {
  /** The user who owns nothing, on every distribution. */
  private static final int NOBODY = 65534;

  private OrdinaryUser() {}

  /**
   * Runs this program as that user, in a state folder of its own that is removed afterwards.
   *
   * @param arguments of this program's command line
   * @return what it printed, or one line that says why it could not
   */
  public static String run(List<String> arguments) throws IOException, InterruptedException {
    // Not below root's state folder, which may be closed to others.
    Path state = Files.createTempDirectory(Path.of("/var/tmp"), "terrarium-bench-");
    try {
      Files.setAttribute(state, "unix:uid", NOBODY);
      List<String> command = new ArrayList<>();
      command.addAll(
          List.of(
              "setpriv",
              "--reuid=" + NOBODY,
              "--regid=" + NOBODY,
              "--clear-groups",
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.terrarium.app.Main"));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("TERRARIUM_STATE", state.toString());
      builder.environment().put("HOME", state.toString());
      Process process = builder.directory(state.toFile()).start();
      process.getOutputStream().close();
      String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0
          ? report
          : "as an ordinary user: not measured; user %d may not run this program here\n"
              .formatted(NOBODY);
    } catch (IOException e) {
      return "as an ordinary user: not measured; " + e.getMessage() + "\n";
    } finally {
      Trees.remove(state);
    }
  }
}
