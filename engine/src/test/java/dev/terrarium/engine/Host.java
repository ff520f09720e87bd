package dev.terrarium.engine;

import dev.terrarium.engine.host.Rights;
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

  /** Goes on only with root's rights. */
  public static void requiresRoot() {
    requires(Rights.current().privileged(), "root's rights");
  }
}
