package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.DeviceProgram;
import dev.terrarium.engine.cgroup.DeviceRule;
import dev.terrarium.engine.cgroup.Hierarchy;
import dev.terrarium.engine.cgroup.V2;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.step.CgroupStep;
import dev.terrarium.engine.step.HardeningStep;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which devices a container may use: the lists of version 1, the program of version 2. */
class DevicesTest extends OnTheKernel {

  /**
   * The kernel's log, which nobody can call harmless, and which root may open by all other rules.
   */
  @Test
  void theGuardIsWhatKeepsThemAway() throws Exception {
    ContainerSpec spec =
        shell(As.ROOT, files -> files, "mknod /kmsg c 1 11; (: < /kmsg) 2>&1; echo");
    Host.requires(Delegation.find() instanceof Delegation.Granted, "a cgroup hierarchy");
    Set<String> kept = new HashSet<>(Hardening.USUAL_CAPABILITIES);
    kept.add("CAP_SYSLOG");
    Hardening hardening = Hardening.USUAL.withCapabilities(kept);

    assertThat(run(spec.withHardening(hardening)))
        .contains("can't open /kmsg: Operation not permitted");
    assertThat(run(spec.withHardening(hardening.withDevices(false)))).isEqualTo("\n");
  }

  @Test
  void withoutAnyLimitThereIsACgroupForTheGuardAndRootlessNone() {
    ContainerSpec root = shell(As.ROOT, files -> files, "true").withHardening(Hardening.USUAL);
    Host.requires(Delegation.find() instanceof Delegation.Granted, "a cgroup hierarchy");
    try (Container container = engine.prepare(root)) {
      assertThat(container.plan())
          .filteredOn(CgroupStep.class::isInstance)
          .extracting(Step::id)
          .containsExactly("make-cgroup", "enter-cgroup", "guard-devices");
    }
    ContainerSpec rootless =
        shell(As.ROOTLESS, files -> files, "true").withHardening(Hardening.USUAL);
    try (Container container = engine.prepare(rootless)) {
      assertThat(container.plan()).noneMatch(CgroupStep.class::isInstance);
    }
  }

  /** A host that lets nobody make a cgroup. */
  @Test
  void whereNoCgroupGuardsThemNoneIsMadeAndNoneIsOpened() throws Exception {
    ContainerSpec spec = shell(As.ROOT, files -> files, "true").withHardening(Hardening.USUAL);
    Path folder = state.resolve("box");
    Path image =
        engine.prepare(shell(As.ROOT, files -> files, "true")).plan().stream()
            .filter(dev.terrarium.engine.step.MountStep.MountOverlay.class::isInstance)
            .map(
                step -> ((dev.terrarium.engine.step.MountStep.MountOverlay) step).lower().getLast())
            .findFirst()
            .orElseThrow();
    List<Step> plan =
        Plan.of(
            spec,
            new Plan.Ground(List.of(image), folder, 0, 0, Optional.empty(), Optional.empty()));
    assertThat(plan)
        .extracting(Step::id)
        .contains("forbid-devices")
        .doesNotContain("guard-devices");
    assertThat(plan)
        .filteredOn(HardeningStep.LimitCapabilities.class::isInstance)
        .singleElement()
        .satisfies(step ->
            assertThat(((HardeningStep.LimitCapabilities) step).keep().names())
                .doesNotContain("CAP_MKNOD")
                .contains("CAP_CHOWN"));
  }

  @Test
  void aNodeUnderAMountThatForbidsDevicesIsOnlyAName(@TempDir Path folder) throws Exception {
    Host.requiresRoot();
    String script =
        "mount -t tmpfs none %1$s && mknod %1$s/null c 1 3 && mount -o remount,bind,nodev %1$s && cat %1$s/null"
            .formatted(folder);
    assertThat(output("unshare", "--mount", "sh", "-c", script)).contains("Permission denied");
  }

  @Test
  void theProgramOfVersionTwoJudgesLikeTheListsOfVersionOne() throws Exception {
    Host.requiresRoot();
    Optional<Hierarchy> unified = Cgroups.find().unified();
    Host.requires(unified.isPresent(), "a cgroup hierarchy of version 2");
    String name = "tr-devices-" + ProcessHandle.current().pid();
    Cgroup cgroup = new Cgroup(new V2(unified.orElseThrow().mountPoint(), Set.of()), name);
    Path folder = Files.createDirectory(cgroup.folders().getFirst());
    String script =
        """
        echo $$ > %s/cgroup.procs; cd %s
        mknod kmsg c 1 11; mknod full c 1 7; mknod pts c 136 4095; mknod disk b %s
        cat kmsg; cat pts; head -c 1 disk; head -c 1 full > /dev/null && echo full; head -c 1 /dev/zero | wc -c
        """
            .formatted(folder, state, disk());
    try (World world = new World(state)) {
      world.perform(List.of(new CgroupStep.GuardDevices(cgroup, DeviceRule.USUAL)));
      assertThat(output("sh", "-c", script))
          .contains("cat: kmsg: Operation not permitted")
          .containsPattern("disk.*: Operation not permitted")
          .contains("full\n1\n")
          // Allowed, but there is none of that number.
          .doesNotContainPattern("pts: Operation not permitted")
          .doesNotContain("mknod: ");
    } finally {
      Files.delete(folder);
    }
  }

  @Test
  void anEmptyListAllowsNothingAndARuleMayBeForAnyNumber() throws Exception {
    int instruction = 8;
    assertThat(DeviceProgram.of(List.of())).hasSize(8 * instruction);
    DeviceRule any =
        new DeviceRule(true, OptionalInt.empty(), OptionalInt.empty(), true, false, false);
    assertThat(any.line()).isEqualTo("b *:* r");
    assertThat(DeviceProgram.of(List.of(any))).hasSize(14 * instruction);
    assertThat(DeviceRule.USUAL.get(2).line()).isEqualTo("c 1:3 rwm");
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
