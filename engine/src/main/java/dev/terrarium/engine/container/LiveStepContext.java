package dev.terrarium.engine.container;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.HostProgram;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.posix.Descriptors;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.step.StepContext;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.engine.syscall.Syscalls;
import dev.terrarium.engine.wire.Wire;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Steps made for real: by a stub's child, and by the engine where only it can. */
final class LiveStepContext implements StepContext {

  /** The engine's ends of a container's three pipes. */
  record Pipes(OutputStream stdin, InputStream stdout, InputStream stderr) {}

  private static final Set<PosixFilePermission> OPEN_FOLDER =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> OPEN_FILE =
      PosixFilePermissions.fromString("rw-r--r--");

  /** By then it has its arguments, or never will. */
  private static final long LONGEST_EXEC_NANOS = 50_000_000;

  private final String container;
  private final Stub stub;
  private final @Nullable Console console;
  private final Workshop workshop;
  private final Map<String, Integer> kept = new HashMap<>();
  private final List<Path> made = new ArrayList<>();
  private int child;
  private @Nullable Pipes pipes;
  private final Optional<Wire> wire;

  /** The engine's end, and the child's. */
  private record Line(int ours, int theirs) {}

  private Optional<Line> line = Optional.empty();

  LiveStepContext(String container, Stub stub, @Nullable Console console, Workshop workshop) {
    this(container, stub, console, workshop, Optional.empty());
  }

  /**
   * For a child that may be listened to.
   *
   * @param wire who listens to what it becomes
   */
  LiveStepContext(
      String container,
      Stub stub,
      @Nullable Console console,
      Workshop workshop,
      Optional<Wire> wire) {
    this.container = container;
    this.stub = stub;
    this.console = console;
    this.workshop = workshop;
    this.wire = wire;
  }

  /** From then on that process is the one that the steps are about. */
  LiveStepContext actingFor(int process) {
    child = process;
    return this;
  }

  /** The files and folders that were made outside, in order. */
  List<Path> made() {
    return List.copyOf(made);
  }

  @Nullable Pipes pipes() {
    return pipes;
  }

  @Override
  public Outcome make(Call call) {
    return stub.make(call);
  }

  @Override
  public Syscalls inside() {
    return stub;
  }

  @Override
  public Switch networkSwitch() {
    return workshop.networkSwitch();
  }

  @Override
  public Outcome makeOutside(Call call) {
    return workshop.stubs().make(call);
  }

  @Override
  public void cloneGuide() {
    stub.cloneChild(0, pid -> Optional.empty());
  }

  @Override
  public void cloneChild(long namespaceFlags) {
    child = stub.cloneChild(namespaceFlags, pid -> newNamespaces(pid, namespaceFlags));
  }

  /** What clone brought about, read back from the child: {@code new pid:[4026532601]}. */
  private static Optional<String> newNamespaces(int pid, long flags) {
    String links =
        Stream.of(NamespaceType.values())
            .filter(type -> (flags & type.cloneFlag()) != 0)
            .map(type -> namespaceLink(pid, type))
            .collect(Collectors.joining(" "));
    return links.isEmpty() ? Optional.empty() : Optional.of("new " + links);
  }

  private static String namespaceLink(int pid, NamespaceType type) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + type.procName())).toString();
    } catch (IOException e) {
      return type.procName() + ":[?]";
    }
  }

  @Override
  public void exec(String path, List<String> argv, List<String> env) {
    stub.exec(path, argv, env);
    awaitArguments();
  }

  /**
   * execve(2) lets the parent go on when the old memory is gone, and puts the new program's
   * arguments in place a moment later. Until then whoever looks sees a process without a command
   * line, as he does of one that has ended already.
   */
  private void awaitArguments() {
    long limit = System.nanoTime() + LONGEST_EXEC_NANOS;
    Path process = Path.of("/proc", Integer.toString(child));
    try {
      while (Files.readAllBytes(process.resolve("cmdline")).length == 0
          && !Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1)
              .contains(") Z ")
          && System.nanoTime() < limit) {
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      // It has ended, or is another user's by now.
    }
  }

  @Override
  public int child() {
    return child;
  }

  @Override
  public void writeOutside(Path file, String content) {
    Instant at = Instant.now();
    long begin = System.nanoTime();
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("writing \"" + content + "\" to " + file + " failed", e);
    }
    tell(
        new Fact.Called(
            new SyscallEvent(
                at,
                (int) ProcessHandle.current().pid(),
                "write",
                List.of(new Arg.Text(file.toString()), new Arg.Text(content)),
                content.length(),
                Optional.empty(),
                System.nanoTime() - begin,
                Optional.empty())));
  }

  @Override
  public void runOutside(List<String> command) {
    Instant at = Instant.now();
    long begin = System.nanoTime();
    int pid = HostProgram.run(command);
    tell(
        new Fact.Called(
            new SyscallEvent(
                at,
                pid,
                "execve",
                List.of(new Arg.Text(command.getFirst()), new Arg.Words(command)),
                0,
                Optional.empty(),
                System.nanoTime() - begin,
                Optional.empty())));
  }

  @Override
  public void changeOutside(Path file, String value) {
    tell(new Fact.Called(new ValueFile(file).change(value, workshop.stubs())));
  }

  @Override
  public void makeFolder(Path folder) {
    try {
      Files.createDirectory(folder);
      made.add(folder);
      // Whatever the engine's umask is: a container's users go through it.
      Files.setPosixFilePermissions(folder, OPEN_FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + folder, e);
    }
  }

  @Override
  public void note(Resource resource) {
    try {
      workshop.run().note(resource);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note in the journal: " + resource.line(), e);
    }
  }

  @Override
  public void makeFile(Path file, String content) {
    made.add(file);
    writeOutside(file, content);
    try {
      Files.setPosixFilePermissions(file, OPEN_FILE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the file " + file + " to all", e);
    }
  }

  @Override
  public void keep(String name, int descriptor) {
    kept.put(name, descriptor);
  }

  @Override
  public boolean keeps(String name) {
    return kept.containsKey(name);
  }

  @Override
  public int kept(String name) {
    Integer descriptor = kept.get(name);
    if (descriptor == null) {
      throw new IllegalStateException("no descriptor was kept under the name " + name);
    }
    return descriptor;
  }

  @Override
  public Optional<String> openLine(int engineEnd, int childEnd) {
    int caller = stub.caller();
    try {
      int pidfd =
          engineCall(
              "pidfd_open",
              List.of(new Arg.Int(caller), new Arg.Int(0)),
              () -> Descriptors.ofProcess(caller));
      try {
        int ours =
            engineCall(
                "pidfd_getfd",
                List.of(new Arg.Int(pidfd), new Arg.Int(engineEnd), new Arg.Int(0)),
                () -> Descriptors.take(pidfd, engineEnd));
        line = Optional.of(new Line(ours, childEnd));
      } finally {
        Posix.close(pidfd);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          e.getMessage()
              + ": the engine may not take hold of what the container has open; a filter around the engine, or"
              + " kernel.yama.ptrace_scope, forbids it");
    }
  }

  @Override
  public OptionalInt line() {
    return line.map(open -> OptionalInt.of(open.theirs())).orElseGet(OptionalInt::empty);
  }

  @Override
  public void listen() {
    int ours = line.orElseThrow().ours();
    try {
      int listener =
          engineCall(
              "recvmsg",
              List.of(
                  new Arg.Int(ours), new Arg.Struct("{msg_control=SCM_RIGHTS}"), new Arg.Int(0)),
              () -> Descriptors.receive(ours));
      wire.orElseThrow().listen(listener, child);
    } catch (IOException e) {
      throw new UncheckedIOException("the listener of the child's calls has not come", e);
    } finally {
      closeLine();
    }
  }

  /** Closes the engine's end, if it is open. */
  void closeLine() {
    line.ifPresent(open -> {
      try {
        Posix.close(open.ours());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    line = Optional.empty();
  }

  private interface EngineCall {
    int make() throws IOException;
  }

  /** A call that this process makes itself, told of like the others. */
  private int engineCall(String name, List<Arg> args, EngineCall call) throws IOException {
    Instant at = Instant.now();
    long begin = System.nanoTime();
    int result = call.make();
    tell(
        new Fact.Called(
            new SyscallEvent(
                at,
                (int) ProcessHandle.current().pid(),
                name,
                args,
                result,
                Optional.empty(),
                System.nanoTime() - begin,
                Optional.empty())));
    return result;
  }

  @Override
  public String container() {
    return container;
  }

  @Override
  public void tell(Fact fact) {
    workshop.tell(fact);
  }

  @Override
  public String terminal() {
    if (console == null) {
      throw new IllegalStateException("a container without a terminal");
    }
    return console.slavePath();
  }

  @Override
  public void openPipes(int stdinWriteEnd, int stdoutReadEnd, int stderrReadEnd) {
    try {
      pipes =
          new Pipes(
              new FileOutputStream(descriptor(stdinWriteEnd)),
              new FileInputStream(descriptor(stdoutReadEnd)),
              new FileInputStream(descriptor(stderrReadEnd)));
    } catch (IOException e) {
      throw noPipes(e);
    }
  }

  @Override
  public void openOutput(int stdoutReadEnd, int stderrReadEnd) {
    try {
      pipes =
          new Pipes(
              OutputStream.nullOutputStream(),
              new FileInputStream(descriptor(stdoutReadEnd)),
              new FileInputStream(descriptor(stderrReadEnd)));
    } catch (IOException e) {
      throw noPipes(e);
    }
  }

  /** A pipe opened through /proc is the same pipe; its maker's own ends close when it execs. */
  private String descriptor(int number) {
    return "/proc/" + stub.caller() + "/fd/" + number;
  }

  private UncheckedIOException noPipes(IOException e) {
    return new UncheckedIOException("cannot open the pipes of process " + stub.caller(), e);
  }
}
