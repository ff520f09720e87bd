package dev.terrarium.engine.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.OrdinaryUser;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Look;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Namespaces without any right on the host: each scenario is a JVM of a user to whom ids are lent,
 * or not.
 */
@Timeout(120)
class OrdinaryUserNamespacesTest {
  @TempDir static Path programs;
  private static String classPath;

  @TempDir Path folder;

  @BeforeAll
  static void copyPrograms() throws IOException {
    classPath = OrdinaryUser.classPathForAll(programs);
  }

  @ParameterizedTest
  @EnumSource
  void holds(Scenario scenario) throws Exception {
    Host.requiresRoot();
    Host.requires(Host.busybox(), "busybox, for su and nc");
    Host.requires(Files.isExecutable(Path.of("/usr/bin/newuidmap")), "newuidmap(1)");
    Files.writeString(folder.resolve("lent"), OrdinaryUser.NAME + ":700000:65536\n");
    Files.writeString(folder.resolve("nothing-lent"), "root:100000:65536\n");
    Files.createFile(folder.resolve("missing"));
    Path powerless = Files.copy(Path.of("/usr/bin/newuidmap"), folder.resolve("powerless"));
    Files.setPosixFilePermissions(powerless, PosixFilePermissions.fromString("rwxr-xr-x"));
    String ids = "touch /etc/subuid /etc/subgid; cd " + folder + "\n";
    OrdinaryUser.run(classPath, folder, ids + scenario.host, Scenario.class, scenario.name());
  }

  /** What happens in the JVM that has no rights. */
  public enum Scenario {
    OTHER_USERS_EXIST_INSIDE {
      @Override
      void play(Engine engine, Path state) throws Exception {
        String script =
            """
            echo 'www:x:33:44::/:/bin/sh' >> /etc/passwd
            touch /file; chown 33:44 /file; stat -c '%u:%g' /file /bin/sh
            su www -c 'id -u; touch /tmp/hers || touch /dev/shm/hers; cat /file'
            cat /proc/self/uid_map /proc/self/setgroups
            """;
        assertThat(
                run(engine, ranges(script)).lines().map(line -> line.strip().replaceAll(" +", " ")))
            .containsExactly(
                "33:44", "0:0", "33", "0 " + OrdinaryUser.UID + " 1", "1 700000 65536", "allow");
      }
    },

    A_PROGRAM_RUNS_AS_ANOTHER_USER_IN_GROUPS {
      @Override
      void play(Engine engine, Path state) throws Exception {
        ContainerSpec spec = ranges("id -u; id -G").withUser(new User(33, 44, List.of(5, 6)));
        assertThat(run(engine, spec)).isEqualTo("33\n44 5 6\n");
      }
    },

    WHAT_OTHER_USERS_MADE_IS_REMOVED {
      @Override
      void play(Engine engine, Path state) throws Exception {
        run(engine, ranges(FOREIGN));
        try (var left = Files.list(state.resolve("run").toRealPath())) {
          Path run = left.findFirst().orElseThrow();
          assertThat(run.resolve("box")).doesNotExist();
        }
      }
    },

    WHAT_OTHER_USERS_MADE_CAN_BE_KEPT_AND_REMOVED_LATER {
      @Override
      void play(Engine engine, Path state) throws Exception {
        try (Container container = engine.prepare(ranges(FOREIGN))) {
          container.keep();
          container.start();
          output(container);
        }
        Registry registry = new Registry(new StateFolder(state));
        Registry.Entry kept = registry.named("box").getFirst();
        assertThat(kept.folder().resolve("upper/theirs")).isDirectory();
        registry.remove(kept);
        assertThat(kept.folder()).doesNotExist();
      }
    },

    WITHOUT_AN_ENTRY_THE_COMMAND_THAT_MAKES_ONE_IS_NAMED(
        "mount --bind nothing-lent /etc/subuid; mount --bind nothing-lent /etc/subgid") {
      @Override
      void play(Engine engine, Path state) {
        assertThatThrownBy(() -> engine.prepare(ranges("true")))
            .hasMessage(
                "ranges of ids: /etc/subuid lends none to user daemon; sudo usermod --add-subuids"
                    + " 165536-231071 --add-subgids 165536-231071 daemon");
      }
    },

    WITHOUT_NEWUIDMAP_ITS_PACKAGE_IS_NAMED(LENT + "mount --bind missing /usr/bin/newuidmap") {
      @Override
      void play(Engine engine, Path state) {
        assertThatThrownBy(() -> engine.prepare(ranges("true")))
            .hasMessageStartingWith(
                "ranges of ids: newuidmap is not installed; sudo apt-get install uidmap");
      }
    },

    A_NEWUIDMAP_WITHOUT_RIGHTS_IS_NOT_TRIED(LENT + "mount --bind powerless /usr/bin/newuidmap") {
      @Override
      void play(Engine engine, Path state) {
        assertThatThrownBy(() -> engine.prepare(ranges("true")))
            .hasMessageContaining("/usr/bin/newuidmap runs without root's rights; sudo chown root")
            .hasMessageContaining("sudo chmod u+s");
      }
    },

    ALL_EIGHT_ARE_MADE {
      @Override
      void play(Engine engine, Path state) throws Exception {
        Set<NamespaceType> all = EnumSet.allOf(NamespaceType.class);
        ClockOffsets clocks = new ClockOffsets(Duration.ZERO, Duration.ofDays(10_000));
        ContainerSpec spec =
            ranges("read line; cut -d. -f1 /proc/uptime")
                .withNamespaces(Namespaces.of(all).withClocks(clocks));
        try (Container box = engine.prepare(spec)) {
          box.start();
          assertThat(ProcessLinks.apart(box.pid().orElseThrow(), all)).isEqualTo(all);
          box.stdin().orElseThrow().write('\n');
          box.stdin().orElseThrow().flush();
          assertThat(Long.parseLong(output(box).strip())).isGreaterThan(864_000_000);
        }
      }
    },

    THE_NET_OF_ANOTHER_CONTAINER_IS_SHARED_WITH_ITS_USERS {
      @Override
      void play(Engine engine, Path state) throws Exception {
        try (Container host = listening(engine)) {
          int pid = host.pid().orElseThrow();
          Namespaces shared =
              Namespaces.of(Set.of(NamespaceType.PID, NamespaceType.MNT))
                  .joining(Map.of(NamespaceType.NET, pid, NamespaceType.USER, pid));
          assertThat(run(engine, talking(shared))).isEqualTo("hello\n0\n");
        }
      }
    },

    THE_NET_OF_ANOTHER_CONTAINER_IS_SHARED_FROM_A_USER_NAMESPACE_BELOW {
      @Override
      void play(Engine engine, Path state) throws Exception {
        try (Container host = listening(engine)) {
          int pid = host.pid().orElseThrow();
          Namespaces shared =
              Namespaces.of(Set.of(NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT))
                  .joining(Map.of(NamespaceType.NET, pid));
          try (Container guest = engine.prepare(talking(shared))) {
            guest.start();
            assertThat(ProcessLinks.namespace(guest.pid().orElseThrow(), NamespaceType.USER))
                .isNotEqualTo(ProcessLinks.namespace(pid, NamespaceType.USER));
            assertThat(output(guest)).isEqualTo("hello\n0\n");
          }
        }
      }
    },

    THE_PROCESSES_AND_FILES_OF_ANOTHER_CONTAINER_ARE_SHARED {
      @Override
      void play(Engine engine, Path state) throws Exception {
        try (Container host = listening(engine)) {
          int pid = host.pid().orElseThrow();
          Namespaces shared =
              Namespaces.of(Set.of(NamespaceType.TIME))
                  .withClocks(new ClockOffsets(Duration.ZERO, Duration.ofDays(10_000)))
                  .joining(
                      Map.of(
                          NamespaceType.USER, pid, NamespaceType.PID, pid, NamespaceType.MNT, pid));
          ContainerSpec spec =
              ContainerSpec.of(
                      "guest",
                      Set.of(),
                      new Root.Host(),
                      Proc.HOST,
                      List.of("sh", "-c", "cat /proc/1/comm; cut -d. -f1 /proc/uptime"))
                  .withEnv(List.of("PATH=/bin"))
                  .withNamespaces(shared)
                  .withStdio(Stdio.PIPES);
          List<String> lines = run(engine, spec).lines().toList();
          assertThat(lines.getFirst()).isEqualTo("sh");
          assertThat(Long.parseLong(lines.get(1))).isGreaterThan(864_000_000);
        }
      }
    },

    ONES_OWN_CONTAINER_IS_LOOKED_INTO_AND_WHAT_IS_ROOTS_IS_MARKED {
      @Override
      void play(Engine engine, Path state) throws Exception {
        ContainerSpec spec = ranges("read line").withNetwork(new Network.Loopback());
        ContainerSpec all =
            spec.withNamespaces(
                Namespaces.of(EnumSet.allOf(NamespaceType.class)).withIds(IdMap.RANGES));
        try (Container box = engine.prepare(all.withHostname("glass"))) {
          box.start();
          int pid = box.pid().orElseThrow();
          Look look = engine.look(Set.of(pid, 1));
          assertThat(look.of(pid))
              .allMatch(view -> view.hidden().isEmpty())
              .noneMatch(view -> view.isolation() instanceof Isolation.Unreadable);
          assertThat(look.of(pid).toString())
              .contains("Uts[hostname=glass", "127.0.0.1/8", "IdMapping[inside=1, outside=700000")
              .contains("madeBy=OptionalInt[" + OrdinaryUser.UID + "]");
          assertThat(look.of(1))
              .allMatch(view -> view.isolation() instanceof Isolation.Unreadable)
              .extracting(NamespaceView::lines)
              .allMatch(lines -> lines.getFirst().value().contains("root may look"));
          int self = (int) ProcessHandle.current().pid();
          assertThat(engine.look(Set.of(self)).of(self))
              .flatExtracting(NamespaceView::hidden)
              .extracting(NamespaceView.Hidden::what)
              .containsExactly("POSIX queues");
        }
      }
    },

    WHAT_BELONGS_TO_OTHERS_IS_NOT_JOINED {
      @Override
      void play(Engine engine, Path state) throws Exception {
        int self = (int) ProcessHandle.current().pid();
        Set<NamespaceType> user =
            EnumSet.of(NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT);
        assertThatThrownBy(() ->
                engine.prepare(
                    talking(Namespaces.of(user).joining(Map.of(NamespaceType.NET, self)))))
            .hasMessageContaining("net namespace of process " + self + " is the host's")
            .hasMessageContaining("run as root");
        try (Container host = listening(engine)) {
          int pid = host.pid().orElseThrow();
          ContainerSpec bare =
              ContainerSpec.of("guest", Set.of(), new Root.Host(), Proc.HOST, List.of("true"))
                  .withNamespaces(Namespaces.of(Set.of()).joining(Map.of(NamespaceType.NET, pid)));
          assertThatThrownBy(() -> engine.prepare(bare))
              .hasMessageContaining("join the user namespace of process " + pid + " as well");
        }
      }
    };

    private final String host;

    Scenario() {
      this(LENT);
    }

    Scenario(String host) {
      this.host = host;
    }

    abstract void play(Engine engine, Path state) throws Exception;

    public static void main(String[] args) throws Exception {
      assertThat(Rights.current().privileged()).isFalse();
      Path state = Path.of(args[0]);
      List<Fact> facts = new CopyOnWriteArrayList<>();
      try (Engine engine = Engine.open(state, facts::add)) {
        valueOf(args[1]).play(engine, state);
      }
      assertThat(ProcessHandle.current().children()).isEmpty();
      assertThat(state.resolve("run")).isEmptyDirectory();
    }
  }

  private static final String LENT =
      "mount --bind lent /etc/subuid; mount --bind lent /etc/subgid\n";

  /** A folder that whoever runs the engine may neither read nor empty. */
  private static final String FOREIGN =
      "mkdir -p /theirs/deep; touch /theirs/deep/file; chown -R 33:33 /theirs;"
          + " chmod 700 /theirs/deep; chmod 500 /theirs";

  private static ContainerSpec ranges(String script) {
    Root root = new Root.Image("lesson");
    Set<NamespaceType> kinds =
        EnumSet.of(NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT, NamespaceType.NET);
    return ContainerSpec.of("box", kinds, root, Proc.NEW, List.of("sh", "-c", script))
        .withNamespaces(Namespaces.of(kinds).withIds(IdMap.RANGES))
        .withFiles(Filesystem.usual(root, Proc.NEW))
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(Stdio.PIPES);
  }

  private static Container listening(Engine engine) {
    Container host =
        engine.prepare(
            ranges("while :; do nc -l -p 77 -e echo hello; done")
                .withNetwork(new Network.Loopback()));
    host.start();
    return host;
  }

  private static ContainerSpec talking(Namespaces namespaces) {
    ContainerSpec spec = ranges("until nc 127.0.0.1 77 </dev/null; do :; done; id -u");
    return new ContainerSpec(
        "guest",
        namespaces,
        spec.files(),
        spec.hostname(),
        spec.program(),
        spec.stdio(),
        spec.limits(),
        spec.network(),
        spec.hardening(),
        spec.wire(),
        spec.stopSignal());
  }

  private static String run(Engine engine, ContainerSpec spec) throws Exception {
    try (Container container = engine.prepare(spec)) {
      container.start();
      return output(container);
    }
  }

  private static String output(Container container) throws Exception {
    String out = new String(container.stdout().orElseThrow().readAllBytes(), UTF_8);
    String err = new String(container.stderr().orElseThrow().readAllBytes(), UTF_8);
    assertThat(container.exited().get(20, TimeUnit.SECONDS))
        .as("%s%s", out, err)
        .isEqualTo(new ExitStatus.Exited(0));
    return out;
  }
}
