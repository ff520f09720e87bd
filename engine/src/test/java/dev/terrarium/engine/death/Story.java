package dev.terrarium.engine.death;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerProcess;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What an engine is doing while it is killed, told in points at which that may happen. */
enum Story {
  /**
   * A container of everything, from its first call to its last: all namespaces but user, limits, a
   * root of three layers, volumes, the switch with the host and NAT, hardening, a log, another
   * program brought in, paused, kept.
   */
  CONTAINER {
    @Override
    void tell(Stage stage) throws Exception {
      try (Engine engine = Engine.open(stage.state(), stage::heard)) {
        live(engine, spec(stage, NAMESPACES).withStdio(Stdio.LOG), Stdio.PIPES, true);
      }
    }
  },

  /** The same in a user namespace, on a terminal, and thrown away. */
  ROOTLESS {
    @Override
    void tell(Stage stage) throws Exception {
      Set<NamespaceType> namespaces = EnumSet.of(NamespaceType.USER);
      namespaces.addAll(NAMESPACES);
      try (Engine engine = Engine.open(stage.state(), stage::heard)) {
        ContainerSpec spec = spec(stage, namespaces).withStdio(Stdio.TERMINAL);
        live(engine, spec.withNetwork(new Network.Loopback()), Stdio.TERMINAL, false);
      }
    }
  },

  /** No namespace ends what the first process leaves behind. */
  NO_NAMESPACES {
    @Override
    void tell(Stage stage) throws Exception {
      ContainerSpec plain =
          ContainerSpec.of(NAME, Set.of(), new Root.Host(), Proc.HOST, PROGRAM)
              .withEnv(List.of("PATH=/bin:/usr/bin"));
      try (Engine engine = Engine.open(stage.state(), stage::heard)) {
        live(engine, plain, Stdio.NULL, false);
      }
    }
  },

  /** An image is taken in. */
  IMPORT {
    @Override
    void tell(Stage stage) throws Exception {
      StateFolder state = new StateFolder(stage.state());
      try (Run run = Run.begin(state)) {
        store(state, run)
            .take(
                stage.folder().resolve("rootfs.tar.gz"),
                ImageStore.Import.USUAL.named("imported"),
                stage::progressed);
      }
    }
  },

  /** A folder becomes a layer. */
  COMMIT {
    @Override
    void tell(Stage stage) throws Exception {
      StateFolder state = new StateFolder(stage.state());
      try (Run run = Run.begin(state)) {
        store(state, run)
            .commit(
                Optional.empty(),
                ImageConfig.empty("linux/amd64"),
                stage.folder().resolve("rootfs"),
                path -> true,
                "test",
                Instant.EPOCH,
                Optional.of("imported"),
                stage::progressed);
      }
    }
  };

  /** By which a container of these stories is known. */
  static final String NAME = "victim";

  /** How long something that sleeps for ever sleeps, by which it is recognized. */
  static final String SLEEP = "86396";

  private static final List<String> PROGRAM =
      List.of("/bin/sh", "-c", "echo begun; sleep " + SLEEP + " & exec sleep " + SLEEP);

  private static final Set<NamespaceType> NAMESPACES =
      EnumSet.of(
          NamespaceType.PID,
          NamespaceType.MNT,
          NamespaceType.UTS,
          NamespaceType.IPC,
          NamespaceType.NET);

  /** Tells it to the end, unless it is stopped at one of its points. */
  abstract void tell(Stage stage) throws Exception;

  /**
   * Where a story is told.
   *
   * @param state the engine's state folder
   * @param folder what the test has prepared
   * @param points hears what each point is called, and may not return
   */
  record Stage(Path state, Path folder, Consumer<String> points) {
    void heard(Fact fact) {
      if (fact instanceof Fact.Called(var call)) {
        points.accept(call.name());
      }
    }

    void progressed(String what, long done, long total) {
      points.accept(what.split(" ")[0]);
    }
  }

  static ImageStore store(StateFolder state, Run run) {
    return new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged());
  }

  private static ContainerSpec spec(Stage stage, Set<NamespaceType> namespaces) {
    Root root = new Root.Image("lesson");
    ContainerSpec spec =
        ContainerSpec.of(NAME, namespaces, root, Proc.NEW, PROGRAM)
            .withFiles(
                Filesystem.usual(root, Proc.NEW)
                    .withVolumes(
                        List.of(
                            new Volume(
                                Optional.of(stage.folder().resolve("precious")), "/data", false),
                            new Volume(
                                Optional.of(stage.folder().resolve("precious")), "/look", true),
                            new Volume(Optional.empty(), "/scratch/deep", false))))
            .withHostname("glass")
            .withEnv(List.of("PATH=/bin:/usr/bin"))
            .withNetwork(new Network.Bridge(true))
            .withHardening(
                Hardening.USUAL
                    .withOomScoreAdjust(500)
                    .withResourceLimits(Map.of("RLIMIT_NOFILE", new Rlimit(64, 64))));
    return Delegation.find() instanceof Delegation.Granted
        ? spec.withLimits(Limits.NONE.withPids(64).withMemoryBytes(64 << 20).withCpus(1))
        : spec;
  }

  private static void live(Engine engine, ContainerSpec spec, Stdio streams, boolean keep)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    try (Container container = engine.prepare(spec)) {
      container.start();
      Program more =
          new Program(List.of("/bin/sh", "-c", "exit 3"), List.of(), "/", Program.User.ROOT);
      try (ContainerProcess guest = container.exec(more, streams)) {
        var _ = guest.exited().get(20, TimeUnit.SECONDS);
      }
      if (spec.limits().wanted()) {
        container.pause();
        container.resume();
        container.limit(spec.limits().withPids(65));
      }
      if (keep) {
        container.keep();
      }
      container.stop(Duration.ofMillis(1));
    }
  }
}
