package dev.terrarium.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.host.HostReport.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Refusals that take a change of the whole host. They run only on a host that is thrown away
 * afterwards: the guest of {@code ./terrarium test --vm}.
 */
@Tag("guest")
@Timeout(300)
class HostSwitchesTest {
  private static final int NOBODY = 65534;

  @TempDir Path folder;
  private Path state;

  @BeforeEach
  void onlyInTheGuest() throws IOException {
    assumeTrue(
        Boolean.parseBoolean(System.getenv("TERRARIUM_GUEST")),
        "changes switches of the whole host, so only with ./terrarium test --vm");
    state = Files.createDirectory(folder.resolve("state"));
    Files.setAttribute(state, "unix:uid", NOBODY);
  }

  private static Finding of(HostReport report, String subject) {
    return report.findings().stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  private HostReport ofNobody(String classPath) throws Exception {
    return ExaminedJvm.report(
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"),
        "exec \"$@\"",
        state,
        classPath);
  }

  @Test
  void debiansSwitchIsNamedAndIsWhatItSays() throws Exception {
    String classPath = OrdinaryUser.classPathForAll(folder);
    Path sysctl = Path.of("/proc/sys/kernel/unprivileged_userns_clone");
    Files.writeString(sysctl, "0");
    HostReport off = ofNobody(classPath);
    assertThat(off.rung()).isEqualTo(Rung.READ_ONLY);
    String remedy = "sudo sysctl kernel.unprivileged_userns_clone=1";
    assertThat(of(off, "namespace-user").remedy()).isEqualTo(remedy);
    assertThat(of(off, "container-rootless").found()).contains("EPERM").endsWith(remedy);

    command(remedy.substring("sudo ".length()));
    HostReport on = ofNobody(classPath);
    assertThat(on.rung()).isEqualTo(Rung.ROOTLESS);
    assertThat(of(on, "namespace-user").level()).isEqualTo(Level.OK);
    assertThat(of(on, "cgroup-delegation").found()).contains("is this user's");
  }

  @Test
  void aStickOfTheOldKindIsNoPlaceForLayers() throws Exception {
    command(
        "truncate -s 64M %1$s/stick && busybox mkdosfs %1$s/stick && mkdir %1$s/mnt && mount -o loop -t vfat %1$s/stick %1$s/mnt"
            .formatted(folder));
    try {
      HostReport report =
          ExaminedJvm.report(
              List.of(),
              "exec \"$@\"",
              folder.resolve("mnt/state"),
              System.getProperty("java.class.path"));
      assertThat(report.rung()).isEqualTo(Rung.READ_ONLY);
      for (String subject : List.of("container", "container-rootless")) {
        assertThat(of(report, subject).found())
            .contains("lies on vfat at " + folder.resolve("mnt"))
            .contains("set TERRARIUM_STATE to a folder on ext4");
      }
    } finally {
      command("umount " + folder.resolve("mnt"));
    }
  }

  private static void command(String script) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("sh", "-ec", script).inheritIO().start().waitFor())
        .as(script)
        .isZero();
  }
}
