package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.step.CgroupStep;
import dev.terrarium.engine.step.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Another JVM with an engine of its own, as another user or to be killed. It makes a container up
 * to somewhere, prints the folders of its cgroup, and waits.
 */
final class OtherEngine implements AutoCloseable {

  /** How far it gets. */
  enum Goal {
    MADE,
    ENTERED,
    RUNNING,
    PAUSED
  }

  private final Process jvm;
  private final BufferedReader output;

  private OtherEngine(Process jvm) {
    this.jvm = jvm;
    this.output =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts it.
   *
   * @param before a command that becomes the JVM, such as one that gives up rights
   */
  static OtherEngine start(List<String> before, String classPath, Path state, Goal goal)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            OtherEngine.class.getName(),
            state.toString(),
            goal.name()));
    return new OtherEngine(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What it prints, up to an empty line. */
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine();
        line != null && !line.isEmpty();
        line = output.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    jvm.destroyForcibly().waitFor();
  }

  /** Tells it to end in order. */
  int end() throws IOException, InterruptedException {
    jvm.getOutputStream().close();
    return jvm.waitFor();
  }

  @Override
  public void close() {
    jvm.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Goal goal = Goal.valueOf(args[1]);
    Set<NamespaceType> namespaces = EnumSet.of(NamespaceType.PID, NamespaceType.MNT);
    if (!Rights.current().privileged()) {
      namespaces.add(NamespaceType.USER);
    }
    try (Engine engine = Engine.open(Path.of(args[0]), fact -> {})) {
      Container container =
          engine.prepare(
              ContainerSpec.of(
                      "victim",
                      namespaces,
                      new Root.Image(engine.lessonImage()),
                      Proc.NEW,
                      List.of("/bin/sleep", "86397"))
                  .withLimits(Limits.NONE.withPids(16)));
      while (!reached(goal, container)) {
        if (container.step().isEmpty()) {
          throw new IllegalStateException("the plan ended before " + goal);
        }
      }
      if (goal == Goal.PAUSED) {
        container.pause();
      }
      Cgroup cgroup = container.cgroup().orElseThrow();
      cgroup.folders().forEach(System.out::println);
      System.out.println(cgroup.tree().limits().pids());
      System.out.println(cgroup.tree().pids().size());
      System.out.println();
      System.in.read();
    }
  }

  private static boolean reached(Goal goal, Container container) {
    List<Step> done = container.plan().subList(0, container.position());
    return switch (goal) {
      case MADE -> done.stream().anyMatch(CgroupStep.MakeCgroup.class::isInstance);
      case ENTERED -> done.stream().anyMatch(CgroupStep.EnterCgroup.class::isInstance);
      case RUNNING, PAUSED -> container.position() == container.plan().size();
    };
  }
}
