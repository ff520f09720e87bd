package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of namespace, alone, together and shared, and what it keeps apart. */
class NamespacesTest extends OnTheKernel {
  private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);
  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final Duration DAY = Duration.ofDays(1);

  /** A script of the host's own shell, in those namespaces and in all others of the engine. */
  private static ContainerSpec onHost(Namespaces namespaces, String script) {
    Host.requiresRoot();
    return ContainerSpec.of(
            "box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh", "-c", script))
        .withNamespaces(namespaces)
        .withEnv(List.of("PATH=" + System.getenv("PATH")))
        .withStdio(Stdio.PIPES);
  }

  private static ContainerSpec inImage(As as, UnaryOperator<Namespaces> namespaces, String script) {
    ContainerSpec shell = shell(as, files -> files, script);
    return shell.withNamespaces(namespaces.apply(shell.namespaces()));
  }

  private static UnaryOperator<Namespaces> with(NamespaceType... more) {
    return namespaces -> {
      Set<NamespaceType> fresh = EnumSet.copyOf(namespaces.fresh());
      fresh.addAll(List.of(more));
      return new Namespaces(fresh, namespaces.joined(), namespaces.ids(), namespaces.clocks());
    };
  }

  /** Which of its namespaces a running container has not from the engine. */
  private Set<NamespaceType> apart(Container container) {
    return ProcessLinks.apart(container.pid().orElseThrow(), ALL);
  }

  @ParameterizedTest
  @EnumSource
  void isMadeAlone(NamespaceType type) {
    try (Container box = engine.prepare(onHost(Namespaces.of(Set.of(type)), "read line"))) {
      box.start();
      assertThat(apart(box)).containsExactly(type);
    }
  }

  @ParameterizedTest
  @EnumSource
  void areMadeAllTogether(As as) {
    ContainerSpec spec = inImage(as, with(NamespaceType.CGROUP, NamespaceType.TIME), "read line");
    try (Container box = engine.prepare(spec)) {
      box.start();
      Set<NamespaceType> expected = EnumSet.copyOf(ALL);
      if (as == As.ROOT) {
        expected.remove(NamespaceType.USER);
      }
      assertThat(apart(box)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void clocksDifferByTheirOffsets(As as) throws Exception {
    ClockOffsets offsets = new ClockOffsets(DAY, DAY.multipliedBy(2).plusMillis(500));
    ContainerSpec spec =
        inImage(
            as,
            namespaces -> with(NamespaceType.TIME).apply(namespaces).withClocks(offsets),
            "cat /proc/uptime /proc/self/timens_offsets");
    double before = uptime(Files.readString(Path.of("/proc/uptime")));
    String inside = run(spec);
    double after = uptime(Files.readString(Path.of("/proc/uptime")));
    assertThat(uptime(inside)).isBetween(before + 2 * 86400, after + 2 * 86400 + 1);
    assertThat(inside)
        .containsPattern("monotonic +86400 +0\n")
        .containsPattern("boottime +172800 +500000000\n");
  }

  private static double uptime(String text) {
    return Double.parseDouble(text.substring(0, text.indexOf(' ')));
  }

  @Test
  void noClockGoesBackBehindTheStartOfTheHost() {
    ClockOffsets back = new ClockOffsets(Duration.ofDays(-36500), Duration.ZERO);
    Namespaces time = Namespaces.of(Set.of(NamespaceType.TIME)).withClocks(back);
    try (Container box = engine.prepare(onHost(time, "true"))) {
      assertThatThrownBy(box::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageStartingWith("set-clocks: no clock may show less than zero");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCgroupNamespaceShowsTheContainersCgroupAsTheRoot(As as) throws Exception {
    String script =
        "cat /proc/self/cgroup; find /sys/fs/cgroup -name cgroup.procs | xargs grep -lx 1";
    ContainerSpec spec =
        inImage(as, with(NamespaceType.CGROUP), script).withLimits(Limits.NONE.withPids(64));
    String output = run(spec);
    assertThat(output).contains("pids:/\n");
    String pids =
        Cgroups.find().layout() == Cgroups.Layout.V2
            ? "/sys/fs/cgroup/cgroup.procs"
            : "/sys/fs/cgroup/pids/cgroup.procs";
    assertThat(output.lines()).contains(pids);
  }

  @Test
  void nobodyWritesToTheCgroupsFromInside() throws Exception {
    ContainerSpec spec =
        inImage(
                As.ROOT,
                with(NamespaceType.CGROUP),
                "for folder in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir $folder/x 2>/dev/null && echo made $folder; done; true")
            .withLimits(Limits.COUNTED);
    assertThat(run(spec)).isEmpty();
  }

  @Test
  void memoryThatIsSharedBySystemVIsNotSharedWithTheHost() throws Exception {
    Host.requires(Files.isExecutable(Path.of("/usr/bin/ipcmk")), "ipcmk(1)");
    Namespaces ipc = Namespaces.of(Set.of(NamespaceType.IPC));
    String table = Files.readString(Path.of("/proc/sysvipc/shm"));
    String inside = "ipcmk -M 12345 >/dev/null; cat /proc/sysvipc/shm; read line";
    try (Container box = engine.prepare(onHost(ipc, inside))) {
      box.start();
      assertThat(line(box)).contains("shmid");
      assertThat(line(box)).containsPattern(" 12345 ");
      assertThat(Path.of("/proc/sysvipc/shm")).hasContent(table);
    }
  }

  @Test
  void aHostNameThatIsSetInsideIsNotSeenOutside() throws Exception {
    Namespaces uts = Namespaces.of(Set.of(NamespaceType.UTS));
    Path file = Path.of("/proc/sys/kernel/hostname");
    String outside = Files.readString(file);
    try (Container box = engine.prepare(onHost(uts, "hostname").withHostname("glass"))) {
      box.start();
      assertThat(output(box)).isEqualTo("glass\n");
      assertThat(file).hasContent(outside.strip());
    }
  }

  // Joining.

  private Map<NamespaceType, Integer> of(Container container, NamespaceType... types) {
    Map<NamespaceType, Integer> joined = new EnumMap<>(NamespaceType.class);
    for (NamespaceType type : types) {
      joined.put(type, container.pid().orElseThrow());
    }
    return joined;
  }

  private static ContainerSpec named(String name, ContainerSpec spec) {
    return new ContainerSpec(
        name,
        spec.namespaces(),
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

  private static ContainerSpec guest(As as, Set<NamespaceType> fresh, String script) {
    ContainerSpec spec = shell(as, files -> files, script);
    ContainerSpec nameless =
        new ContainerSpec(
            "guest",
            Namespaces.of(fresh),
            spec.files(),
            java.util.Optional.empty(),
            spec.program(),
            spec.stdio(),
            spec.limits(),
            spec.network(),
            spec.hardening(),
            spec.wire(),
            spec.stopSignal());
    return nameless;
  }

  private static void same(Container one, Container other, NamespaceType... types) {
    for (NamespaceType type : types) {
      assertThat(ProcessLinks.namespace(one.pid().orElseThrow(), type))
          .as(type.procName())
          .isPresent()
          .isEqualTo(ProcessLinks.namespace(other.pid().orElseThrow(), type));
    }
  }

  @ParameterizedTest
  @EnumSource
  void containersOfOnePodTalkOverLoopbackAndHaveFilesOfTheirOwn(As as) throws Exception {
    ContainerSpec first =
        shell(as, files -> files, "nc -l -p 77 -e hostname & read line")
            .withNetwork(new Network.Loopback());
    try (Container host = engine.prepare(first)) {
      host.start();
      Map<NamespaceType, Integer> shared =
          of(host, NamespaceType.NET, NamespaceType.IPC, NamespaceType.UTS);
      if (as == As.ROOTLESS) {
        shared.put(NamespaceType.USER, host.pid().orElseThrow());
      }
      Set<NamespaceType> own = EnumSet.of(NamespaceType.MNT, NamespaceType.PID);
      ContainerSpec spec =
          guest(as, own, "until nc 127.0.0.1 77 </dev/null; do :; done; echo $$; read line");
      try (Container guest =
          engine.prepare(spec.withNamespaces(spec.namespaces().joining(shared)))) {
        guest.start();
        assertThat(line(guest)).isEqualTo("glass");
        assertThat(line(guest)).isEqualTo("1");
        same(host, guest, NamespaceType.NET, NamespaceType.IPC, NamespaceType.UTS);
        same(host, guest, NamespaceType.USER);
        assertThat(guest.plan()).anyMatch(step -> step.id().equals("join"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindCanBeJoinedAtOnce(As as) throws Exception {
    ContainerSpec all = inImage(as, with(NamespaceType.CGROUP, NamespaceType.TIME), "read line");
    try (Container host = engine.prepare(all)) {
      host.start();
      Set<NamespaceType> types = EnumSet.copyOf(host.spec().namespaces().fresh());
      Map<NamespaceType, Integer> shared = of(host, types.toArray(NamespaceType[]::new));
      ContainerSpec spec =
          ContainerSpec.of(
                  "guest",
                  Set.of(),
                  new Root.Host(),
                  Proc.HOST,
                  List.of("sh", "-c", "hostname; echo $$; ls /proc/1/root/bin/sh; read line"))
              .withEnv(List.of("PATH=/bin:/usr/bin"))
              .withNamespaces(Namespaces.of(Set.of()).joining(shared))
              .withStdio(Stdio.PIPES);
      try (Container guest = engine.prepare(spec)) {
        guest.start();
        assertThat(line(guest)).isEqualTo("glass");
        assertThat(line(guest)).isEqualTo("2");
        assertThat(line(guest)).isEqualTo("/proc/1/root/bin/sh");
        same(host, guest, types.toArray(NamespaceType[]::new));
      }
    }
  }

  @Test
  void ofWhatIsJoinedOnlyOneKindIsTakenAndTheRestStaysTheEngines() {
    for (NamespaceType type : EnumSet.complementOf(EnumSet.of(NamespaceType.USER))) {
      ContainerSpec first =
          onHost(Namespaces.of(EnumSet.complementOf(EnumSet.of(NamespaceType.USER))), "read line");
      try (Container host = engine.prepare(first)) {
        host.start();
        Namespaces one = Namespaces.of(Set.of()).joining(of(host, type));
        try (Container guest = engine.prepare(named("guest", onHost(one, "read line")))) {
          guest.start();
          assertThat(apart(guest)).containsExactly(type);
          same(host, guest, type);
        }
      }
    }
  }

  @Test
  void aContainerInTheProcessesOfAnotherEndsWithThem() throws Exception {
    Set<NamespaceType> pid = Set.of(NamespaceType.PID);
    try (Container host = engine.prepare(onHost(Namespaces.of(pid), "read line"))) {
      host.start();
      Namespaces joined = Namespaces.of(Set.of()).joining(of(host, NamespaceType.PID));
      try (Container guest = engine.prepare(named("guest", onHost(joined, "exec sleep 1000")))) {
        guest.start();
        engine.signal(host.pid().orElseThrow(), 9);
        assertThat(guest.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Killed(9));
      }
    }
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAnyCall() throws IOException {
    Namespaces none = Namespaces.of(Set.of());
    refused(
        none.joining(Map.of(NamespaceType.NET, 0x7fff_ffff)),
        "net namespace of process 2147483647: there is no such process");
    refused(
        Namespaces.of(Set.of(NamespaceType.NET)).joining(Map.of(NamespaceType.NET, SELF)),
        "net namespace: it is either new or that of process " + SELF + "; ask for one of the two");
    refused(
        none.withClocks(new ClockOffsets(DAY, DAY)),
        "clocks that differ need a time namespace of their own: add time");
    refused(
        none.withIds(IdMap.RANGES),
        "ranges of ids are mapped into a user namespace: add user, or map no ranges");
    ContainerSpec renamed =
        onHost(none.joining(Map.of(NamespaceType.UTS, SELF)), "true").withHostname("glass");
    assertThatThrownBy(() -> engine.prepare(renamed)).hasMessageContaining("would rename process");
    ContainerSpec wired =
        onHost(none.joining(Map.of(NamespaceType.NET, SELF)), "true")
            .withNetwork(new Network.Loopback());
    assertThatThrownBy(() -> engine.prepare(wired))
        .hasMessageContaining("is joined with the network that it has");
    ContainerSpec rooted = shell(As.ROOT, files -> files, "true");
    assertThatThrownBy(() ->
            engine.prepare(
                rooted.withNamespaces(
                    Namespaces.of(Set.of(NamespaceType.PID, NamespaceType.UTS))
                        .joining(Map.of(NamespaceType.MNT, SELF)))))
        .hasMessageContaining("come its files");
  }

  private void refused(Namespaces namespaces, String message) {
    assertThatThrownBy(() -> engine.prepare(onHost(namespaces, "true")))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessage(message);
  }

  @Test
  void aProgramIsBroughtIntoAContainerWithAllEight() throws Exception {
    ContainerSpec spec =
        inImage(As.ROOTLESS, with(NamespaceType.CGROUP, NamespaceType.TIME), "read line");
    try (Container box = engine.prepare(spec)) {
      box.start();
      Program ls = new Program(List.of("hostname"), List.of("PATH=/bin"), "/", Program.User.ROOT);
      try (ContainerProcess process = box.exec(ls, Stdio.PIPES)) {
        assertThat(process.stdout().orElseThrow().readAllBytes()).asString().isEqualTo("glass\n");
      }
    }
  }
}
