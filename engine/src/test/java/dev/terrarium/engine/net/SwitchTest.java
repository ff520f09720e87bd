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
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Containers at the engine's switch, on the real kernel. The switch has a net namespace of its own,
 * so that none of this touches an interface of the machine.
 */
@Timeout(60)
class SwitchTest {
  private static final Network SWITCH = new Network.Bridge(false);

  @TempDir Path state;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private Engine engine;
  private List<String> interfacesBefore;

  @BeforeEach
  void open() throws IOException {
    Host.requires(Host.busybox(), "busybox, for nc and ping");
    interfacesBefore = Host.interfaces();
    engine = Engine.open(state, facts::add);
  }

  @AfterEach
  void theHostsInterfacesAreWhatTheyWere() throws IOException {
    assertThat(Host.interfaces()).isEqualTo(interfacesBefore);
    engine.close();
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  private static ContainerSpec spec(String name, Network network, String script) {
    Set<NamespaceType> namespaces =
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.NET);
    if (!Rights.current().privileged()) {
      namespaces.add(NamespaceType.USER);
    }
    return ContainerSpec.of(
            name, namespaces, new Root.Image("lesson"), Proc.NEW, List.of("sh", "-c", script))
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(Stdio.PIPES)
        .withNetwork(network);
  }

  private Container prepare(String name, Network network, String script) {
    return engine.prepare(spec(name, network, script));
  }

  private static String output(Container container) throws IOException {
    return new String(container.stdout().orElseThrow().readAllBytes(), UTF_8);
  }

  private static ExitStatus end(Container container) throws Exception {
    return container.exited().get(20, TimeUnit.SECONDS);
  }

  private static String address(Container container) {
    return container.address().orElseThrow().getHostAddress();
  }

  private List<String> calls() {
    return facts.stream()
        .filter(Fact.Called.class::isInstance)
        .map(fact -> ((Fact.Called) fact).call())
        .map(SwitchTest::shown)
        .toList();
  }

  private static String shown(SyscallEvent call) {
    return call.name()
        + call.args().stream().map(Arg::text).collect(Collectors.joining(", ", "(", ")"))
        + call.note().map(note -> " " + note).orElse("");
  }

  @Test
  void twoContainersTalkToEachOther() throws Exception {
    try (Container first = prepare("first", SWITCH, "nc -l -p 7 -e echo hello")) {
      first.start();
      String peer = address(first);
      // The other may not listen yet; then it refuses.
      String script = "ping -c 1 -W 5 %s && until : | nc %s 7; do :; done".formatted(peer, peer);
      try (Container second = prepare("second", SWITCH, script)) {
        second.start();
        assertThat(end(second)).isEqualTo(new ExitStatus.Exited(0));
        assertThat(output(second)).contains("1 packets received").endsWith("hello\n");
        assertThat(address(second)).isNotEqualTo(peer);
      }
    }
  }

  @Test
  void aContainerOnTheSwitchReachesTheSwitchAndNothingBeyond() throws Exception {
    try (Container container =
        prepare("box", SWITCH, "ip -o -4 address show eth0; ip route; ping -c 1 192.0.2.1")) {
      container.start();
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(1));
      assertThat(output(container))
          .contains("inet " + address(container) + "/24")
          .doesNotContain("default");
      assertThat(new String(container.stderr().orElseThrow().readAllBytes(), UTF_8))
          .contains("Network is unreachable");
    }
  }

  @Test
  void loopbackIsDownUntilSomebodySwitchesItOn() throws Exception {
    try (Container untouched =
            prepare("untouched", new Network.Untouched(), "ping -c 1 -W 5 127.0.0.1");
        Container loopback =
            prepare("loopback", new Network.Loopback(), "ping -c 1 -W 5 127.0.0.1")) {
      untouched.start();
      loopback.start();
      assertThat(end(untouched)).isEqualTo(new ExitStatus.Exited(1));
      assertThat(end(loopback)).isEqualTo(new ExitStatus.Exited(0));
      assertThat(loopback.address()).isEmpty();
    }
  }

  @Test
  void nobodyGetsAnAddressThatAnotherHasOrHadJustNow() {
    try (Container first = prepare("first", SWITCH, "true")) {
      assertThat(address(first)).endsWith(".2");
      try (Container second = prepare("second", SWITCH, "true")) {
        assertThat(address(second)).endsWith(".3");
      }
      try (Container third = prepare("third", SWITCH, "true")) {
        assertThat(address(third)).endsWith(".4");
      }
    }
    assertThat(facts).as("nothing was made for a plan").isEmpty();
  }

  @Test
  void theTraceTellsWhatWasSaidToTheKernel() throws Exception {
    try (Container container = prepare("box", SWITCH, "true")) {
      container.start();
      int pid = container.pid().orElseThrow();
      assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
      assertThat(calls())
          .anyMatch(call -> call.endsWith("{RTM_NEWLINK, bridge \"br0\" up}, 56, 0, NULL, 0)"))
          .anyMatch(call ->
              call.contains(
                  "{RTM_NEWLINK, veth \"port2\" up master \"br0\", peer \"eth0\" netns %d}"
                      .formatted(pid)))
          .anyMatch(call -> call.contains("{RTM_NEWADDR, " + address(container) + "/24 \"eth0\"}"))
          .anyMatch(call -> call.startsWith("recvfrom(") && call.endsWith(" granted"));
    }
  }

  @Test
  void theSwitchGoesOffWithTheLastContainerAndOnAgainWithTheNext() throws Exception {
    for (int turn = 1; turn <= 2; turn++) {
      try (Container container = prepare("box", SWITCH, "true")) {
        container.start();
        assertThat(end(container)).isEqualTo(new ExitStatus.Exited(0));
        assertThat(ProcessHandle.of(keeper())).isPresent();
      }
      assertThat(ProcessHandle.of(keeper())).isEmpty();
    }
  }

  @Test
  void whoKillsTheKeeperGetsANewSwitchForTheNextContainer() throws Exception {
    try (Container first = prepare("first", SWITCH, "exec sleep 1000")) {
      first.start();
      ProcessHandle keeper = ProcessHandle.of(keeper()).orElseThrow();
      keeper.destroyForcibly();
      keeper.onExit().get(10, TimeUnit.SECONDS);
      try (Container second = prepare("second", SWITCH, "ip -o link show eth0")) {
        second.start();
        assertThat(output(second)).contains("LOWER_UP");
      }
    }
  }

  /** Who left for a net namespace of its own last. */
  private long keeper() {
    return facts.stream()
        .filter(
            fact -> fact instanceof Fact.Called called && called.call().name().equals("unshare"))
        .mapToLong(fact -> ((Fact.Called) fact).call().pid())
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  @Test
  void aNetworkOfItsOwnNeedsANetNamespaceOfItsOwn() {
    ContainerSpec sharing =
        ContainerSpec.of("box", Set.of(), new Root.Host(), Proc.HOST, List.of("/bin/true"))
            .withNetwork(SWITCH);
    assertThatThrownBy(() -> engine.prepare(sharing))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessageContaining("add the net namespace");
  }
}
