package dev.terrarium.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Whom this host asks for names. Source: resolv.conf(5). */
public final class Resolver {
  private static final Path HOSTS = Path.of("/etc/resolv.conf");

  /** The real servers behind systemd's own, which listens on 127.0.0.53. */
  private static final Path BEHIND_SYSTEMD = Path.of("/run/systemd/resolve/resolv.conf");

  private Resolver() {}

  /**
   * A {@code resolv.conf} for a container: the host's, without the servers that cannot be reached
   * from there.
   *
   * @param ownNet whether the container is not in the host's net namespace
   */
  public static String configuration(boolean ownNet) {
    String hosts = text(HOSTS);
    if (!ownNet) {
      return hosts;
    }
    String reachable = reachable(hosts);
    return namesServer(reachable) || !namesServer(hosts)
        ? reachable
        : reachable(text(BEHIND_SYSTEMD));
  }

  /** Without the servers on the host's loopback. */
  static String reachable(String configuration) {
    return configuration
        .lines()
        .filter(line -> !line.strip().matches("nameserver\\s+(127\\..*|::1)"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static boolean namesServer(String configuration) {
    return configuration.lines().anyMatch(line -> line.startsWith("nameserver"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // A host that asks nobody; then the container asks nobody either.
      return "";
    }
  }
}
