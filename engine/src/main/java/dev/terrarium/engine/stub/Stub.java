package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SealCalls;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.engine.syscall.SyscallException;
import dev.terrarium.engine.syscall.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A running stub: a process that makes the system calls it is told to make, and no others.
 *
 * <p>{@link #make} with a clone(2) that has CLONE_VFORK hands the channel over to the child: every
 * following call is made by it, inside its new namespaces, while the parent sleeps in the kernel.
 * The child gives the channel back when it becomes another program ({@link #exec}), exits ({@link
 * #leave}), or is killed ({@link ChildLostException}).
 *
 * <p>Thread-safe: one call at a time.
 */
public final class Stub implements Syscalls, AutoCloseable {
  private final Process process;
  private final Channel channel;
  private final Consumer<SyscallEvent> trace;
  private final ReentrantLock lock = new ReentrantLock();

  /** Who answers, from the stub itself inwards to the latest child. */
  private final Deque<Integer> callers = new ArrayDeque<>();

  private Stub(Process process, Channel channel, Consumer<SyscallEvent> trace) {
    this.process = process;
    this.channel = channel;
    this.trace = trace;
    callers.push((int) process.pid());
  }

  /**
   * Starts the program at that path, made with {@link StubImage}.
   *
   * @param trace hears of each call when it has returned; on the caller's thread
   */
  public static Stub start(Path program, Arch arch, Consumer<SyscallEvent> trace)
      throws IOException {
    Stub stub = start(List.of(program.toString()), arch, trace);
    stub.leaveFile(program, arch);
    return stub;
  }

  /**
   * Goes on running from a sealed copy in memory. Whatever a container's process can bring about
   * (that it runs {@code /proc/self/exe} once more, say), it finds no file there that it could
   * write to: the program that an engine starts next, on the host, is not within its reach. Source:
   * CVE-2019-5736.
   *
   * <p>No part of any container's story, so not in the trace.
   */
  private void leaveFile(Path program, Arch arch) throws IOException {
    lock.lock();
    try {
      String name = String.valueOf(program.getFileName());
      Bytes elf = Bytes.of(StubImage.elf(arch));
      int memory;
      try {
        memory = untraced(SealCalls.memfdCreate(name, true));
      } catch (SyscallException e) {
        memory = untraced(SealCalls.memfdCreate(name, false));
      }
      untraced(SealCalls.write(memory, elf, "program"));
      untraced(SealCalls.seal(memory));
      Call become = SealCalls.execveat(memory, List.of(program.toString()));
      Optional<Channel.Reply> failed = channel.become(become, this::runsFromMemory);
      if (failed.isPresent()) {
        throw new SyscallException(become, Errno.of((int) -failed.get().result()));
      }
      // Else ps(1) calls it by the number of a descriptor.
      untraced(Calls.prctlSetName(name));
    } catch (SyscallException e) {
      process.destroyForcibly();
      throw new IOException("the stub cannot run from memory: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private int untraced(Call call) {
    Channel.Reply reply = exchange(call).reply().orElseThrow();
    if (reply.failed()) {
      throw new SyscallException(call, Errno.of((int) -reply.result()));
    }
    return (int) reply.result();
  }

  private boolean runsFromMemory() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid() + "/exe"))
          .toString()
          .startsWith("/memfd:");
    } catch (IOException e) {
      // Just between the two, or dead, which whoever asks it next will learn.
      return !process.isAlive();
    }
  }

  /** The same with a command in front, such as an emulator of another architecture. */
  public static Stub start(List<String> command, Arch arch, Consumer<SyscallEvent> trace)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    // A container inherits nothing: what its program finds in its environment is given to execve.
    builder.environment().clear();
    Process process = builder.start();
    Channel channel = new Channel(arch, process.getOutputStream(), process.getInputStream());
    return new Stub(process, channel, trace);
  }

  /** The stub's own process id, which is the parent of what it clones. */
  public int pid() {
    return (int) process.pid();
  }

  @Override
  public int caller() {
    lock.lock();
    try {
      return callers.element();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the stub itself answers, and not a child of it. */
  public boolean idle() {
    lock.lock();
    try {
      return callers.size() == 1 && process.isAlive();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the stub's process is there. */
  public boolean alive() {
    return process.isAlive();
  }

  @Override
  public Outcome make(Call call, Function<Outcome, Optional<String>> note) {
    lock.lock();
    try {
      int caller = callers.element();
      Timed timed = exchange(call);
      Outcome outcome = answered(timed, caller, call).outcome();
      publish(timed, caller, call, outcome.result(), note.apply(outcome));
      return outcome;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void makeAll(List<Call> calls) {
    lock.lock();
    try {
      int caller = callers.element();
      Instant at = Instant.now();
      long begin = System.nanoTime();
      List<Channel.Reply> replies = channel.exchangeAll(calls);
      // Who took how much of it, only the caller could tell.
      long share = (System.nanoTime() - begin) / calls.size();
      Optional<SyscallException> first = Optional.empty();
      for (int i = 0; i < calls.size(); i++) {
        Optional<Channel.Reply> reply =
            i < replies.size() ? Optional.of(replies.get(i)) : Optional.empty();
        Timed timed = new Timed(at, share, reply);
        try {
          Outcome outcome = answered(timed, caller, calls.get(i)).outcome();
          publish(timed, caller, calls.get(i), outcome.result(), Optional.empty());
        } catch (SyscallException e) {
          first = first.or(() -> Optional.of(e));
        }
      }
      if (first.isPresent()) {
        throw first.get();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Clones the present caller with CLONE_VFORK and hands the channel to the child.
   *
   * @param note what the call brought about, for the trace, from the child's process id
   * @return the child's process id in the engine's pid namespace
   */
  public int cloneChild(long flags, IntFunction<Optional<String>> note) {
    Call call = Calls.clone(flags | Calls.CLONE_VFORK | Calls.SIGCHLD);
    lock.lock();
    try {
      int parent = callers.element();
      Timed timed = exchange(call);
      channel.enterChild(answered(timed, parent, call));
      int child = onlyChild(parent);
      callers.push(child);
      publish(timed, parent, call, child, note.apply(child));
      return child;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Turns the present caller, a child, into a program; its parent answers from then on.
   *
   * @throws SyscallException if the kernel refuses; the child is still there then
   */
  public void exec(String path, List<String> argv, List<String> env) {
    gone(Calls.execve(path, argv, env));
  }

  /** Ends the present caller, a child, with exit_group(2); its parent answers from then on. */
  public void leave(int status) {
    gone(Calls.exitGroup(status));
  }

  /** Makes a call that does not return if it succeeds; the sleeping parent answers instead. */
  private void gone(Call call) {
    lock.lock();
    try {
      if (callers.size() == 1) {
        throw new IllegalStateException("the stub itself leaves by close()");
      }
      int child = callers.element();
      Timed timed = exchange(call);
      if (timed.reply().isPresent()) {
        answered(timed, child, call);
      }
      callers.pop();
      publish(timed, child, call, 0, Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets all children that still make calls exit and reaps them, the innermost first: the stub
   * itself answers then.
   */
  public void unwind() {
    lock.lock();
    try {
      while (callers.size() > 1) {
        int child = callers.element();
        leave(0);
        reap(child);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the end of a child and reaps it. The stub sleeps in the kernel meanwhile; that it
   * does not outlive its engine is what {@link #dieWithStarter} is for.
   *
   * @return the status word of wait4(2)
   */
  public int reap(int child) {
    Bytes status = make(Calls.wait4(child)).memory().getFirst();
    return status.intAt(0);
  }

  /**
   * Encodes calls, to be played as often as is wanted: a clone hands on to the child, an execve
   * back to its parent.
   */
  public Playback prepare(List<Call> calls) {
    return Playback.of(channel, calls);
  }

  /**
   * Asks the kernel to kill the stub when the thread that started it ends. A thread, not a process:
   * the starter must live as long as the stub is wanted. Source: PR_SET_PDEATHSIG(2const).
   */
  void dieWithStarter() {
    lock.lock();
    try {
      // No part of any container's story, so not in the trace.
      exchange(Calls.prctlPdeathsig(Calls.SIGKILL));
    } finally {
      lock.unlock();
    }
  }

  /** A reply, if there is one, and when and how long it was waited for. */
  private record Timed(Instant at, long nanos, Optional<Channel.Reply> reply) {}

  private Timed exchange(Call call) {
    Instant at = Instant.now();
    long begin = System.nanoTime();
    try {
      Optional<Channel.Reply> reply = channel.exchange(call);
      return new Timed(at, System.nanoTime() - begin, reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The successful reply; a refusal is published and thrown, as is the loss of a child. */
  private Channel.Reply answered(Timed timed, int caller, Call call) {
    Channel.Reply reply =
        timed
            .reply()
            .orElseThrow(() -> {
              callers.pop();
              return new ChildLostException(caller, call);
            });
    if (reply.failed()) {
      Errno errno = Errno.of((int) -reply.result());
      trace.accept(event(timed, caller, call, -1, Optional.of(errno), Optional.empty()));
      throw new SyscallException(call, errno);
    }
    return reply;
  }

  private void publish(Timed timed, int caller, Call call, long result, Optional<String> note) {
    trace.accept(event(timed, caller, call, result, Optional.empty(), note));
  }

  private static SyscallEvent event(
      Timed timed,
      int caller,
      Call call,
      long result,
      Optional<Errno> errno,
      Optional<String> note) {
    return new SyscallEvent(
        timed.at(),
        caller,
        call.syscall().symbol(),
        call.shown(),
        result,
        errno,
        timed.nanos(),
        note);
  }

  /** The parent sleeps in its clone, so its youngest child is the last on the kernel's list. */
  private static int onlyChild(int parent) {
    try {
      String children =
          Files.readString(Path.of("/proc/" + parent + "/task/" + parent + "/children")).strip();
      if (children.isEmpty()) {
        throw new IllegalStateException("the child of process " + parent + " is gone already");
      }
      return Integer.parseInt(children.substring(children.lastIndexOf(' ') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends the stub, and with it, by PR_SET_PDEATHSIG, whatever it has cloned. Idempotent; bounded in
   * time.
   */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe's other end is gone, which is what we want.
    }
    try {
      if (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
