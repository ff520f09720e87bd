package dev.terrarium.engine.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.netlink.Link;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.netlink.NfTables;
import dev.terrarium.engine.netlink.Rtnetlink;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The host as a member of the subnet, and as the router of it. Each scenario is a JVM of its own in
 * a net namespace of its own, which is "the host": the machine's interfaces, routes, rules and its
 * forwarding are never touched.
 */
@Timeout(120)
class HostAtTheSwitchTest {
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");

  @TempDir Path state;

  @BeforeEach
  void needs() {
    Host.requires(Host.busybox(), "busybox, for nc and ping");
    Host.requires(Files.isExecutable(Path.of("/usr/bin/unshare")), "unshare(1)");
  }

  @ParameterizedTest
  @EnumSource
  void holds(Scenario scenario) throws Exception {
    // Without root's rights: as root of a user namespace, which is the same to the engine.
    List<String> alone =
        Rights.current().privileged()
            ? List.of("unshare", "--net")
            : List.of("unshare", "--map-root-user", "--net");
    OtherJvm.run(alone, state, Scenario.class, scenario.name());
  }

  /** What happens in the JVM that is alone in its net namespace. */
  public enum Scenario {
    THE_HOST_AND_ITS_CONTAINERS_REACH_EACH_OTHER {
      @Override
      void play(Path state) throws Exception {
        List<Fact> facts = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.open(state, facts::add)) {
          String name = "tr-" + ProcessHandle.current().pid();
          try (Container container =
              engine.prepare(spec("box", "ip route | grep default; nc -l -p 7 -e echo hello"))) {
            container.start();
            assertThat(Host.interfaces()).containsExactlyInAnyOrder("lo", name);
            assertThat(answer(container.address().orElseThrow())).isEqualTo("hello\n");
            assertThat(new String(container.stdout().orElseThrow().readAllBytes(), UTF_8))
                .startsWith("default via 10.99.0.1 dev eth0");
          }
          assertThat(Host.interfaces()).as("after the last container").containsExactly("lo");
        }
      }
    },

    NOBODY_SWITCHES_FORWARDING_ON_FOR_THE_WHOLE_HOST {
      @Override
      void play(Path state) throws Exception {
        Files.writeString(FORWARDING, "0");
        List<Fact> facts = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.open(state, facts::add);
            Container container = engine.prepare(spec("box", "exec sleep 1000"))) {
          container.start();
          assertThat(facts)
              .filteredOn(Fact.LeftOut.class::isInstance)
              .extracting(fact -> ((Fact.LeftOut) fact).why())
              .singleElement()
              .asString()
              .endsWith("sysctl net.ipv4.ip_forward=1 would make the whole host a router");
        }
        assertThat(FORWARDING).hasContent("0");
      }
    },

    A_CONTAINER_REACHES_WHAT_IS_BEYOND_THE_HOST_WITH_THE_HOSTS_ADDRESS {
      @Override
      void play(Path state) throws Exception {
        Files.writeString(FORWARDING, "1");
        List<Fact> facts = new CopyOnWriteArrayList<>();
        // Out there nobody has a route to the switch: only who speaks as the host is answered.
        String ping = "ping -c 1 -W 3 198.51.100.2";
        String table = "tr-" + ProcessHandle.current().pid();
        try (Neighbour neighbour = Neighbour.plugIn(new StateFolder(state));
            Engine engine = Engine.open(state, facts::add)) {
          try (Container container = engine.prepare(spec("box", ping))) {
            container.start();
            assertThat(container.exited().get(20, TimeUnit.SECONDS))
                .isEqualTo(new ExitStatus.Exited(0));
            assertThat(facts).noneMatch(Fact.LeftOut.class::isInstance);
            // The table is there, and belongs to a socket that is not ours.
            assertThatThrownBy(() -> neighbour.takeTable(table))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("EPERM");
          }
          neighbour.takeTable(table);
        }
      }
    },

    NOTHING_IS_LEFT_ON_THE_HOST_WHEN_THE_ENGINE_IS_KILLED {
      @Override
      void play(Path state) throws Exception {
        Files.writeString(FORWARDING, "1");
        Process victim =
            OtherJvm.of(Victim.class, state.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String name;
        try (BufferedReader lines = victim.inputReader()) {
          name = Optional.ofNullable(lines.readLine()).orElseThrow();
        }
        assertThat(Host.interfaces()).contains(name);
        victim.destroyForcibly().waitFor();
        // The kernel takes down a net namespace some time after the last process left it.
        await(() -> !Host.interfaces().contains(name));
        assertThat(Leftovers.sweep(new StateFolder(state)))
            .noneMatch(line -> line.startsWith("not removed"));
        assertThat(state.resolve("run")).isEmptyDirectory();
        try (Neighbour neighbour = Neighbour.plugIn(new StateFolder(state))) {
          neighbour.takeTable(name);
        }
      }
    },

    AN_INTERFACE_THAT_SURVIVED_ITS_ENGINE_IS_REMOVED_BY_THE_NEXT_ONE {
      @Override
      void play(Path state) throws Exception {
        StateFolder folder = new StateFolder(state);
        try (Stub stub = Stub.start(folder.stub(Arch.host()), Arch.host(), call -> {});
            Netlink kernel = Netlink.open(stub, Netlink.Family.ROUTE)) {
          kernel.change(Rtnetlink.newBridge("tr-1"));
          kernel.change(Rtnetlink.newBridge("tr-2"));
          kernel.change(Rtnetlink.newBridge("foreign"));
          try (Run run = Run.begin(folder)) {
            run.note(Resource.Link.here("tr-1"));
            run.note(new Resource.Link("tr-2", "net:[1]"));
            run.note(Resource.Link.here("tr-3"));
          }
          assertThat(kernel.links())
              .extracting(Link::name)
              .containsExactlyInAnyOrder("lo", "tr-2", "foreign");
        }
        assertThat(state.resolve("run")).isEmptyDirectory();
      }
    };

    abstract void play(Path state) throws Exception;

    public static void main(String[] args) throws Exception {
      valueOf(args[1]).play(Path.of(args[0]));
    }

    static ContainerSpec spec(String name, String script) {
      return ContainerSpec.of(
              name,
              EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.NET),
              new Root.Image("lesson"),
              Proc.NEW,
              List.of("sh", "-c", script))
          .withEnv(List.of("PATH=/bin:/usr/bin"))
          .withStdio(Stdio.PIPES)
          .withNetwork(new Network.Bridge(true));
    }

    /** What the container's program says to whoever calls; it may not listen yet. */
    static String answer(Inet4Address address) throws IOException {
      while (true) {
        try (Socket socket = new Socket(address, 7)) {
          return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (ConnectException e) {
          Thread.onSpinWait();
        }
      }
    }

    static void await(Callable<Boolean> condition) throws Exception {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!condition.call()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  /** Has a container and the host at its switch, says the interface's name, and is killed. */
  public static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      Engine engine = Engine.open(Path.of(args[0]), fact -> {});
      engine.prepare(Scenario.spec("box", "exec sleep 1000")).start();
      System.out.println("tr-" + ProcessHandle.current().pid()); // the scenario reads it
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** A computer on another network of the host, 198.51.100.0/24, with no route to anywhere. */
  private record Neighbour(Stub host, Stub there) implements AutoCloseable {
    static Neighbour plugIn(StateFolder state) throws IOException {
      Path program = state.stub(Arch.host());
      Stub host = Stub.start(program, Arch.host(), call -> {});
      Stub there = Stub.start(program, Arch.host(), call -> {});
      there.make(Calls.unshare(NamespaceType.NET.cloneFlag()));
      try (Netlink here = Netlink.open(host, Netlink.Family.ROUTE);
          Netlink beyond = Netlink.open(there, Netlink.Family.ROUTE)) {
        here.change(Rtnetlink.newBridge("lan"));
        here.change(
            Rtnetlink.newAddress(here.link("lan"), Inet4Address.ofLiteral("198.51.100.1"), 24));
        here.change(Rtnetlink.newVeth("wall", here.link("lan"), "eth0", there.pid()));
        Link eth0 = beyond.link("eth0");
        beyond.change(Rtnetlink.newAddress(eth0, Inet4Address.ofLiteral("198.51.100.2"), 24));
        beyond.change(Rtnetlink.up(eth0));
      }
      return new Neighbour(host, there);
    }

    /** Makes a table of that name, which fails if another socket has one. */
    void takeTable(String name) {
      try (Netlink filter = Netlink.open(host, Netlink.Family.NETFILTER)) {
        filter.change(NfTables.masquerade(name, Inet4Address.ofLiteral("10.0.0.0"), 24, "nowhere"));
      }
    }

    @Override
    public void close() {
      there.close();
      host.close();
    }
  }
}
