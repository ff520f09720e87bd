package dev.terrarium.engine.host;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether this process is itself in a container that keeps rights from it. Source: seccomp(2),
 * proc_pid_status(5); the mark files are those that Docker and Podman leave.
 */
final class Confinement {
  /** The filter that container engines install; 0 is none. */
  private static final String FILTERED = "2";

  private static final String REMEDY =
      "start that container with --privileged, or run this on its host";

  private Confinement() {}

  /** Empty on a host, and in a container that may do what it needs. */
  static Optional<Obstacle> of(HostFiles host, Rights rights) {
    boolean filtered = host.status("Seccomp").equals(FILTERED);
    boolean weakRoot = rights.uid() == 0 && !rights.privileged();
    String profile = host.text("/proc/self/attr/current");
    boolean profiled = profile.endsWith("(enforce)");
    if (!filtered && !weakRoot && !profiled) {
      return Optional.empty();
    }
    List<String> signs =
        Stream.of(
                weakRoot ? "root here is without CAP_SYS_ADMIN" : "",
                filtered ? "a seccomp filter judges its system calls" : "",
                profiled ? "AppArmor's profile " + profile + " holds for it" : "")
            .filter(sign -> !sign.isEmpty())
            .toList();
    return Optional.of(
        new Obstacle(
            "this runs in "
                + kind(host)
                + " that keeps rights from it: "
                + String.join(", ", signs),
            REMEDY));
  }

  private static String kind(HostFiles host) {
    if (host.exists("/.dockerenv")) {
      return "a Docker container";
    }
    return host.exists("/run/.containerenv") ? "a Podman container" : "a container or a sandbox";
  }
}
