package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Look;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real namespaces isolate, read from outside and by visitors. */
class LookTest extends OnTheKernel {
  private static final int SELF = (int) ProcessHandle.current().pid();

  /** All eight namespaces, and a script of the host's shell. */
  private static ContainerSpec onHost(String script) {
    Host.requiresRoot();
    Namespaces all =
        Namespaces.of(EnumSet.allOf(NamespaceType.class))
            .withClocks(new ClockOffsets(Duration.ofSeconds(60), Duration.ofMillis(-500)));
    return ContainerSpec.of(
            "box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh", "-c", script))
        .withNamespaces(all)
        .withHostname("glass")
        .withNetwork(new Network.Loopback())
        .withEnv(List.of("PATH=" + System.getenv("PATH")))
        .withStdio(Stdio.PIPES);
  }

  private static <T extends Isolation> T only(Look look, int pid, Class<T> kind) {
    return look.of(pid).stream()
        .map(NamespaceView::isolation)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError(look.of(pid).toString()));
  }

  @Test
  void eachKindTellsWhatItKeepsApart() throws Exception {
    Host.requires(Files.isExecutable(Path.of("/usr/bin/ipcmk")), "ipcmk(1)");
    ContainerSpec spec =
        onHost(
                "ipcmk -M 12345 >/dev/null; ipcmk -S 3 >/dev/null; ipcmk -Q >/dev/null; echo ready; read line")
            .withLimits(Limits.NONE.withPids(64));
    try (Container box = engine.prepare(spec)) {
      box.start();
      assertThat(line(box)).isEqualTo("ready");
      int pid = box.pid().orElseThrow();
      Look look = engine.look(Set.of(pid));

      assertThat(look.of(pid)).allMatch(view -> view.hidden().isEmpty());
      assertThat(only(look, pid, Isolation.Uts.class).hostname()).isEqualTo("glass");

      Isolation.Ipc ipc = only(look, pid, Isolation.Ipc.class);
      assertThat(ipc.segments())
          .singleElement()
          .satisfies(it -> assertThat(it.bytes()).isEqualTo(12345));
      assertThat(ipc.semaphores())
          .singleElement()
          .satisfies(it -> assertThat(it.count()).isEqualTo(3));
      assertThat(ipc.queues()).hasSize(1);
      assertThat(ipc.posixQueues()).isEmpty();

      Isolation.Net net = only(look, pid, Isolation.Net.class);
      assertThat(net.interfaces())
          .filteredOn(it -> it.name().equals("lo"))
          .singleElement()
          .satisfies(lo -> {
            assertThat(lo.up()).isTrue();
            assertThat(lo.addresses()).contains("127.0.0.1/8");
          });

      Isolation.User user = only(look, pid, Isolation.User.class);
      assertThat(user.uids())
          .singleElement()
          .hasToString("IdMapping[inside=0, outside=0, count=1]");
      assertThat(user.setgroups()).isFalse();
      assertThat(user.madeBy()).hasValue(0);
      NamespaceSet own = ProcessLinks.namespaces(SELF);
      assertThat(user.parent()).hasValue(own.user());
      assertThat(only(look, pid, Isolation.Pid.class).parent()).hasValue(own.pid());

      Isolation.Time time = only(look, pid, Isolation.Time.class);
      assertThat(time)
          .isEqualTo(new Isolation.Time(Duration.ofSeconds(60), Duration.ofMillis(-500)));

      String cgroup = "/terrarium/" + boxRun() + "/box";
      assertThat(only(look, pid, Isolation.Cgroup.class).roots())
          .extracting(Isolation.Cgroup.Root::path)
          .anyMatch(path -> path.endsWith(cgroup));

      long inside = ProcessLinks.namespaces(pid).user();
      assertThat(look.of(pid))
          .filteredOn(view -> view.namespace().type() != NamespaceType.USER)
          .allMatch(view -> view.owner().orElse(0) == inside);
    }
  }

  private String boxRun() throws Exception {
    try (var runs = Files.list(state.resolve("run"))) {
      return runs.findFirst().orElseThrow().getFileName().toString();
    }
  }

  @Test
  void messageQueuesOfPosixAreSeenWithoutBeingMountedInside() throws Exception {
    String script =
        "mkdir /tmp/q.$$; mount -t mqueue q /tmp/q.$$; touch /tmp/q.$$/post; umount /tmp/q.$$; rmdir /tmp/q.$$; echo ready; read line";
    try (Container box = engine.prepare(onHost(script))) {
      box.start();
      assertThat(line(box)).isEqualTo("ready");
      int pid = box.pid().orElseThrow();
      assertThat(only(engine.look(Set.of(pid)), pid, Isolation.Ipc.class).posixQueues())
          .containsExactly(new Isolation.Ipc.PosixQueue("post", 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void socketsAndRoutesOfAContainerAreItsOwn(As as) throws Exception {
    ContainerSpec spec =
        shell(
                as,
                files -> files,
                "nc -l -p 77 & ip address add 10.1.2.3/24 dev lo; until nc -z 127.0.0.1 78 || netstat -ltn | grep -q :77; do :; done; echo ready; read line")
            .withNetwork(new Network.Loopback());
    try (Container box = engine.prepare(spec)) {
      box.start();
      assertThat(line(box)).isEqualTo("ready");
      int pid = box.pid().orElseThrow();
      Isolation.Net net = only(engine.look(Set.of(pid)), pid, Isolation.Net.class);
      assertThat(net.sockets().listening()).hasSize(1).first().asString().endsWith(":77");
      assertThat(net.interfaces().getFirst().addresses()).contains("10.1.2.3/24");
    }
  }

  @Test
  void aNamespaceThatIsSharedIsLookedIntoOnce() throws Exception {
    try (Container box = engine.prepare(onHost("sleep 1000 & echo $!; read line"))) {
      box.start();
      String ignored = line(box);
      int pid = box.pid().orElseThrow();
      int child =
          (int) ProcessHandle.of(pid).orElseThrow().children().findFirst().orElseThrow().pid();
      Look look = engine.look(Set.of(pid, child, SELF));
      assertThat(ignored).isNotEmpty();
      assertThat(look.processes()).containsOnlyKeys(pid, child, SELF);
      assertThat(look.namespaces()).hasSize(16);
      assertThat(look.of(child)).isEqualTo(look.of(pid));
    }
  }

  @Test
  void whatChangesInsideIsSeenByTheNextLook() throws Exception {
    try (Container box = engine.prepare(onHost("read line; hostname jar; echo ready; read line"))) {
      box.start();
      int pid = box.pid().orElseThrow();
      Look before = engine.look(Set.of(pid));
      assertThat(engine.look(Set.of(pid)).since(before)).isEmpty();
      goOn(box);
      assertThat(line(box)).isEqualTo("ready");
      assertThat(engine.look(Set.of(pid)).since(before))
          .containsExactly(
              new Look.Change(
                  new Namespace(NamespaceType.UTS, ProcessLinks.namespaces(pid).uts()),
                  "host name",
                  Optional.of("glass"),
                  Optional.of("jar")));
    }
  }

  @Test
  void aLookIsNoPartOfTheTraceAndLeavesNobodyInside() throws Exception {
    try (Container box = engine.prepare(onHost("read line"))) {
      box.start();
      int pid = box.pid().orElseThrow();
      int told = facts.size();
      long inode = ProcessLinks.namespaces(pid).uts();
      assertThat(engine.look(Set.of(pid)).namespaces()).hasSize(8);
      assertThat(facts).hasSize(told);
      assertThat(engine.observe().processes())
          .filteredOn(process -> process.namespaces().uts() == inode)
          .hasSize(1);
    }
  }

  @Test
  void aProcessThatIsNotThereIsNotLookedAt() {
    assertThatThrownBy(() -> engine.look(Set.of(0x7fff_ffff)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("process 2147483647: there is no such process");
  }
}
