package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.Unshared;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.stub.StubPool;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.NamespaceCalls;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Into the world of a process that runs already, and out of it without a trace. */
@Timeout(60)
class VisitTest {
  private static final Set<NamespaceType> ALL = EnumSet.allOf(NamespaceType.class);
  private static final List<String> EVERY_KIND =
      List.of(
          "--user",
          "--map-root-user",
          "--pid",
          "--mount-proc",
          "--uts",
          "--ipc",
          "--net",
          "--cgroup",
          "--time",
          "--boottime",
          "100000");

  @TempDir Path folder;
  private StubPool stubs;
  private Run run;
  private Stub stub;

  @BeforeEach
  void open() throws IOException {
    StateFolder state = new StateFolder(folder);
    stubs = new StubPool(state.stub(Arch.host()), Arch.host(), call -> {});
    run = Run.begin(state);
    stub = stubs.take();
  }

  @AfterEach
  void theStubIsAsItWas() {
    assertThat(stub.idle()).isTrue();
    assertThat(ProcessHandle.of(stub.pid()).orElseThrow().children()).isEmpty();
    stubs.give(stub);
    stubs.close();
    run.close();
  }

  private Visit begin() {
    return Visit.begin(stub, context(stub));
  }

  private LiveStepContext context(Stub maker) {
    Switch unplugged = new Switch(stubs, run, Rights.current());
    return new LiveStepContext("box", maker, null, new Workshop(run, stubs, unplugged, fact -> {}));
  }

  private static String namespaces(int pid) {
    return ALL.stream().map(type -> namespace(pid, type)).collect(Collectors.joining(" "));
  }

  private static String namespace(int pid, NamespaceType type) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + type.procName())).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void entersAllEightNamespaces() throws IOException {
    try (Unshared box = Unshared.start(EVERY_KIND, "");
        Visit visit = begin()) {
      visit.enter(box.pid(), ALL);
      assertThat(namespaces(visit.context().child())).isEqualTo(namespaces(box.pid()));
      assertThat(visit.context().make(Calls.getpid()).result()).isEqualTo(2);
      visit.leave(0);
    }
  }

  @Test
  void entersNoOtherThanThoseAskedFor() throws IOException {
    try (Unshared box = Unshared.start(EVERY_KIND, "");
        Visit visit = begin()) {
      visit.enter(box.pid(), EnumSet.of(NamespaceType.USER, NamespaceType.NET));
      int visitor = visit.context().child();
      assertThat(namespace(visitor, NamespaceType.NET))
          .isEqualTo(namespace(box.pid(), NamespaceType.NET));
      assertThat(namespace(visitor, NamespaceType.UTS))
          .isEqualTo(namespace(stub.pid(), NamespaceType.UTS));
      visit.leave(0);
    }
  }

  @Test
  void needsNoRightWhereNothingIsToBeEntered() {
    try (Visit visit = begin()) {
      visit.enter((int) ProcessHandle.current().pid(), ALL);
      visit.leave(0);
    }
  }

  @Test
  void goesUnderTheRootOfAProcessThatIsChrooted() throws IOException {
    Path cell = Files.createDirectory(folder.resolve("cell"));
    Files.createFile(cell.resolve("here"));
    Stub prisoner = stubs.take();
    int pid = prisoner.cloneChild(NamespaceType.USER.cloneFlag(), child -> Optional.empty());
    prisoner.make(NamespaceCalls.chroot(cell.toString()));
    try (Visit visit = begin()) {
      visit.enter(pid, ALL);
      long fd = visit.context().make(Calls.openat("/here", Calls.O_RDONLY)).result();
      assertThat(fd).isPositive();
      visit.leave(0);
    } finally {
      prisoner.close();
    }
  }

  @Test
  void runsAProgramInsideAndLearnsHowItEnded() throws IOException {
    try (Unshared box = Unshared.start(EVERY_KIND, "hostname inside");
        Visit visit = begin()) {
      visit.enter(box.pid(), ALL);
      visit
          .context()
          .exec(
              "/bin/sh",
              List.of(
                  "sh", "-c", "[ $(hostname) = inside ] && [ $(cat /proc/1/comm) = sh ] && exit 7"),
              List.of("PATH=/bin:/usr/bin"));
      assertThat(ExitStatus.ofWaitStatus(visit.reap())).isEqualTo(new ExitStatus.Exited(7));
    }
  }

  @Test
  void whatTheGuideOpensOnTheHostTheVisitorHas() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside"), "");
    try (Unshared box = Unshared.start(EVERY_KIND, "");
        Visit visit = begin()) {
      int fd = (int) visit.context().make(Calls.openat(outside.toString(), Calls.O_RDWR)).result();
      visit.enter(box.pid(), ALL);
      visit.context().make(Calls.dup3(fd, 1));
      visit.context().exec("/bin/echo", List.of("echo", "hello"), List.of());
      assertThat(visit.reap()).isZero();
    }
    assertThat(outside).hasContent("hello");
  }

  @Test
  void endsAProgramThatStillRunsWhenItIsClosed() throws IOException {
    int visitor;
    try (Unshared box = Unshared.start(EVERY_KIND, "")) {
      try (Visit visit = begin()) {
        visit.enter(box.pid(), ALL);
        visit.context().exec("/bin/sleep", List.of("sleep", "1000"), List.of());
        visitor = visit.context().child();
      }
      assertThat(ProcessHandle.of(visitor)).isEmpty();
    }
  }

  @Test
  void endsWithTheWorldThatItIsIn() throws IOException {
    try (Unshared box = Unshared.start(EVERY_KIND, "");
        Visit visit = begin()) {
      visit.enter(box.pid(), ALL);
      assertThat(ProcessHandle.of(box.pid()).orElseThrow().destroyForcibly()).isTrue();
      // The kernel kills the others some time after the first; no call waits for that.
      assertThatThrownBy(
              () -> {
                while (true) {
                  visit.context().make(Calls.getpid());
                }
              })
          .hasMessageContaining("was killed");
    }
  }

  @Test
  void isOverWhenTheProcessIsGone() throws IOException {
    int gone;
    try (Unshared box = Unshared.start(EVERY_KIND, "")) {
      gone = box.pid();
    }
    try (Visit visit = begin()) {
      assertThatThrownBy(() -> visit.enter(gone, ALL))
          .isInstanceOf(SyscallException.class)
          .hasMessageContaining("ESRCH");
    }
  }

  @Test
  void diesWithItsStub() throws Exception {
    Stub lost = stubs.take();
    LiveStepContext context = context(lost);
    try (Unshared box = Unshared.start(EVERY_KIND, "");
        Visit visit = Visit.begin(lost, context)) {
      visit.enter(box.pid(), ALL);
      ProcessHandle visitor = ProcessHandle.of(context.child()).orElseThrow();
      context.exec("/bin/sleep", List.of("sleep", "1000"), List.of());
      assertThat(ProcessHandle.of(lost.pid()).orElseThrow().destroyForcibly()).isTrue();
      visitor.onExit().get();
    }
  }
}
