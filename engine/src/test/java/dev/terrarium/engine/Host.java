package dev.terrarium.engine;

import dev.terrarium.engine.host.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the host. A person's machine may lack it: skipped; a build server may not:
 * failed.
 */
public final class Host {
  private Host() {}

  /** Goes on only if it is there. */
  public static void requires(boolean there, String what) {
    if (!there && Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail("this host lacks " + what);
    }
    Assumptions.assumeTrue(there, "this host lacks " + what);
  }

  /** Whether busybox is there, of which the lesson image is made then. */
  public static boolean busybox() {
    return Stream.of("/bin/busybox", "/usr/bin/busybox")
        .anyMatch(path -> Files.isExecutable(Path.of(path)));
  }

  /** The names of all interfaces of this process's net namespace. Source: proc_pid_net(5), dev. */
  public static List<String> interfaces() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/net/dev")).stream()
        .skip(2)
        .map(line -> line.substring(0, line.indexOf(':')).strip())
        .toList();
  }

  /** Goes on only with root's rights. */
  public static void requiresRoot() {
    requires(Rights.current().privileged(), "root's rights");
  }
}
