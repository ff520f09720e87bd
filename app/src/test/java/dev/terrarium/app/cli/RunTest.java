package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.terrarium.app.cli.Program.Result;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each option of {@code run}, by what the program inside sees of it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RunTest {
  private final Path folder;
  private final Program program;

  RunTest(@TempDir Path folder) {
    this.folder = folder;
    this.program = Program.withState(folder.resolve("state"));
  }

  /** What a script prints in a container with those options, to its last line. */
  private List<String> inside(String script, String... options)
      throws IOException, InterruptedException {
    return inside(program, script, options);
  }

  private static List<String> inside(Program program, String script, String... options)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options));
    words.addAll(List.of("lesson", "--", "sh", "-c", script));
    Result result = program.run(words.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    return result.out().lines().toList();
  }

  private static void requiresRoot() {
    requires(Rights.current().privileged(), "root's rights");
  }

  private static void requiresCgroups() {
    requires(Delegation.find() instanceof Delegation.Granted, "a cgroup for us");
  }

  private static void requires(boolean there, String what) {
    if (!Boolean.parseBoolean(System.getenv("CI"))) {
      assumeThat(there).as(what).isTrue();
    }
    assertThat(there).as(what).isTrue();
  }

  private static final String FURNITURE =
      """
      grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status
      test -c /dev/null && echo dev
      test -d /sys/class && echo sys
      grep -q ' /proc/sys ' /proc/mounts && echo masks
      test -s /etc/hosts && echo init layer
      ip link show lo | grep -q LOOPBACK,UP && echo loopback
      true
      """;

  @Test
  void itIsFurnishedAndHardenedUnlessItIsToBeBare() throws Exception {
    assertThat(inside(FURNITURE))
        .containsExactly(
            "NoNewPrivs:\t1", "Seccomp:\t2", "dev", "sys", "masks", "init layer", "loopback");
    assertThat(inside(FURNITURE, "--bare")).containsExactly("NoNewPrivs:\t0", "Seccomp:\t0");
  }

  @Test
  void eachPartCanBeLeftOut() throws Exception {
    assertThat(
            inside(
                FURNITURE,
                "--new-privileges",
                "--no-seccomp",
                "--no-sys",
                "--no-masked-paths",
                "--no-init-layer",
                "--network",
                "none"))
        .containsExactly("NoNewPrivs:\t0", "Seccomp:\t0", "dev");
  }

  @Test
  void withoutAnyRightItIsFurnishedJustTheSame() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become nobody").isEqualTo("root");
    Program nobody = Program.asNobody(folder);

    assertThat(inside(nobody, FURNITURE + "id -u"))
        .containsExactly(
            "NoNewPrivs:\t1", "Seccomp:\t2", "dev", "sys", "masks", "init layer", "loopback", "0");
  }

  @Test
  void capabilitiesRlimitsAndTheOomScore() throws Exception {
    requiresRoot();

    assertThat(
            inside(
                "grep CapBnd /proc/self/status; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj",
                "--cap-drop=all",
                "--cap-add=net_admin,chown",
                "--rlimit=nofile=64:128",
                "--oom-score-adj=500"))
        .containsExactly("CapBnd:\t0000000000001001", "64", "128", "500");
  }

  @Test
  void foldersFilesAndEmptyFoldersAppearInside() throws Exception {
    Path source = Files.createDirectory(folder.resolve("source"));
    Path file = Files.writeString(source.resolve("f"), "of the host\n");

    assertThat(
            inside(
                "cat /data/f; touch /data/x 2>/dev/null || echo read-only; cat /etc/one;"
                    + " echo changed > /etc/one; touch /scratch/y && ls /scratch",
                "-v",
                source + ":/data:ro",
                "-v",
                file + ":/etc/one",
                "-v",
                "/scratch"))
        .containsExactly("of the host", "read-only", "of the host", "y");
    assertThat(file).as("a write goes through").hasContent("changed");
    assertThat(source.resolve("x")).doesNotExist();
  }

  @Test
  void theWritableLayerIsFullWhenItIsFull() throws Exception {
    assertThat(
            inside(
                "dd if=/dev/zero of=/big bs=64k count=64 2>/dev/null || echo full;"
                    + " [ $(stat -c %s /big) -le 1048576 ] && echo small",
                "--writable-size=1m"))
        .containsExactly("full", "small");
  }

  @Test
  void aUserIsFoundInTheContainersOwnFiles() throws Exception {
    requiresRoot();

    assertThat(inside("id -u; id -g; echo $HOME > /dev/stdout", "--user", "nobody"))
        .containsExactly("65534", "65534", "/");
    assertThat(inside("id -u; id -g; id -G", "-u", "1234:nobody"))
        .containsExactly("1234", "65534", "65534");
  }

  @Test
  void limitsStandInTheKernelsFiles() throws Exception {
    requiresCgroups();
    Process process =
        program.begin(
            "run",
            "--name=limited",
            "--memory=64m",
            "--pids=32",
            "--cpus=0.2",
            "--cpuset=0",
            "lesson",
            "--",
            "sh",
            "-c",
            "nproc; cat; exit 0");
    assertThat(process.inputReader().readLine()).as("processors").isEqualTo("1");

    Result stats = program.run("stats", "--json", "limited");
    String human = program.run("stats", "limited").out();
    process.getOutputStream().close();

    assertThat(stats.out().replaceAll("\\s", ""))
        .contains("\"limitBytes\":67108864", "\"limit\":32")
        .doesNotContain("\"periods\":0");
    assertThat(human).contains("of 64 MB", "of 32", "periods");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void tellsThatTheKernelKilledItForWantOfMemory() throws Exception {
    requiresCgroups();

    assertThat(program.run("run", "--memory", "32m", "lesson", "--", "tail", "/dev/zero"))
        .isEqualTo(
            new Result(
                128 + 9,
                "",
                "terrarium run: the kernel killed one of its processes for want of memory: the memory"
                    + " limit is 32 MB\n"));
  }

  @Test
  void networks() throws Exception {
    requiresRoot();

    assertThat(inside("ls /sys/class/net", "--network=bridge")).containsExactly("eth0", "lo");
    assertThat(inside("readlink /proc/self/ns/net", "--network=host"))
        .containsExactly(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
  }

  @Test
  void whatIsNotSaidTheImageSays() throws Exception {
    requiresRoot();
    StateFolder state = new StateFolder(folder.resolve("state"));
    ImageStore store = new ImageStore(state, Files.createDirectory(folder.resolve("b")), true);
    Image base = store.image(ImageStore.LESSON);
    ImageConfig config =
        base.config()
            .with(
                "Entrypoint", List.of("/bin/sh", "-c", "echo $0 $@; echo $GREETING `id -u` `pwd`"))
            .with("Cmd", List.of("usual", "words"))
            .with("Env", List.of("PATH=/bin", "GREETING=hello"))
            .with("User", "nobody")
            .with("WorkingDir", "/tmp")
            .with("StopSignal", "SIGUSR1")
            .withEntry("Volumes", "/var/lib/db", Optional.empty());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    store.commit(
        Optional.of(base),
        config,
        empty,
        path -> true,
        "test",
        Instant.EPOCH,
        Optional.of("greeter"),
        Progress.NONE);

    assertThat(program.run("run", "greeter"))
        .isEqualTo(new Result(0, "usual words\nhello 65534 /tmp\n", ""));
    assertThat(program.run("run", "-e", "GREETING=hi", "-u", "0", "-w", "/", "greeter", "other"))
        .isEqualTo(new Result(0, "other\nhi 0 /\n", ""));
    assertThat(
            program.run(
                "run", "--entrypoint", "grep", "greeter", "-c", " /var/lib/db ", "/proc/mounts"))
        .isEqualTo(new Result(0, "1\n", ""));

    Process process =
        program.begin(
            "run",
            "--name=polite",
            "--entrypoint=sh",
            "greeter",
            "-c",
            "trap 'exit 8' USR1; echo ready; while :; do sleep 0.1; done");
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    assertThat(program.run("stop", "polite")).isEqualTo(new Result(0, "", ""));
    assertThat(process.waitFor()).as("by the image's stop signal").isEqualTo(8);
  }

  @Test
  void rootEntryAndPropagation() throws Exception {
    assertThat(inside("ls /; grep -c master: /proc/self/mountinfo || true", "--root-entry=chroot"))
        .contains("etc", "proc");
    assertThat(program.run("run", "--propagation=slave", "--dry-run", "lesson").out())
        .contains("slave");
  }

  @Test
  void kindsOfNamespaces() throws Exception {
    requiresRoot();
    String host = Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString();

    assertThat(inside("readlink /proc/self/ns/uts", "--ns=pid,mnt")).containsExactly(host);
    assertThat(inside("readlink /proc/self/ns/uts", "--ns=pid,mnt,uts"))
        .doesNotContain(host)
        .hasSize(1);
  }
}
