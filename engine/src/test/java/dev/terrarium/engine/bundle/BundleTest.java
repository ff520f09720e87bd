package dev.terrarium.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written for the runtimes of the OCI, they run unchanged. */
@Timeout(120)
class BundleTest {
  @TempDir Path folder;
  private ImageStore store;
  private Image lesson;

  @BeforeEach
  void open() throws IOException {
    Host.requiresRoot();
    Path state = folder.resolve("state");
    store = new ImageStore(new StateFolder(state), state.resolve("beside"), true);
    lesson = store.image(ImageStore.LESSON);
  }

  private static Path program(String name) {
    Optional<Path> found =
        Stream.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")
            .map(at -> Path.of(at + name))
            .filter(Files::isExecutable)
            .findFirst();
    Host.requires(found.isPresent(), name);
    return found.orElseThrow();
  }

  private ContainerSpec script(boolean privileged, String script) {
    ContainerSpec usual = Bundle.usual(lesson, privileged);
    return usual
        .withHostname("glass")
        .withProgram(
            new Program(
                List.of("sh", "-c", script), usual.program().env(), "/etc", Program.User.ROOT));
  }

  /** What it prints, run by that runtime; it ends well. */
  private String run(String runtime, ContainerSpec spec) throws Exception {
    Path bundle = folder.resolve("bundle");
    var _ = Bundle.write(store, lesson, spec, bundle, Progress.NONE);
    List<String> command = new ArrayList<>();
    if (runtime.equals("crun") && Files.isDirectory(Path.of("/sys/fs/cgroup/unified"))) {
      // It refuses hosts with controllers in both versions; nobody but this process sees one only.
      command.addAll(
          List.of(
              program("unshare").toString(),
              "--mount",
              "sh",
              "-c",
              "umount -l /sys/fs/cgroup/unified && exec \"$@\"",
              "sh"));
    }
    command.add(program(runtime).toString());
    if (runtime.equals("crun")) {
      // No limit is part of this, and not every host lets one make cgroups.
      command.add("--cgroup-manager=disabled");
    }
    command.addAll(
        List.of(
            "--root", folder.resolve("runtime").toString(), "run", "--bundle", bundle.toString()));
    command.add("terrarium-test-%d".formatted(ProcessHandle.current().pid()));
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(said, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @CsvSource({"crun,true", "runc,true", "crun,false", "runc,false"})
  void isRunWithTheNamespacesMountsAndLimitsOfTheSpecification(String runtime, boolean privileged)
      throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(shared.resolve("file"), "of the host");
    ContainerSpec spec =
        script(
            privileged,
            """
            echo $$ $(hostname) $(pwd) $(id -u); cat /etc/motd /data/file; echo
            grep -E '^(CapBnd|CapEff|NoNewPrivs|Seccomp):' /proc/self/status
            ulimit -n; (: > /data/x) 2>/dev/null || echo read-only
            mount -t tmpfs none /mnt 2>&1 || echo no mount
            head -c 1 /proc/kcore | wc -c
            ls /sys/firmware | wc -l; ls -d /dev/null /dev/pts/ptmx
            """);
    spec =
        spec.withFiles(
                spec.files().withVolumes(List.of(new Volume(Optional.of(shared), "/data", true))))
            .withHardening(
                spec.hardening().withResourceLimits(Map.of("RLIMIT_NOFILE", new Rlimit(64, 64))));

    assertThat(run(runtime, spec))
        .containsPattern("(?m)^1 glass /etc 0$")
        .contains("Welcome to the terrarium.", "of the host", "read-only", "no mount")
        .containsPattern("CapBnd:\\s+00000000a80425fb")
        .containsPattern("CapEff:\\s+00000000a80425fb")
        .containsPattern("NoNewPrivs:\\s+1")
        .containsPattern("Seccomp:\\s+2")
        .containsPattern("(?m)^64$")
        .containsPattern("(?m)^0\n0\n/dev/null$");
  }

  @Test
  void holdsTheOneTreeThatAllLayersMake() throws Exception {
    Path bundle = folder.resolve("bundle");
    var _ = Bundle.write(store, lesson, script(true, "true"), bundle, Progress.NONE);
    assertThat(bundle.resolve("rootfs/etc/motd")).exists();
    assertThat(bundle.resolve("rootfs/usr/bin/greet")).isExecutable();
    assertThat(Files.readString(bundle.resolve("config.json"))).doesNotContain("hooks");
  }

  @Test
  void whatABundleCannotSayIsSaid() {
    ContainerSpec spec =
        script(true, "true").withNetwork(new Network.Bridge(true)).withStdio(Stdio.NULL);
    assertThatThrownBy(
            () -> Bundle.write(store, lesson, spec, folder.resolve("bundle"), Progress.NONE))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessageContaining("switch");
    assertThat(folder.resolve("bundle")).doesNotExist();
  }

  @Test
  void cancelledItLeavesNothing() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    Progress cancelled =
        (_, _, _) -> {
          throw new InterruptedIOException("cancelled");
        };
    assertThatThrownBy(() ->
            Bundle.write(store, lesson, script(true, "true"), target.resolve("bundle"), cancelled))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(target).isEmptyDirectory();
  }
}
