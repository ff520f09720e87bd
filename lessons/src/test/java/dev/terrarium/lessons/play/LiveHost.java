package dev.terrarium.lessons.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.host.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The real engine on the real kernel, and the proof that nothing of it is left. */
final class LiveHost implements AutoCloseable {

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Path USER_NAMESPACES = Path.of("/proc/sys/user/max_user_namespaces");
  private static final Path APPARMOR =
      Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");

  private final Path state;
  private final String mountsBefore;
  private final FactHub facts = new FactHub();
  private final Engine engine;

  LiveHost(Path state) throws IOException {
    requireNamespaces();
    this.state = state;
    mountsBefore = Files.readString(MOUNTS);
    engine = Engine.open(state, facts);
  }

  /** A person's machine may forbid it: skipped; a build server may not: failed. */
  private static void requireNamespaces() throws IOException {
    boolean possible =
        Rights.current().privileged()
            || (!value(USER_NAMESPACES, "0").equals("0") && value(APPARMOR, "0").equals("0"));
    if (!possible && Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail("this host lets this user make no namespaces");
    }
    Assumptions.assumeTrue(possible, "this host lets this user make no namespaces");
  }

  /** The same for a cgroup of one's own. */
  static void requireCgroups() {
    Delegation delegation = Delegation.find();
    boolean granted = delegation instanceof Delegation.Granted;
    if (!granted && Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail("this host lets this user make no cgroups: " + delegation);
    }
    Assumptions.assumeTrue(granted, "this host lets this user make no cgroups");
  }

  private static String value(Path file, String fallback) throws IOException {
    return Files.isReadable(file) ? Files.readString(file).strip() : fallback;
  }

  Engine engine() {
    return engine;
  }

  FactHub facts() {
    return facts;
  }

  /** While the engine is still open: the lesson's own end must be enough. */
  void assertNoContainerIsLeft() throws IOException {
    assertThat(MOUNTS).hasContent(mountsBefore);
    try (Stream<Path> runs = Files.walk(state.resolve("run"), 2)) {
      assertThat(runs.filter(path -> path.getFileName().toString().contains("illusion"))).isEmpty();
    }
    // Warm stubs stay until the engine closes.
    assertThat(descendants()).allMatch(line -> line.contains(" stub-"));
  }

  @Override
  public void close() throws IOException {
    engine.close();
    assertThat(MOUNTS).hasContent(mountsBefore);
    assertThat(descendants()).isEmpty();
    try (Stream<Path> runs = Files.list(state.resolve("run"))) {
      assertThat(runs).isEmpty();
    }
  }

  /** Every process below this one: number, name, state; what has ended meanwhile is left out. */
  private static List<String> descendants() {
    return ProcessHandle.current().descendants().flatMap(LiveHost::line).toList();
  }

  private static Stream<String> line(ProcessHandle process) {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
      String words =
          status.stream()
              .filter(line -> line.startsWith("Name:") || line.startsWith("State:"))
              .map(line -> line.substring(line.indexOf('\t') + 1))
              .collect(Collectors.joining(", "));
      return Stream.of(process.pid() + " " + words);
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
