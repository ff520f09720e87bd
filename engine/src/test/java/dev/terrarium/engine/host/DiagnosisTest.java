package dev.terrarium.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a refusal means on hosts that this one is not, from a few of their files. */
class DiagnosisTest {
  private static final Rights USER = new Rights(1000, 1000, 0);
  private static final Rights ROOT = new Rights(0, 0, -1L);
  private static final Call NEW_USER_NAMESPACE = Calls.clone(0x1000_0000L | 0x2000_0000L);

  @TempDir Path root;

  @BeforeEach
  void aHostThatAllowsEverything() throws IOException {
    for (String kind : Set.of("pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time")) {
      file("proc/self/ns/" + kind, "");
      file("proc/sys/user/max_%s_namespaces".formatted(kind), "15000");
    }
    file("proc/sys/kernel/osrelease", "6.1.0-56-amd64");
    file("proc/sys/kernel/seccomp/actions_avail", "kill_process trap errno user_notif allow");
    file("proc/self/status", "Name:\tjava\nSeccomp:\t0\n");
    mounts("/ ext4 rw rw", "/proc proc rw rw");
  }

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  /** Each of mount point, type, options, options of the file system. */
  private void mounts(String... each) throws IOException {
    StringBuilder table = new StringBuilder();
    for (String mount : each) {
      String[] words = mount.split(" ");
      table.append(
          "20 1 8:%d / %s %s - %s source %s%n"
              .formatted(table.length(), words[0], words[2], words[1], words[3]));
    }
    file("proc/self/mountinfo", table.toString());
  }

  private HostFiles host() {
    return new HostFiles(root);
  }

  private String meaning(Rights rights, Call call, String errno) {
    Errno refused =
        IntStream.range(1, 134)
            .mapToObj(Errno::of)
            .filter(each -> each.name().equals(errno))
            .findFirst()
            .orElseThrow();
    return new Diagnosis(host(), rights).explain(new SyscallException(call, refused));
  }

  private static Call overlay(String upper) {
    return Calls.mount(
        "overlay", "/root", "overlay", 0, "lowerdir=/a,upperdir=" + upper + ",workdir=/w");
  }

  @Test
  void userNamespacesThatAreSwitchedOffAreNamedWithTheSwitch() throws IOException {
    file("proc/sys/user/max_user_namespaces", "0");
    assertThat(meaning(USER, NEW_USER_NAMESPACE, "ENOSPC"))
        .contains("user.max_user_namespaces is 0", "sudo sysctl user.max_user_namespaces=15000");
  }

  @Test
  void aKindOfNamespaceThatIsSwitchedOffIsNamed() throws IOException {
    file("proc/sys/user/max_pid_namespaces", "0");
    assertThat(meaning(ROOT, Calls.clone(0x2000_0000L), "ENOSPC"))
        .contains("user.max_pid_namespaces is 0", "sudo sysctl user.max_pid_namespaces=15000");
    assertThat(examination(ROOT).namespaces())
        .filteredOn(finding -> finding.level() != Level.OK)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo("namespace-pid");
          assertThat(finding.remedy()).isEqualTo("sudo sysctl user.max_pid_namespaces=15000");
        });
  }

  @Test
  void whatDebianSwitchesOffForOrdinaryUsersIsNamed() throws IOException {
    file("proc/sys/kernel/unprivileged_userns_clone", "0");
    assertThat(meaning(USER, NEW_USER_NAMESPACE, "EPERM"))
        .endsWith("sudo sysctl kernel.unprivileged_userns_clone=1");
  }

  @Test
  void appArmorRefusesOnlyWhatIsDoneInsideAndIsNamedThere() throws IOException {
    file("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
    String lifts = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
    assertThat(meaning(USER, NEW_USER_NAMESPACE, "EPERM")).endsWith(lifts);
    assertThat(meaning(USER, overlay("/var/u"), "EACCES")).endsWith(lifts);
    assertThat(meaning(USER, Calls.sethostname("box"), "EPERM")).endsWith(lifts);
    assertThat(meaning(ROOT, Calls.sethostname("box"), "EPERM")).doesNotContain("AppArmor");
  }

  @Test
  void aContainerThatKeepsRightsFromUsIsNamed() throws IOException {
    file("proc/self/status", "Name:\tjava\nSeccomp:\t2\n");
    file(".dockerenv", "");
    Rights weakRoot = new Rights(0, 0, 0xa80425fbL);
    assertThat(meaning(weakRoot, NEW_USER_NAMESPACE, "EPERM"))
        .startsWith("this runs in a Docker container that keeps rights from it")
        .contains("without CAP_SYS_ADMIN", "seccomp")
        .contains("--privileged");
  }

  @Test
  void theWritableLayersFileSystemIsNamed() throws IOException {
    mounts("/ overlay rw rw", "/stick vfat rw rw", "/disk ext4 rw rw");
    assertThat(meaning(ROOT, overlay("/var/lib/terrarium/u"), "EINVAL"))
        .contains("/var/lib/terrarium/u lies on overlay at /", "TERRARIUM_STATE");
    assertThat(meaning(ROOT, overlay("/stick/u"), "EINVAL"))
        .contains("lies on vfat at /stick", "whiteouts");
    assertThat(meaning(ROOT, overlay("/disk/u"), "EINVAL")).contains("dmesg");
  }

  @Test
  void aKernelThatIsTooOldSaysSinceWhenItIsNot() throws IOException {
    file("proc/sys/kernel/osrelease", "5.10.0-30-amd64");
    assertThat(meaning(USER, overlay("/var/u"), "EPERM"))
        .contains("5.10.0-30-amd64 is older than 5.11");
    assertThat(examination(USER).kernel().level()).isEqualTo(Level.LIMITED);
    assertThat(KernelRelease.parse("6.0").orElseThrow().obstacle()).isEmpty();
    assertThat(KernelRelease.parse("")).isEmpty();
  }

  private Examination examination(Rights rights) {
    return new Examination(host(), rights);
  }

  @Test
  void whatAStateFolderMayNotLieOnIsNamedWithHowToChangeIt() throws IOException {
    mounts(
        "/ ext4 rw rw",
        "/a tmpfs rw,noexec rw",
        "/b ext4 ro,nodev rw",
        "/c tmpfs rw,nodev,nosuid rw");
    assertThat(StateFileSystem.of(host(), Path.of("/a/state")).obstacles())
        .singleElement()
        .satisfies(obstacle -> {
          assertThat(obstacle.why()).contains("/a/state lies on tmpfs at /a", "noexec");
          assertThat(obstacle.remedy()).startsWith("sudo mount -o remount,exec /a, or");
        });
    assertThat(StateFileSystem.of(host(), Path.of("/b/state")).obstacles())
        .singleElement()
        .satisfies(obstacle ->
            assertThat(obstacle.remedy()).startsWith("sudo mount -o remount,rw /b, or"));
    assertThat(StateFileSystem.of(host(), Path.of("/c/state")).obstacles()).isEmpty();
  }

  @Test
  void ofTwoMountsTheInnerOneCountsAndTheLaterOne() throws IOException {
    mounts(
        "/ ext4 rw rw", "/a ext4 rw rw", "/a/b nfs4 rw rw", "/a/b xfs rw rw", "/a/bc vfat rw rw");
    assertThat(StateFileSystem.of(host(), Path.of("/a/b/c")).type()).isEqualTo("xfs");
    assertThat(StateFileSystem.of(host(), Path.of("/a/x")).type()).isEqualTo("ext4");
  }

  @Test
  void hiddenProcessesAreNamed() throws IOException {
    mounts("/ ext4 rw rw", "/proc proc rw rw,hidepid=invisible");
    assertThat(examination(USER).processes())
        .isEqualTo(
            new Finding(
                "processes",
                Level.LIMITED,
                "/proc is mounted with hidepid=invisible and hides whatever is not yours",
                "sudo mount -o remount,hidepid=0 /proc"));
    assertThat(examination(ROOT).processes().level()).isEqualTo(Level.OK);
  }

  @Test
  void whetherSeccompTellsOfCallsIsKnown() throws IOException {
    assertThat(examination(USER).seccomp()).extracting(Finding::level).containsOnly(Level.OK);
    file("proc/sys/kernel/seccomp/actions_avail", "kill_process trap errno trace allow");
    assertThat(examination(USER).seccomp())
        .extracting(Finding::subject, Finding::level)
        .contains(tuple("seccomp", Level.OK), tuple("live-wire", Level.LIMITED));
    Files.delete(root.resolve("proc/sys/kernel/seccomp/actions_avail"));
    assertThat(examination(USER).seccomp()).extracting(Finding::level).containsOnly(Level.MISSING);
  }

  @Test
  void eachKindThatAKernelLacksIsOneFinding() throws IOException {
    Files.delete(root.resolve("proc/self/ns/time"));
    assertThat(examination(USER).namespaces())
        .filteredOn(finding -> finding.level() == Level.MISSING)
        .extracting(Finding::subject)
        .containsExactly("namespace-time");
  }
}
