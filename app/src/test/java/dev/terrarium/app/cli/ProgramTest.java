package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.terrarium.app.cli.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program from the outside: real processes, real containers, as root and as nobody. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ProgramTest {
  private final Path folder;
  private final Program program;

  ProgramTest(@TempDir Path folder) {
    this.folder = folder;
    this.program = Program.withState(folder.resolve("state"));
  }

  @Test
  void exitsWithTheStatusOfItsCommand() throws Exception {
    Result result =
        program.run("run", "lesson", "--", "sh", "-c", "echo out; echo err >&2; exit 7");

    assertThat(result).isEqualTo(new Result(7, "out\n", "err\n"));
    assertNothingLeft();
  }

  @Test
  void theCommandIsProcessOneAndSeesNoOther() throws Exception {
    Result result =
        program.run(
            "run",
            "--hostname",
            "glass",
            "--env",
            "A=b c",
            "--workdir",
            "/tmp",
            "lesson",
            "--",
            "sh",
            "-c",
            "echo $$ $(hostname) $A $(pwd); ls -d /proc/[0-9]*");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().toList())
        .startsWith("1 glass b c /tmp", "/proc/1")
        .hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void carriesBytesThroughUnchanged() throws Exception {
    String text = "a line and 一行\n".repeat(20_000);
    Path input = Files.writeString(folder.resolve("input"), text);

    Result result =
        program.shell(
            "\"$@\" < '" + input + "'", "run", "lesson", "--", "sh", "-c", "cat; echo end");

    assertThat(result).isEqualTo(new Result(0, text + "end\n", ""));
  }

  @Test
  void aSignalGoesToTheCommand() throws Exception {
    Process process =
        program.begin(
            "run",
            "lesson",
            "--",
            "sh",
            "-c",
            "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done");
    assertThat(process.inputReader().readLine()).isEqualTo("ready");

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(5);
    assertNothingLeft();
  }

  @Test
  void aSecondSignalKillsACommandThatIgnoresTheFirst() throws Exception {
    // The kernel does not deliver to process 1 a signal for which it has no handler:
    // pid_namespaces(7).
    Process process =
        program.begin("run", "lesson", "--", "sh", "-c", "echo ready; exec sleep 1000");
    assertThat(process.inputReader().readLine()).isEqualTo("ready");

    process.destroy();
    for (int tries = 0; tries < 60 && !process.waitFor(1, TimeUnit.SECONDS); tries++) {
      process.destroy();
    }

    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitValue()).isEqualTo(128 + 9);
  }

  @Test
  void killedItLeavesAtMostWhatCleanRemoves() throws Exception {
    Process process =
        program.begin("run", "lesson", "--", "sh", "-c", "echo ready; exec sleep 1000");
    assertThat(process.inputReader().readLine()).isEqualTo("ready");

    process.destroyForcibly().waitFor();
    Result clean = program.run("clean");

    assertThat(clean.status()).isZero();
    assertThat(clean.out()).contains("folder " + folder.resolve("state/run"));
    assertNothingLeft();
    assertThat(program.run("clean").out()).as("the second time").isEmpty();
  }

  @Test
  void aDryRunMakesNothing() throws Exception {
    Result result = program.run("run", "--dry-run", "--rootfs", "/", "--", "true");

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("clone", "unshare", "pivot-root", "exec");
    assertNothingLeft();
  }

  @Test
  void tracesAsJsonOnStandardError() throws Exception {
    Result result = program.run("run", "--trace=json", "lesson", "--", "true");

    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"))
        .anySatisfy(line -> assertThat(line).contains("\"name\":\"clone\"", "|CLONE_NEWPID|"))
        .anySatisfy(line -> assertThat(line).contains("\"name\":\"execve\""));
  }

  @Test
  void everyProblemIsOneLine() throws Exception {
    assertProblem(1, "there is no such image", "run", "nope", "true");
    assertProblem(1, "there is no such folder", "run", "--rootfs", "/nope", "true");
    assertProblem(1, "there is no such program", "run", "lesson", "nope");
    assertProblem(
        1,
        "would rename the host itself",
        "run",
        "--ns",
        "pid,mnt",
        "--hostname",
        "x",
        "lesson",
        "true");
    assertProblem(2, "did you mean mnt?", "run", "--ns", "pid,nmt", "lesson", "true");
    assertProblem(2, "is not KEY=VALUE", "run", "--env", "A", "lesson", "true");
    assertProblem(2, "CMD is missing", "run", "--rootfs", "/");
    assertProblem(2, "IMAGE is missing", "run");
    assertProblem(1, "did you mean lesson?", "run", "lessn", "true");
    assertProblem(1, "did you mean nobody?", "run", "--user", "nobdy", "lesson", "true");
    assertProblem(1, "standard input is no terminal", "run", "-it", "lesson");
    assertProblem(1, "there is no such container", "stop", "nope");
    assertProblem(2, "CMD is missing", "exec", "nope");
    assertProblem(2, "--trace", "run", "--trace=xml", "lesson", "true");
    assertProblem(1, "did you mean 'pid-1-illusion'?", "lesson", "pid-1-ilusion");
    assertProblem(2, "there is no 'fr'", "lessons", "--lang", "fr");
    assertProblem(1, "there is no such process", "snapshot", "--pid", "99999999");
  }

  @Test
  void aStateFolderThatCannotBeMadeIsNamed() throws Exception {
    Result result = Program.withState(Path.of("/proc/terrarium")).run("run", "lesson", "true");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines().toList())
        .singleElement()
        .asString()
        .contains("/proc/terrarium");
  }

  @Test
  void aReaderThatLeavesIsNoFailureAndAFullDiskIsOne() throws Exception {
    Result left = program.shell("\"$@\" | head -n 1", "snapshot", "--json");
    assertThat(left).isEqualTo(new Result(0, "{\n", ""));

    Result full = program.shell("\"$@\" > /dev/full", "snapshot");
    assertThat(full)
        .isEqualTo(
            new Result(
                1, "", "terrarium: cannot write to standard output: No space left on device\n"));
  }

  @Test
  void aSnapshotHoldsItself() throws Exception {
    Process process = program.begin("snapshot");
    long pid = process.pid();

    assertThat(Program.end(process).out().lines())
        .anySatisfy(line -> assertThat(line.strip()).startsWith(pid + " "));
  }

  @Test
  void withoutAnyRightItUsesAUserNamespace() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become nobody").isEqualTo("root");
    Program nobody = Program.asNobody(folder);

    assertThat(nobody.run("run", "lesson", "--", "sh", "-c", "echo $$ $(id -u); exit 3"))
        .isEqualTo(new Result(3, "1 0\n", ""));
    assertThat(nobody.run("snapshot", "--pid", "1").status()).isZero();
  }

  private void assertProblem(int status, String text, String... words)
      throws IOException, InterruptedException {
    Result result = program.run(words);
    assertThat(result.err().lines().toList())
        .as(String.join(" ", words))
        .singleElement()
        .asString()
        .startsWith("terrarium")
        .contains(text);
    assertThat(result.status()).as(String.join(" ", words)).isEqualTo(status);
    assertThat(result.out()).as(String.join(" ", words)).isEmpty();
  }

  /** No mount, no process and no folder of a run. */
  private void assertNothingLeft() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
        .noneMatch(line -> line.contains(folder.toString()));
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      List<Optional<String>> ours =
          all.map(process -> process.info().command())
              .filter(command -> command.orElse("").startsWith(folder.toString()))
              .toList();
      assertThat(ours).isEmpty();
    }
    Path run = folder.resolve("state/run");
    if (Files.exists(run)) {
      assertThat(run).isEmptyDirectory();
    }
  }
}
