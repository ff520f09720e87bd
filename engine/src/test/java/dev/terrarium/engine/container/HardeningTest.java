package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.capability.Capability;
import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.capability.ProcessCapabilities;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.HardeningStep;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a container's program has given up when it begins, asked of the real kernel. */
class HardeningTest extends Hardened {
  private static final User SOMEBODY = new User(1000, 1001, List.of(1002, 1003));

  private static ContainerSpec hardened(As as, Hardening hardening, String script) {
    return shell(as, script).withHardening(hardening);
  }

  @ParameterizedTest
  @EnumSource
  void rootKeepsTheCapabilitiesOfTheListAndNoOthers(As as) throws Exception {
    ProcessCapabilities sets =
        ProcessCapabilities.parse(
            run(hardened(as, Hardening.USUAL, "cat /proc/self/status")).lines().toList());
    CapabilitySet usual = CapabilitySet.named(Hardening.USUAL_CAPABILITIES);
    assertThat(sets)
        .isEqualTo(
            new ProcessCapabilities(CapabilitySet.NONE, usual, usual, usual, CapabilitySet.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void withoutCapabilitiesRootIsNobodySpecial(As as) throws Exception {
    Hardening none = Hardening.NONE.withCapabilities(Set.of());
    assertThat(run(hardened(as, none, "id -u; hostname other || true; chown 5 /bin || true")))
        .startsWith("0\n")
        .contains("Operation not permitted")
        .contains("chown: /bin: ");
  }

  @Test
  void somebodyElseHasHisGroupsAndNoCapability() throws Exception {
    ContainerSpec spec =
        hardened(As.ROOT, Hardening.USUAL, "id -u; id -g; id -G; cat /proc/self/status")
            .withUser(SOMEBODY);
    List<String> lines = run(spec).lines().toList();
    assertThat(lines).startsWith("1000", "1001", "1001 1002 1003");
    ProcessCapabilities sets = ProcessCapabilities.parse(lines);
    assertThat(sets.permitted()).isEqualTo(CapabilitySet.NONE);
    assertThat(sets.effective()).isEqualTo(CapabilitySet.NONE);
  }

  @Test
  void somebodyElseCanOpenHisOwnErrorStream() throws Exception {
    assertThat(
            run(
                hardened(As.ROOT, Hardening.USUAL, "echo heard > /proc/self/fd/2")
                    .withUser(SOMEBODY)))
        .isEqualTo("heard\n");
  }

  @Test
  void somebodyElseDiesWithItsCreatorAllTheSame() throws Exception {
    ContainerSpec spec =
        hardened(As.ROOT, Hardening.USUAL, "sleep 1000").withUser(SOMEBODY).withStdio(Stdio.NULL);
    try (Container container = engine.prepare(spec)) {
      container.start();
      int pid = container.pid().orElseThrow();
      ProcessHandle program = ProcessHandle.of(pid).orElseThrow();
      assertThat(Posix.kill((int) program.parent().orElseThrow().pid(), 9)).isTrue();
      assertThatThrownBy(() -> container.exited().get()).isNotNull();
      program.onExit().get();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noProgramCanGiveMoreThanThereWas(As as) throws Exception {
    assertThat(
            run(
                hardened(
                    as,
                    Hardening.NONE.withNoNewPrivileges(true),
                    "grep NoNewPrivs /proc/self/status")))
        .isEqualTo("NoNewPrivs:\t1\n");
  }

  @ParameterizedTest
  @EnumSource
  void nobodyInsideMakesNamespacesOfHisOwn(As as) throws Exception {
    String script = "unshare -U true; echo $?; grep ^Seccomp: /proc/self/status";
    assertThat(run(hardened(as, Hardening.USUAL, script)))
        .startsWith("1\nSeccomp:\t2\n")
        .contains("Operation not permitted");
    assertThat(run(hardened(as, Hardening.NONE, script))).isEqualTo("0\nSeccomp:\t0\n");
  }

  @ParameterizedTest
  @EnumSource
  void withoutThePromiseTheFilterIsInstalledWhileThereIsTheRightTo(As as) throws Exception {
    assertThat(
            run(
                hardened(
                    as,
                    Hardening.USUAL.withNoNewPrivileges(false),
                    "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status")))
        .isEqualTo("NoNewPrivs:\t0\nSeccomp:\t2\n");
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsOpenButInputOutputAndError(As as) throws Exception {
    assertThat(run(hardened(as, Hardening.USUAL, "ls /proc/$$/fd; true"))).isEqualTo("0\n1\n2\n");
  }

  @ParameterizedTest
  @EnumSource
  void limitsHoldFromTheFirstInstructionOn(As as) throws Exception {
    Hardening limits =
        Hardening.NONE.withResourceLimits(
            Map.of(
                "RLIMIT_NOFILE", new Rlimit(9, 9),
                "RLIMIT_CORE", new Rlimit(0, 0),
                "RLIMIT_STACK", new Rlimit(1 << 20, Rlimit.UNLIMITED)));
    assertThat(run(hardened(as, limits, "ulimit -n; ulimit -c; ulimit -s; ulimit -Hs")))
        .isEqualTo("9\n0\n1024\nunlimited\n");
  }

  @Test
  void aLimitThatCannotBeRaisedIsRefusedPlainly() throws Exception {
    long most =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max open files"))
            .map(line -> Long.parseLong(line.substring(26).strip().split(" +")[1]))
            .findFirst()
            .orElseThrow();
    Hardening more =
        Hardening.NONE.withResourceLimits(Map.of("RLIMIT_NOFILE", new Rlimit(9, most + 1)));
    try (Container container = engine.prepare(hardened(As.ROOTLESS, more, "true"))) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageStartingWith("limit-resource: prlimit64(0, RLIMIT_NOFILE, {rlim_cur=9")
          .hasMessageContaining("EPERM")
          .hasMessageContaining("needs CAP_SYS_RESOURCE");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theKernelKnowsWhomToKillFirst(As as) throws Exception {
    assertThat(
            run(
                hardened(
                    as, Hardening.NONE.withOomScoreAdjust(777), "cat /proc/self/oom_score_adj")))
        .isEqualTo("777\n");
  }

  @Test
  void whoeverMayNotBeSparedIsToldSo() {
    ContainerSpec spec = hardened(As.ROOTLESS, Hardening.NONE.withOomScoreAdjust(-1000), "true");
    try (Container container = engine.prepare(spec)) {
      if (maySpare()) {
        container.start();
      } else {
        assertThatThrownBy(container::start)
            .hasMessageStartingWith("adjust-oom-score: to be spared more")
            .hasMessageContaining("CAP_SYS_RESOURCE");
      }
    }
  }

  private static boolean maySpare() {
    try {
      return ProcessCapabilities.of((int) ProcessHandle.current().pid())
          .effective()
          .has(Capability.CAP_SYS_RESOURCE);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void eachIsAStepThatALessonCanLeaveOut() {
    assertThat(ids(Hardening.NONE)).isEmpty();
    assertThat(ids(Hardening.USUAL))
        .containsExactly(
            "close-descriptors",
            "forbid-new-privileges",
            "refuse-calls",
            "drop-bounding-set",
            "change-user",
            "limit-capabilities");
    assertThat(ids(Hardening.NONE.withNoNewPrivileges(true)))
        .containsExactly("forbid-new-privileges");
  }

  private static List<String> ids(Hardening hardening) {
    return HardeningChapter.of(hardened(As.ROOT, hardening, "true")).stream()
        .map(Step::id)
        .toList();
  }

  @Test
  void eachSaysWhatAPersonWouldType() {
    assertThat(new HardeningStep.ChangeUser(SOMEBODY).byHand())
        .isEqualTo("setpriv --reuid=1000 --regid=1001 --groups=1002,1003 sh");
    assertThat(new HardeningStep.ChangeUser(User.ROOT).byHand())
        .isEqualTo("setpriv --reuid=0 --regid=0 --clear-groups sh");
    assertThat(new HardeningStep.DropBoundingSet(CapabilitySet.named(Set.of("CAP_KILL"))).byHand())
        .isEqualTo("setpriv --bounding-set=-all,+kill sh");
    assertThat(
            new HardeningStep.LimitCapabilities(
                    CapabilitySet.named(List.of("CAP_CHOWN", "CAP_KILL")))
                .byHand())
        .isEqualTo("capsh --caps='cap_chown,cap_kill=ep' --");
  }

  @Test
  void theTraceNamesWhatIsGivenUp() throws Exception {
    run(hardened(As.ROOTLESS, Hardening.USUAL, "true"));
    assertThat(facts)
        .filteredOn(Fact.Called.class::isInstance)
        .extracting(fact -> ((Fact.Called) fact).call())
        .filteredOn(call -> call.name().equals("capset"))
        .singleElement()
        .satisfies(call ->
            assertThat(call.args().getLast().text())
                .startsWith("{effective=CAP_CHOWN|")
                .endsWith("inheritable=0}"));
  }
}
