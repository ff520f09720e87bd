package dev.terrarium.engine.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.NetworkStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The switch without any right on the host. Each scenario is a JVM of its own in a user namespace
 * in which whoever runs the tests is number 1000 and has no capability.
 */
@Timeout(120)
class OrdinaryUserAtTheSwitchTest {
  private static final List<String> AS_AN_ORDINARY_USER =
      List.of("unshare", "--user", "--map-user=1000", "--map-group=1000");

  @TempDir Path folder;

  @BeforeEach
  void needs() {
    Host.requires(Host.busybox(), "busybox, for nc and ping");
    Host.requires(Files.isExecutable(Path.of("/usr/bin/unshare")), "unshare(1)");
  }

  @ParameterizedTest
  @EnumSource
  void holds(Scenario scenario) throws Exception {
    OtherJvm.run(AS_AN_ORDINARY_USER, folder, Scenario.class, scenario.name());
  }

  /** What happens in the JVM that has no rights. */
  public enum Scenario {
    TWO_CONTAINERS_TALK_TO_EACH_OTHER {
      @Override
      void play(Engine engine, List<Fact> facts) throws Exception {
        try (Container first = engine.prepare(spec("first", false, "nc -l -p 7 -e echo hello"))) {
          first.start();
          String peer = first.address().orElseThrow().getHostAddress();
          String script = "until : | nc %s 7; do :; done; cat /proc/self/uid_map".formatted(peer);
          try (Container second = engine.prepare(spec("second", false, script))) {
            second.start();
            assertThat(second.exited().get(20, TimeUnit.SECONDS))
                .isEqualTo(new ExitStatus.Exited(0));
            assertThat(output(second)).startsWith("hello\n").containsPattern("0 +0 +1");
          }
        }
      }
    },

    EACH_CONTAINER_HAS_A_USER_NAMESPACE_OF_ITS_OWN_BELOW_THE_SWITCHS {
      @Override
      void play(Engine engine, List<Fact> facts) {
        try (Container first = engine.prepare(spec("first", false, "exec sleep 1000"));
            Container second = engine.prepare(spec("second", false, "exec sleep 1000"))) {
          first.start();
          second.start();
          Snapshot seen = engine.observe();
          long keeper =
              seen.processes().stream()
                  .filter(process -> process.name().equals("tr-switch"))
                  .findFirst()
                  .orElseThrow()
                  .namespaces()
                  .user();
          assertThat(List.of(keeper, seen.self().user(), user(seen, first), user(seen, second)))
              .doesNotHaveDuplicates();
        }
      }
    },

    THE_HOST_CANNOT_BE_PLUGGED_IN_AND_THE_CONTAINER_GOES_ON_WITHOUT {
      @Override
      void play(Engine engine, List<Fact> facts) throws Exception {
        try (Container container = engine.prepare(spec("box", true, "ip route"))) {
          container.start();
          assertThat(output(container)).contains("10.99.0.0/24").doesNotContain("default");
          assertThat(facts)
              .filteredOn(Fact.LeftOut.class::isInstance)
              .extracting(fact -> ((Fact.LeftOut) fact).step())
              .containsExactly("plug-in-host");
        }
      }
    },

    A_RUNNING_CONTAINER_CAN_BE_VISITED {
      @Override
      void play(Engine engine, List<Fact> facts) {
        try (Container container = engine.prepare(spec("box", false, "exec sleep 1000"))) {
          container.start();
          container.perform(new NetworkStep.LoopbackUp());
        }
      }
    },

    A_SETUP_CAN_BE_ABANDONED_AFTER_ANY_STEP {
      @Override
      void play(Engine engine, List<Fact> facts) {
        int steps = 0;
        int all;
        do {
          try (Container container = engine.prepare(spec("box", false, "exec sleep 1000"))) {
            all = container.plan().size();
            for (int i = 0; i < steps; i++) {
              container.step();
            }
          }
          assertThat(ProcessHandle.current().descendants().map(ProcessHandle::info))
              .as("after %d steps", steps)
              .noneMatch(info -> info.command().orElse("").endsWith("busybox"))
              .hasSizeLessThanOrEqualTo(1);
        } while (steps++ < all);
      }
    };

    abstract void play(Engine engine, List<Fact> facts) throws Exception;

    public static void main(String[] args) throws Exception {
      assertThat(Rights.current().privileged()).isFalse();
      List<Fact> facts = new CopyOnWriteArrayList<>();
      try (Engine engine = Engine.open(Path.of(args[0]), facts::add)) {
        valueOf(args[1]).play(engine, facts);
      }
      assertThat(ProcessHandle.current().children()).isEmpty();
    }

    static ContainerSpec spec(String name, boolean nat, String script) {
      return ContainerSpec.of(
              name,
              EnumSet.of(
                  NamespaceType.USER, NamespaceType.PID, NamespaceType.MNT, NamespaceType.NET),
              new Root.Image("lesson"),
              Proc.NEW,
              List.of("sh", "-c", script))
          .withEnv(List.of("PATH=/bin:/usr/bin"))
          .withStdio(Stdio.PIPES)
          .withNetwork(new Network.Bridge(nat));
    }

    static String output(Container container) throws Exception {
      return new String(container.stdout().orElseThrow().readAllBytes(), UTF_8);
    }

    static long user(Snapshot seen, Container container) {
      return seen.process(container.pid().orElseThrow()).orElseThrow().namespaces().user();
    }
  }
}
