package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a snapshot holds, told by a recorded /proc with all the shapes that processes come in. */
class ObserverTest {

  private static final NamespaceSet HOST =
      new NamespaceSet(
          4026531836L,
          4026531832L,
          4026531838L,
          4026531839L,
          4026531833L,
          4026531837L,
          4026531835L,
          4026531834L);

  @TempDir Path folder;
  Snapshot host;

  @BeforeEach
  void observe() {
    host = new Observer(ProcFixture.unpack("many-shapes", folder)).observe();
  }

  private ProcessInfo process(int pid) {
    return host.process(pid).orElseThrow();
  }

  @Test
  void allProcessesAreSeenByAscendingPidAndNothingElse() {
    assertThat(host.processes())
        .extracting(ProcessInfo::pid)
        .containsExactly(1, 2, 300, 301, 302, 303, 304, 400, 401);
  }

  @Test
  void anOrdinaryProcessIsReadWhole() {
    assertThat(process(1))
        .isEqualTo(
            new ProcessInfo(
                1, 0, 0, 'S', "systemd", List.of("/sbin/init", "splash"), List.of(1), HOST, 25));
  }

  @Test
  void theObserversOwnNamespacesSayWhatTheHostIs() {
    assertThat(host.self()).isEqualTo(HOST);
  }

  @Test
  void aNameMayHoldBlanksAndParentheses() {
    assertThat(process(300).name()).isEqualTo("a) R 7 (b c");
    assertThat(process(300).state()).isEqualTo('S');
    assertThat(process(300).ppid()).isEqualTo(1);
    assertThat(process(300).startTicks()).isEqualTo(900);
  }

  @Test
  void aNameMayHoldANewline() {
    assertThat(process(301).name()).isEqualTo("two\nlines");
    assertThat(process(301).state()).isEqualTo('R');
  }

  @Test
  void anEmptyLastArgumentIsKept() {
    assertThat(process(300).argv()).containsExactly("./a) R 7 (b c", "--name", "");
  }

  @Test
  void bytesThatAreNotUtf8BecomeReplacementCharacters() {
    assertThat(process(301).argv()).containsExactly("two\nlines", "caf\uFFFD");
  }

  @Test
  void aKernelThreadHasNoCommandLine() {
    assertThat(process(2).argv()).isEmpty();
    assertThat(process(2).command()).isEqualTo("[kthreadd]");
  }

  @Test
  void aZombieKeepsOnlyItsPidAndUserNamespaces() {
    assertThat(process(302).state()).isEqualTo('Z');
    assertThat(process(302).namespaces())
        .isEqualTo(new NamespaceSet(HOST.pid(), 0, 0, 0, 0, HOST.user(), 0, 0));
  }

  @Test
  void unreadableNamespacesAreZero() {
    assertThat(process(303).namespaces()).isEqualTo(NamespaceSet.UNREADABLE);
    assertThat(process(303).uid()).isEqualTo(33);
  }

  @Test
  void aKernelWithoutNspidStillGivesTheOneNumber() {
    assertThat(process(304).pids()).containsExactly(304);
    assertThat(process(304).namespaces().time()).isZero();
  }

  @Test
  void aProcessInNestedPidNamespacesHasANumberInEach() {
    assertThat(process(400).pids()).containsExactly(400, 1);
    assertThat(process(401).pids()).containsExactly(401, 7, 1);
    assertThat(process(401).innermostPid()).isEqualTo(1);
  }

  @Test
  void equalNamespaceSetsAreOneObject() {
    assertThat(process(1).namespaces()).isSameAs(process(300).namespaces());
  }

  @Test
  void eachMountNamespaceHasOneTable() {
    assertThat(host.mounts()).containsOnlyKeys(4026531832L, 4026532600L);
    assertThat(host.mountsOf(process(401))).hasSize(3);
  }

  @Test
  void mountFieldsAreUnescapedAndOptionalFieldsKept() {
    assertThat(host.mountsOf(process(1)))
        .contains(
            new Mount(
                23,
                22,
                "0:21",
                "/",
                "/proc",
                "rw,nosuid",
                List.of("shared:5", "master:3", "propagate_from:2"),
                "proc",
                "proc",
                "rw"),
            new Mount(
                24,
                22,
                "0:44",
                "/",
                "/mnt/two words\\and\ttab#",
                "ro",
                List.of(),
                "tmpfs",
                "none",
                "rw,size=1024k"));
  }

  @Test
  void theProcfsThatIsReadListsTheObserversPidNamespace() {
    assertThat(host.procfs()).containsEntry("0:21", HOST.pid());
  }

  @Test
  void anotherProcfsIsAskedWhichPidNamespaceItLists() {
    assertThat(host.procfs()).containsEntry("0:57", process(400).namespaces().pid());
  }

  @Test
  void aVeryLongCommandLineIsCut() throws Exception {
    Files.writeString(folder.resolve("1/cmdline"), "x".repeat(100_000) + "\0");
    Snapshot again = new Observer(folder).observe();
    assertThat(again.process(1).orElseThrow().argv().getFirst()).hasSize(32 * 1024);
  }

  @Test
  void aMountTableLargerThanTheBufferIsReadWhole() throws Exception {
    String line = "1000 22 0:44 / /mnt/some/place/deep/below rw - tmpfs none rw\n";
    Files.writeString(folder.resolve("1/mountinfo"), line.repeat(5_000));
    assertThat(new Observer(folder).observe().mounts().get(HOST.mnt())).hasSize(5_000);
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorThatNamesIt() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> new Observer(absent).observe())
        .isInstanceOf(ProcUnreadableException.class)
        .hasMessageContaining(absent.toString());
  }
}
