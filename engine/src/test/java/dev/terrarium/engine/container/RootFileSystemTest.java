package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.LayerStep;
import dev.terrarium.engine.step.MountStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a container sees as files: layers, devices, /sys, hidden and protected paths, its root. */
class RootFileSystemTest extends OnTheKernel {
  private static final Duration SOON = Duration.ofSeconds(10);

  @ParameterizedTest
  @EnumSource
  void theInitLayerTellsWhatNoImageKnows(As as) throws Exception {
    String output =
        run(shell(as, files -> files, "cat /etc/hostname /etc/hosts; ls /etc/resolv.conf"));
    assertThat(output.lines())
        .startsWith("glass", "127.0.0.1\tlocalhost")
        .contains("127.0.1.1\tglass")
        .endsWith("/etc/resolv.conf");
  }

  @ParameterizedTest
  @EnumSource
  void theInitLayerIsNoPartOfWhatWasChanged(As as) throws Exception {
    try (Container container =
        engine.prepare(
            shell(as, files -> files, "echo mine > /etc/hosts; rm /etc/hostname; echo; read _"))) {
      container.start();
      assertThat(line(container)).isEmpty();
      Path folder = boxFolder();
      assertThat(folder.resolve("upper/etc/hosts")).hasContent("mine");
      assertThat(folder.resolve("init/etc/hosts")).content().contains("localhost");
      assertThat(folder.resolve("init/etc/hostname")).hasContent("glass");
    }
  }

  @ParameterizedTest
  @EnumSource
  void foldersOfTheImageCanBeRemovedMadeAnewAndRenamed(As as) throws Exception {
    String script =
        "rm -r /home && mkdir /home && ls -A /home && mv /etc /etc2 && ls -d /etc2 /home";
    assertThat(run(shell(as, files -> files.withInitLayer(false), script)))
        .isEqualTo("/etc2\n/home\n");
  }

  @ParameterizedTest
  @EnumSource
  void usualDevicesAreThereAndWork(As as) throws Exception {
    String script =
        """
        set -e
        echo lost > /dev/null; echo lost > /dev/zero
        head -c 3 /dev/zero | od -An -tx1
        echo more > /dev/full || echo full
        head -c 5 /dev/urandom | wc -c
        echo out > /dev/stdout; echo err > /dev/fd/1
        echo shared > /dev/shm/x; cat /dev/shm/x
        ls /dev /dev/pts
        """;
    assertThat(run(shell(as, files -> files, script)).lines().map(String::strip))
        .startsWith("00 00 00", "full", "5", "out", "err", "shared")
        .containsSubsequence(
            "/dev:",
            "fd",
            "full",
            "mqueue",
            "null",
            "ptmx",
            "pts",
            "random",
            "shm",
            "stderr",
            "stdin",
            "stdout",
            "tty",
            "urandom",
            "zero",
            "/dev/pts:",
            "ptmx");
  }

  @ParameterizedTest
  @EnumSource
  void noOtherDeviceOfTheHostIsThere(As as) throws Exception {
    String script = "find /dev -type b -o -type c | sort | tr '\\n' ' '";
    assertThat(run(shell(as, files -> files, script)))
        .isEqualTo(
            "/dev/full /dev/null /dev/pts/ptmx /dev/random /dev/tty /dev/urandom /dev/zero ");
  }

  @ParameterizedTest
  @EnumSource
  void itsTerminalsAreItsOwn(As as) throws Exception {
    // Opening ptmx makes a new one, the first of this devpts: pts(4).
    String script = "exec 3<> /dev/ptmx; ls /dev/pts; stat -c %a /dev/pts/0";
    assertThat(run(shell(as, files -> files, script))).isEqualTo("0\nptmx\n620\n");
  }

  @ParameterizedTest
  @EnumSource
  void theTerminalThatItWasGivenIsItsConsole(As as) throws Exception {
    ContainerSpec spec = shell(as, files -> files, "exec sh -i").withStdio(Stdio.TERMINAL);
    try (Container container = engine.prepare(spec)) {
      container.start();
      Console console = container.console().orElseThrow();
      assertThat(console.ask("tty", SOON)).isEqualTo("/dev/console");
      assertThat(console.ask("echo hello > /dev/console; echo again > /dev/tty", SOON))
          .isEqualTo("hello\nagain");
      // Job control: Ctrl-C reaches the foreground job and not the shell.
      console.type("sh -c 'echo be''gun; sleep 1000'\n");
      awaitText(console, "begun");
      console.type("\u0003");
      awaitText(console, "\\^C.*133;B");
      assertThat(console.ask("echo alive", SOON)).endsWith("alive");
      console.type("exit\n");
      assertThat(container.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.Exited.class);
    }
  }

  private static void awaitText(Console console, String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
    CountDownLatch printed = new CountDownLatch(1);
    StringBuilder all = new StringBuilder();
    try (var _ =
        console.listen(more -> {
          if (pattern.matcher(all.append(more)).find()) {
            printed.countDown();
          }
        })) {
      assertThat(printed.await(10, TimeUnit.SECONDS)).as("%s in %s", regex, all).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sysShowsItsOwnInterfacesAndTakesNoWrites(As as) throws Exception {
    String script = "ls /sys/class/net; echo 1 > /sys/kernel/profiling";
    assertThat(run(shell(as, files -> files, script + " || true")))
        .startsWith("lo\n")
        .contains("Read-only file system");
  }

  @ParameterizedTest
  @EnumSource
  void withTheHostsNetworkItSeesTheHostsSysAndTakesNoWritesEither(As as) throws Exception {
    ContainerSpec spec =
        shell(as, files -> files, "ls /sys/class/net; echo 1 > /sys/kernel/profiling || true");
    Set<NamespaceType> kinds = EnumSet.copyOf(spec.namespaces().fresh());
    kinds.remove(NamespaceType.NET);
    String output = run(spec.withNamespaces(Namespaces.of(kinds)));
    try (var interfaces = Files.list(Path.of("/sys/class/net"))) {
      assertThat(output.lines())
          .containsAll(interfaces.map(path -> path.getFileName().toString()).toList());
    }
    assertThat(output).contains("Read-only file system");
  }

  @ParameterizedTest
  @EnumSource
  void maskedPathsTellNothing(As as) throws Exception {
    List<String> masked =
        List.of("/etc/motd", "/usr/bin", "/proc/cpuinfo", "/no/such", "/etc/motd/below");
    String script =
        "cat /etc/motd; ls -A /usr/bin; wc -c < /proc/cpuinfo; touch /usr/bin/x || true";
    String output = run(shell(as, files -> files.withMasked(masked), script));
    assertThat(output.lines())
        .first()
        .asString()
        .as("nothing of the file, nothing of the folder")
        .isEqualTo("0");
    assertThat(output).contains("Read-only file system");
  }

  @ParameterizedTest
  @EnumSource
  void readOnlyPathsRefuseWithErofs(As as) throws Exception {
    String script =
        """
        echo x > /proc/sys/vm/overcommit_memory
        echo x > /etc/motd
        touch /etc/new
        cat /etc/motd; grep ' /proc/sys ' /proc/self/mountinfo
        """;
    List<String> readOnly = new ArrayList<>(Filesystem.USUALLY_READ_ONLY);
    readOnly.add("/etc");
    readOnly.add("/no/such");
    String output = run(shell(as, files -> files.withReadOnly(readOnly), script));
    assertThat(output).contains("Welcome to the terrarium.");
    assertThat(output.lines().filter(line -> line.contains("Read-only file system"))).hasSize(3);
    assertThat(output).containsPattern(" /proc/sys ro,nosuid,nodev,noexec");
  }

  @ParameterizedTest
  @EnumSource
  void aLimitedWritableLayerEndsWithEnospc(As as) throws Exception {
    String script =
        "dd if=/dev/zero of=/big bs=64k count=64; rm /big; echo fits > /small; cat /small";
    String output = run(shell(as, files -> files.withWritableBytes(1 << 20), script));
    assertThat(output).startsWith("fits").contains("No space left on device");
  }

  @Test
  void aHundredLayersWithLongPathsAreOneTree() throws Exception {
    Host.requiresRoot();
    Path folder = Files.createDirectory(state.resolve("by-hand"));
    List<Path> layers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Path layer =
          Files.createDirectory(state.resolve("a-name-as-long-as-a-digest-of-a-layer-" + i));
      Files.createFile(layer.resolve("file-" + i));
      layers.add(layer);
    }
    Path merged = folder.resolve("merged");
    try (World world = new World(state)) {
      world.perform(
          List.of(
              new LayerStep.MakeWritableLayer(folder.resolve("upper"), folder.resolve("work")),
              new MountStep.MountOverlay(
                  layers, folder.resolve("upper"), folder.resolve("work"), merged, false)));
      assertThat(world.see(merged)).isDirectoryContaining("glob:**/file-0");
      assertThat(world.see(merged)).isDirectoryContaining("glob:**/file-99");
    }
  }

  private Path boxFolder() throws Exception {
    try (var runs = Files.list(state.resolve("run"))) {
      return runs.findFirst().orElseThrow().resolve("box");
    }
  }
}
