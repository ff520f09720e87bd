package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.V2;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which steps a specification becomes, and in which order. */
class PlanTest {
  private static final List<Path> LAYERS = List.of(Path.of("/img/top"), Path.of("/img/base"));
  private static final Path FOLDER = Path.of("/run/box");

  private static List<String> steps(
      Set<NamespaceType> namespaces, List<Path> layers, Proc proc, String workdir) {
    ContainerSpec spec =
        ContainerSpec.of(
                "box",
                namespaces,
                layers.isEmpty() ? new Root.Host() : new Root.Image("lesson"),
                proc,
                List.of("sh"))
            .withWorkdir(workdir);
    ContainerSpec named = namespaces.contains(NamespaceType.UTS) ? spec.withHostname("box") : spec;
    return steps(named, layers, Optional.empty());
  }

  private static List<String> steps(
      ContainerSpec spec, List<Path> layers, Optional<Cgroup> cgroup) {
    return Plan.of(spec, new Plan.Ground(layers, FOLDER, 1000, 1000, cgroup, Optional.empty()))
        .stream()
        .map(Step::id)
        .toList();
  }

  @Test
  void theUsualContainer() {
    assertThat(
            steps(
                Set.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS),
                LAYERS,
                Proc.NEW,
                "/"))
        .containsExactly(
            "clone",
            "die-with-engine",
            "connect-stdio",
            "make-mounts-private",
            "make-writable-layer",
            "mount-overlay",
            "mount-proc",
            "set-hostname",
            "pivot-root",
            "exec");
  }

  @Test
  void rootlessMapsIdsBeforeAnythingElse() {
    assertThat(
            steps(
                Set.of(NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT),
                LAYERS,
                Proc.NEW,
                "/tmp"))
        .startsWith("clone", "map-ids")
        .endsWith("pivot-root", "change-directory", "exec");
  }

  @Test
  void theCgroupIsEnteredBeforeAnythingIsUsed() {
    ContainerSpec limited =
        ContainerSpec.of("box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh"))
            .withLimits(Limits.NONE.withPids(8));
    Cgroup cgroup = Cgroup.of(new V2(Path.of("/sys/fs/cgroup"), Set.of("pids")), "7-9", "box");
    assertThat(steps(limited, List.of(), Optional.of(cgroup)))
        .startsWith("clone", "die-with-engine", "make-cgroup", "enter-cgroup", "connect-stdio");
  }

  @Test
  void aPlainProcessTouchesNoMount() {
    assertThat(steps(Set.of(), List.of(), Proc.HOST, "/"))
        .containsExactly("clone", "die-with-engine", "connect-stdio", "change-directory", "exec");
  }

  @Test
  void theHostsProcIsBoundWhereItIsTheLesson() {
    assertThat(steps(Set.of(NamespaceType.MNT), LAYERS, Proc.HOST, "/"))
        .contains("bind-host-proc")
        .doesNotContain("mount-proc");
  }

  @Test
  void separatorsOfOverlayOptionsAreEscapedInPaths() {
    MountStep.MountOverlay overlay =
        new MountStep.MountOverlay(
            List.of(Path.of("/a:b"), Path.of("/c,d")),
            Path.of("/u"),
            Path.of("/w"),
            Path.of("/m"),
            false);
    assertThat(overlay.byHand())
        .endsWith(
            "mount -t overlay overlay -o lowerdir=/a\\:b:/c\\,d,upperdir=/u,workdir=/w,volatile,redirect_dir=off,metacopy=off /m");
  }

  @Test
  void clocksAreSetBeforeTheyAreEnteredAndTheCgroupBeforeItIsTheRoot() {
    ContainerSpec spec =
        ContainerSpec.of(
                "box",
                Set.of(NamespaceType.TIME, NamespaceType.CGROUP),
                new Root.Host(),
                Proc.HOST,
                List.of("sh"))
            .withLimits(Limits.NONE.withPids(8));
    Cgroup cgroup = Cgroup.of(new V2(Path.of("/sys/fs/cgroup"), Set.of("pids")), "7-9", "box");
    assertThat(steps(spec, List.of(), Optional.of(cgroup)))
        .startsWith(
            "clone",
            "die-with-engine",
            "new-time",
            "set-clocks",
            "enter-time",
            "make-cgroup",
            "enter-cgroup",
            "new-cgroup-view",
            "connect-stdio");
  }

  @Test
  void namespacesOfOthersAreEnteredByAGuideBeforeTheProcessIsBorn() {
    ContainerSpec spec =
        ContainerSpec.of("box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh"));
    Namespaces joined = spec.namespaces().joining(Map.of(NamespaceType.NET, 7));
    assertThat(steps(spec.withNamespaces(joined), List.of(), Optional.empty()))
        .startsWith("clone-guide", "join", "clone", "die-with-engine", "connect-stdio");
  }

  @Test
  void amongOthersInputAndOutputAreOpenedOnTheHost() {
    ContainerSpec spec =
        ContainerSpec.of("box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh"));
    Namespaces joined = spec.namespaces().joining(Map.of(NamespaceType.PID, 7));
    assertThat(steps(spec.withNamespaces(joined), List.of(), Optional.empty()))
        .startsWith(
            "clone-guide",
            "open-stdio",
            "forbid-tracing",
            "join",
            "clone",
            "die-with-engine",
            "begin-session");
  }
}
