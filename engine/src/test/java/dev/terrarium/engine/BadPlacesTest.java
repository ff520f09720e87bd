package dev.terrarium.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.host.HostReport.Rung;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where no container can be made: each of these is made for real, in a mount or user namespace of a
 * process of the test's own, and the kernel refuses for real.
 */
@Timeout(120)
class BadPlacesTest {
  private static final List<String> OWN_MOUNTS = List.of("unshare", "-m");

  @TempDir Path folder;
  private Path state;

  @BeforeEach
  void requiresRoot() throws Exception {
    Host.requiresRoot();
    state = Files.createDirectory(folder.resolve("state"));
  }

  private HostReport report(List<String> before, String script) throws Exception {
    return ExaminedJvm.report(before, script, state, System.getProperty("java.class.path"));
  }

  private static Finding of(HostReport report, String subject) {
    return report.findings().stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  /** The state folder is what is wrong, and both containers say so as well. */
  private HostReport wrongState(String script, String why, String remedy) throws Exception {
    HostReport report = report(OWN_MOUNTS, script + "; exec \"$@\"");
    assertThat(report.rung()).isEqualTo(Rung.READ_ONLY);
    assertThat(of(report, "state-folder"))
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Level.MISSING);
          assertThat(finding.found()).contains(why);
          assertThat(finding.remedy()).contains(remedy);
        });
    for (String container : List.of("container", "container-rootless")) {
      assertThat(of(report, container).level()).isEqualTo(Level.MISSING);
      assertThat(of(report, container).found()).contains(why).contains(remedy);
    }
    return report;
  }

  @Test
  void aStateFolderFromWhichNothingMayBeStarted() throws Exception {
    wrongState(
        "mount -t tmpfs -o noexec tmpfs $STATE",
        "lies on tmpfs at " + state + ", which is mounted noexec",
        "sudo mount -o remount,exec " + state);
  }

  @Test
  void aStateFolderThatIsReadOnly() throws Exception {
    wrongState(
        "mount -t tmpfs -o ro tmpfs $STATE",
        "which is mounted read-only",
        "sudo mount -o remount,rw " + state);
  }

  @Test
  void aStateFolderThatIsFull() throws Exception {
    wrongState(
        "mount -t tmpfs -o size=64k tmpfs $STATE; head -c 60000 /dev/zero > $STATE/full",
        "KiB free",
        "set TERRARIUM_STATE to a folder elsewhere");
  }

  @Test
  void aStateFolderOnAnOverlay() throws Exception {
    wrongState(
        "mount -t tmpfs tmpfs $STATE; cd $STATE; mkdir l u w m;"
            + " mount -t overlay -o lowerdir=l,upperdir=u,workdir=w overlay m; mount --bind m $STATE;"
            + " cd /",
        "lies on overlay",
        "set TERRARIUM_STATE to a folder on ext4");
  }

  @Test
  void neitherDevicesNorSetuidAreNeededOfIt() throws Exception {
    HostReport report =
        report(OWN_MOUNTS, "mount -t tmpfs -o nodev,nosuid tmpfs $STATE; exec \"$@\"");
    assertThat(of(report, "state-folder").level()).isEqualTo(Level.OK);
    assertThat(report.rung()).isEqualTo(Rung.ROOT);
  }

  @Test
  void noMoreUserNamespaces() throws Exception {
    HostReport report =
        report(
            List.of("unshare", "-U", "-r", "-m"),
            "mount -t tmpfs tmpfs $STATE; echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"");
    String remedy = "sudo sysctl user.max_user_namespaces=15000";
    assertThat(of(report, "namespace-user"))
        .isEqualTo(
            new Finding(
                "namespace-user",
                Level.MISSING,
                "user namespaces are switched off: user.max_user_namespaces is 0",
                remedy));
    assertThat(of(report, "container-rootless").found())
        .contains("ENOSPC")
        .contains("user.max_user_namespaces is 0; " + remedy);
  }

  @Test
  void aRootWithoutRights() throws Exception {
    HostReport report =
        report(
            List.of("unshare", "-m"),
            "mount -t tmpfs tmpfs $STATE;"
                + " exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin --no-new-privs -- \"$@\"");
    assertThat(of(report, "rights").level()).isEqualTo(Level.LIMITED);
    assertThat(report.rung()).isEqualTo(Rung.ROOTLESS);
  }

  @Test
  void processesThatAreHiddenFromAnOrdinaryUser() throws Exception {
    String classPath = OrdinaryUser.classPathForAll(folder);
    Files.setAttribute(state, "unix:uid", 65534);
    HostReport report =
        ExaminedJvm.report(
            List.of("unshare", "-m", "-p", "-f", "--propagation", "private"),
            "mount -t proc -o hidepid=2 proc /proc;"
                + " exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \"$@\"",
            state,
            classPath);
    assertThat(of(report, "processes"))
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Level.LIMITED);
          assertThat(finding.found()).contains("hidepid=");
          assertThat(finding.remedy()).isEqualTo("sudo mount -o remount,hidepid=0 /proc");
        });
  }
}
