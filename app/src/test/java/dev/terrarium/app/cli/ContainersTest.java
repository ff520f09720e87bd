package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.terrarium.app.cli.Program.Result;
import dev.terrarium.engine.cgroup.Delegation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other processes of this program find of a container, and do to it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ContainersTest {
  private static final String POLITE =
      "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.1; done";

  private final Path folder;
  private final Program program;

  ContainersTest(@TempDir Path folder) {
    this.folder = folder;
    this.program = Program.withState(folder.resolve("state"));
  }

  @Test
  void fromRunToRm() throws Exception {
    fromRunToRm(program);
  }

  @Test
  void fromRunToRmWithoutAnyRight() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become nobody").isEqualTo("root");
    fromRunToRm(Program.asNobody(folder));
  }

  private static void fromRunToRm(Program program) throws Exception {
    Process run =
        program.begin("run", "--name=box", "--keep", "--log", "lesson", "--", "sh", "-c", POLITE);
    Process follower = awaitLog(program, "box");

    assertThat(rows(program.run("ps"))).singleElement().asString().startsWith("box running ");
    assertThat(program.run("ps", "--json").out()).contains("\"name\" : \"box\"");
    assertThat(
            program.run("exec", "box", "--", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline; exit 7"))
        .isEqualTo(new Result(7, "sh -c " + POLITE + " ", ""));
    assertThat(program.run("rm", "box").err())
        .isEqualTo("terrarium rm: box: the container runs; ./terrarium stop box ends it first\n");
    Process waiting = program.begin("wait", "box");

    assertThat(program.run("stop", "box")).isEqualTo(new Result(0, "", ""));

    assertThat(run.waitFor()).as("run").isEqualTo(5);
    assertThat(waiting.waitFor()).as("wait").isEqualTo(5);
    assertThat(Program.end(follower)).isEqualTo(new Result(0, "bye\n", ""));
    assertThat(rows(program.run("ps"))).isEmpty();
    assertThat(rows(program.run("ps", "-a")))
        .singleElement()
        .asString()
        .startsWith("box exited 5 - lesson ");
    assertThat(program.run("logs", "box").out()).isEqualTo("ready\nbye\n");
    assertThat(program.run("logs", "--timestamps", "box").out().lines())
        .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z (ready|bye)"));
    assertThat(program.run("wait", "box").status()).as("once more").isEqualTo(5);
    assertThat(program.run("exec", "box", "true").err())
        .isEqualTo("terrarium exec: box: the container does not run: it exited 5\n");
    assertThat(program.run("run", "--name=box", "lesson", "true").err())
        .contains("a container that was kept has that name");
    assertThat(program.run("rm", "box")).isEqualTo(new Result(0, "box\n", ""));
    assertThat(rows(program.run("ps", "-a"))).isEmpty();
  }

  /** Follows the log of a container that is about to begin, up to its word that it is ready. */
  private static Process awaitLog(Program program, String name) throws Exception {
    for (int tries = 0; tries < 60; tries++) {
      Process follower = program.begin("logs", "-f", name);
      if ("ready".equals(follower.inputReader().readLine())) {
        return follower;
      }
    }
    throw new AssertionError("no log of " + name);
  }

  /** Of a table, without its head, columns separated by one blank. */
  private static List<String> rows(Result result) {
    assertThat(result.err()).isEmpty();
    return result.out().lines().skip(1).map(line -> line.replaceAll(" +", " ")).toList();
  }

  @Test
  void whatIgnoresTheStopSignalIsKilled() throws Exception {
    Process run =
        program.begin(
            "run", "--name=deaf", "lesson", "--", "sh", "-c", "trap '' TERM; echo ready; cat");
    assertThat(run.inputReader().readLine()).isEqualTo("ready");

    assertThat(program.run("stop", "--grace=100ms", "deaf").status()).isZero();

    assertThat(run.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aSignalOfOnesChoice() throws Exception {
    Process run =
        program.begin(
            "run",
            "--name=box",
            "lesson",
            "--",
            "sh",
            "-c",
            "trap 'echo heard' HUP; echo ready; while :; do sleep 0.1; done");
    assertThat(run.inputReader().readLine()).isEqualTo("ready");

    assertThat(program.run("kill", "box", "hup")).isEqualTo(new Result(0, "", ""));
    assertThat(run.inputReader().readLine()).isEqualTo("heard");
    assertThat(program.run("kill", "box", "HUB").err())
        .isEqualTo("terrarium kill: 'HUB' is no signal; use TERM, SIGTERM or 15\n");
    assertThat(program.run("kill", "bax").err())
        .isEqualTo("terrarium kill: bax: there is no such container (did you mean box?)\n");
    assertThat(program.run("logs", "box").err())
        .isEqualTo("terrarium logs: box: the container keeps no log; run it with --log\n");
    assertThat(program.run("kill", "box").status()).isZero();

    assertThat(run.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aPausedContainerStandsStill() throws Exception {
    assumeThat(Delegation.find()).isInstanceOf(Delegation.Granted.class);
    Process run = program.begin("run", "--name=box", "lesson", "--", "sh", "-c", "echo ready; cat");
    assertThat(run.inputReader().readLine()).isEqualTo("ready");
    assertThat(program.run("resume", "box").err())
        .isEqualTo("terrarium resume: box: the container is not paused\n");

    assertThat(program.run("pause", "box")).isEqualTo(new Result(0, "", ""));
    assertThat(rows(program.run("ps"))).singleElement().asString().startsWith("box paused ");
    run.outputWriter().write("hello\n");
    run.outputWriter().flush();
    assertThat(program.run("resume", "box")).isEqualTo(new Result(0, "", ""));
    assertThat(run.inputReader().readLine()).isEqualTo("hello");

    // Paused, it cannot hear that it is to end; stop lets it go on.
    assertThat(program.run("pause", "box").status()).isZero();
    assertThat(program.run("stop", "--grace=0", "box").status()).isZero();
    assertThat(run.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aLaterProgramIsWhoTheFirstOneIs() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become nobody").isEqualTo("root");
    Process run =
        program.begin(
            "run",
            "--name=box",
            "-u",
            "nobody",
            "-w",
            "/tmp",
            "-e",
            "A=b",
            "lesson",
            "--",
            "sh",
            "-c",
            "echo ready; cat");
    assertThat(run.inputReader().readLine()).isEqualTo("ready");
    String script = "id -u; pwd; echo $A; grep Seccomp: /proc/self/status";

    assertThat(program.run("exec", "box", "--", "sh", "-c", script).out())
        .isEqualTo("65534\n/tmp\nb\nSeccomp:\t2\n");
    assertThat(
            program.run("exec", "-u", "0", "-w", "/", "-e", "A=c", "box", "sh", "-c", script).out())
        .isEqualTo("0\n/\nc\nSeccomp:\t2\n");
    String pid = program.run("ps", "--json").out().replaceAll("(?s).*\"pid\" : (\\d+).*", "$1");
    assertThat(program.run("exec", pid, "hostname").status()).as("by number").isZero();
    assertThat(program.run("exec", "box", "nope").err())
        .startsWith("terrarium exec: ")
        .contains("there is no such program");

    run.getOutputStream().close();
    assertThat(run.waitFor()).isZero();
  }

  @Test
  void whenItsEngineIsKilledTheOneWhoWaitsLearnsThatItIsLost() throws Exception {
    Process run = program.begin("run", "--name=box", "lesson", "--", "sh", "-c", "echo ready; cat");
    assertThat(run.inputReader().readLine()).isEqualTo("ready");
    Process waiting = program.begin("wait", "box");
    // It has the file open, in which the end would be written.
    Path exit = exitFile();
    while (waiting.isAlive() && !opened(waiting, exit)) {
      Thread.onSpinWait();
    }

    run.destroyForcibly().waitFor();

    assertThat(Program.end(waiting))
        .isEqualTo(
            new Result(
                1,
                "",
                "terrarium wait: box: the container was lost with its engine; how, nobody knows\n"));

    // Its cgroup is still there; whoever comes next removes it.
    assertThat(program.run("clean").status()).isZero();
  }

  private Path exitFile() throws Exception {
    try (var all = Files.walk(folder.resolve("state/run"), 3)) {
      return all.filter(path -> path.endsWith("box/exit")).findFirst().orElseThrow();
    }
  }

  private static boolean opened(Process process, Path file) throws Exception {
    try (var all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return all.anyMatch(link -> {
        try {
          return Files.readSymbolicLink(link).equals(file);
        } catch (java.io.IOException e) {
          return false;
        }
      });
    }
  }
}
