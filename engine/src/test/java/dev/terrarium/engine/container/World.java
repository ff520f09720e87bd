package dev.terrarium.engine.container;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.stub.StubPool;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A mount namespace that stands for a whole host: what is mounted in it never touches the real one.
 * Needs root's rights.
 */
final class World implements AutoCloseable {
  private final Run run;
  private final StubPool stubs;
  private final Workshop workshop;
  private final Stub stub;
  private final int pid;
  private int container;

  World(Path state) throws IOException {
    StateFolder folder = new StateFolder(state);
    run = Run.begin(folder);
    stubs = new StubPool(folder.stub(Arch.host()), Arch.host(), call -> {});
    workshop = new Workshop(run, stubs, new Switch(stubs, run, Rights.current()), fact -> {});
    stub = stubs.take();
    pid = stub.cloneChild(NamespaceType.MNT.cloneFlag(), child -> Optional.empty());
    make(Calls.prctlPdeathsig(Calls.SIGKILL));
    LiveStepContext context = context();
    new MountStep.MakeMountsPrivate().perform(context);
  }

  private LiveStepContext context() {
    return new LiveStepContext("box", stub, null, workshop);
  }

  /** A call made by a process of this world. */
  void make(Call call) {
    stub.make(call);
  }

  /** Makes all steps of a container's plan, in this world instead of on the host. */
  void start(Container container) {
    LiveStepContext context = context();
    for (Step step : container.plan()) {
      step.perform(context);
    }
    this.container = context.child();
  }

  /** Steps of a process of this world that becomes no program. */
  void perform(List<Step> steps) {
    LiveStepContext context = context();
    steps.forEach(step -> step.perform(context));
  }

  /** A call made in the container's mount namespace. */
  void makeInside(Call call) {
    int guest = stub.cloneChild(0, child -> Optional.empty());
    int pidfd = (int) stub.make(Calls.pidfdOpen(container)).result();
    make(Calls.setns(pidfd, NamespaceType.MNT.cloneFlag()));
    make(call);
    stub.leave(0);
    stub.reap(guest);
  }

  /** That path as a process of this world sees it. */
  Path see(Path path) {
    return Path.of("/proc/" + pid + "/root" + path);
  }

  /** The mount points that a process of this world sees. */
  List<String> mountPoints() throws IOException {
    return mountPoints(pid);
  }

  /** The mount points that the container sees. */
  List<String> mountPointsInside() throws IOException {
    return mountPoints(container);
  }

  private static List<String> mountPoints(int process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process + "/mountinfo")).stream()
        .map(line -> line.split(" ")[4])
        .toList();
  }

  @Override
  public void close() {
    if (container != 0) {
      make(Calls.kill(container, Calls.SIGKILL));
      stub.reap(container);
    }
    stub.leave(0);
    stub.reap(pid);
    stubs.give(stub);
    stubs.close();
    run.close();
  }
}
