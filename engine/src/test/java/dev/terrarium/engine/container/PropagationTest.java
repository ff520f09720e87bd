package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem.Propagation;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which way mounts travel between a host and a container. The host is a mount namespace of the
 * test's own.
 */
class PropagationTest extends OnTheKernel {
  private static final long MS_SHARED = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "ROOT, PRIVATE, false, false",
    "ROOT, SLAVE, true, false",
    "ROOT, SHARED, true, true",
    "ROOTLESS, PRIVATE, false, false",
    "ROOTLESS, SLAVE, true, false",
  })
  void mountsTravel(As as, Propagation propagation, boolean in, boolean out) throws Exception {
    Host.requiresRoot();
    Path source = Files.createDirectory(state.resolve("source"));
    List<Volume> volumes = List.of(new Volume(Optional.of(source), "/data", false));
    ContainerSpec spec =
        shell(as, files -> files.withPropagation(propagation).withVolumes(volumes), "sleep 1000")
            .withStdio(Stdio.NULL);
    Container container = engine.prepare(spec);
    Files.createDirectories(boxFolder(container));
    try (World world = new World(state)) {
      world.make(Calls.mount("tmpfs", source.toString(), "tmpfs", 0, ""));
      world.make(Calls.mount("none", source.toString(), "", MS_SHARED, ""));
      world.make(mkdir(source.resolve("late")));
      world.make(mkdir(source.resolve("inner")));
      world.start(container);

      world.make(Calls.mount("tmpfs", source.resolve("late").toString(), "tmpfs", 0, ""));
      assertThat(world.mountPointsInside().contains("/data/late")).isEqualTo(in);

      world.makeInside(Calls.mount("tmpfs", "/data/inner", "tmpfs", 0, ""));
      assertThat(world.mountPointsInside()).contains("/data/inner");
      assertThat(world.mountPoints().contains(source + "/inner")).isEqualTo(out);

      assertThat(world.mountPoints())
          .as("the container's own mounts stay its own")
          .noneMatch(point -> point.startsWith(state.resolve("run").toString()));
    }
  }

  private static Call mkdir(Path folder) {
    return FileCalls.mkdirat(FileCalls.AT_FDCWD, folder.toString(), 0755);
  }

  /** Its own folder, which the engine would make with the first step. */
  private static Path boxFolder(Container container) {
    return container.plan().stream()
        .filter(MountStep.MountOverlay.class::isInstance)
        .map(step -> ((MountStep.MountOverlay) step).target().getParent())
        .findFirst()
        .orElseThrow();
  }
}
