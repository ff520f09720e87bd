package dev.terrarium.engine.remote;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How an ordinary user gets an engine with root's rights: through sudo(8) or pkexec(1), which ask
 * for a password in their own way; this program never sees one.
 */
public final class Elevation {

  /** Nobody is asked: a JVM's start, on a slow machine. */
  private static final Duration UNASKED = Duration.ofSeconds(60);

  /** Somebody looks for a password. */
  private static final Duration ASKED = Duration.ofMinutes(5);

  /** Where somebody sits who can be asked for a password. */
  public enum Asked {
    /** In front of this program's own window. */
    AT_THE_SCREEN,
    /** In front of the terminal in which this program was started. */
    AT_THE_TERMINAL
  }

  private Elevation() {}

  /**
   * What can be tried, one after the other: first sudo without a question, then the one way of
   * asking that suits.
   *
   * @param server the command that starts the server
   * @param environment of this process: PATH, DISPLAY and their kin
   */
  public static List<Launch> ways(
      List<String> server, Asked asked, Map<String, String> environment) {
    List<Launch> ways = new ArrayList<>();
    Optional<String> sudo = program("sudo", environment);
    sudo.ifPresent(path -> ways.add(launch("sudo", UNASKED, List.of(path, "-n", "--"), server)));
    Stream<Optional<Launch>> asking =
        switch (asked) {
          case AT_THE_SCREEN ->
              Stream.of(pkexec(server, environment), askpass(sudo, server, environment));
          case AT_THE_TERMINAL ->
              Stream.of(
                  terminal(sudo, server),
                  askpass(sudo, server, environment),
                  pkexec(server, environment));
        };
    asking.flatMap(Optional::stream).findFirst().ifPresent(ways::add);
    return List.copyOf(ways);
  }

  /** The session's own agent asks. */
  private static Optional<Launch> pkexec(List<String> server, Map<String, String> environment) {
    boolean screen =
        !environment.getOrDefault("DISPLAY", "").isEmpty()
            || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
    return program("pkexec", environment)
        .filter(path -> screen)
        .map(path -> launch("pkexec", ASKED, List.of(path), server));
  }

  /** A program that the user chose asks. */
  private static Optional<Launch> askpass(
      Optional<String> sudo, List<String> server, Map<String, String> environment) {
    return sudo.filter(path -> !environment.getOrDefault("SUDO_ASKPASS", "").isEmpty())
        .map(path -> launch("sudo -A", ASKED, List.of(path, "-A", "--"), server));
  }

  /** sudo asks on the controlling terminal, and not on its input, which is our pipe. */
  private static Optional<Launch> terminal(Optional<String> sudo, List<String> server) {
    return sudo.filter(path -> hasTerminal())
        .map(path -> launch("sudo", ASKED, List.of(path, "--"), server));
  }

  private static boolean hasTerminal() {
    try (var terminal = Files.newInputStream(Path.of("/dev/tty"))) {
      return terminal != null;
    } catch (java.io.IOException e) {
      // ENXIO: tty(4)
      return false;
    }
  }

  private static Launch launch(
      String name, Duration patience, List<String> prefix, List<String> server) {
    return new Launch(name, Stream.concat(prefix.stream(), server.stream()).toList(), patience);
  }

  private static Optional<String> program(String name, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
