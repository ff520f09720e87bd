package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The classic way out of a chroot, for whoever may call chroot(2) inside: keep hold of a folder,
 * make a deeper folder the root, and climb from the first one, which the root does not hold back
 * any more.
 */
class EscapeTest extends OnTheKernel {
  /** Outside of everything that a container is given. */
  @TempDir Path host;

  @BeforeEach
  void aSecretOfTheHost() throws IOException {
    Files.writeString(host.resolve("secret"), "the host's secret\n");
  }

  private ContainerSpec escaping(As as, Filesystem.Entry entry) {
    String climb = "cd -P /proc/self/fd/3 2>/dev/null; cd -P " + "../".repeat(20);
    String script =
        """
        mkdir /deeper && mount --bind / /deeper && mount -t proc proc /deeper/proc
        chroot /deeper sh -c '%s; cat .%s' 3< /
        echo; exit 0
        """
            .formatted(climb, host.resolve("secret"));
    return shell(as, files -> files.withEntry(entry), script);
  }

  @ParameterizedTest
  @EnumSource
  void chrootIsEscaped(As as) throws Exception {
    assertThat(run(escaping(as, Filesystem.Entry.CHROOT))).contains("the host's secret");
  }

  @ParameterizedTest
  @EnumSource
  void pivotRootIsNot(As as) throws Exception {
    assertThat(run(escaping(as, Filesystem.Entry.PIVOT_ROOT)))
        .doesNotContain("the host's secret")
        .contains("No such file");
  }
}
