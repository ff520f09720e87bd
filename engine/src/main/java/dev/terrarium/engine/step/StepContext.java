package dev.terrarium.engine.step;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.Syscalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a step works with: the child that is being set up, and the few things that only the engine
 * outside can do.
 */
public interface StepContext {

  /** A system call of the child. */
  Outcome make(Call call);

  /** Several system calls of the child that do not need one another. */
  default void makeAll(List<Call> calls) {
    inside().makeAll(calls);
  }

  /** The child as one who makes calls, for a conversation of several. */
  Syscalls inside();

  /** What the engine's containers are plugged into. */
  Switch networkSwitch();

  /** A system call made on the host, by a stub that is no part of the container. */
  Outcome makeOutside(Call call);

  /**
   * Clones a process that goes ahead, and only then makes the child: to where a child must be born.
   * It lives as long as the container.
   */
  void cloneGuide();

  /** Clones; from then on the child makes the calls. The flags are those of the new namespaces. */
  void cloneChild(long namespaceFlags);

  /** The child becomes that program. */
  void exec(String path, List<String> argv, List<String> env);

  /** The child's process id on the host. */
  int child();

  /** From outside: writes a file, such as the child's uid_map. */
  void writeOutside(Path file, String content);

  /**
   * From outside: gives a file of the kernel's, such as {@code memory.max}, another value. The
   * trace tells which it had and which it has: the kernel may round.
   *
   * @throws dev.terrarium.engine.syscall.SyscallException if the kernel refuses
   */
  void changeOutside(Path file, String value);

  /**
   * From outside: runs a program of the host's to its end.
   *
   * @throws java.io.UncheckedIOException if it cannot be run, or fails; with what it said
   */
  void runOutside(List<String> command);

  /** From outside: makes a folder in the container's own folder, open to all inside. */
  void makeFolder(Path folder);

  /** From outside: makes a file in the container's own folder, readable for all inside. */
  void makeFile(Path file, String content);

  /**
   * Notes in the journal what is about to be made and would outlive a killed engine; when this
   * returns, it may be made.
   */
  void note(Resource resource);

  /** Keeps one of the child's descriptors for a later step, under a name that both know. */
  void keep(String name, int descriptor);

  /** Whether there is a descriptor under that name. */
  boolean keeps(String name);

  /** The descriptor that was kept under that name. */
  int kept(String name);

  /**
   * From outside: takes one of two connected sockets of the child's, by which the listener of a
   * filter will come.
   *
   * @param engineEnd the child's descriptor of the one
   * @param childEnd its descriptor of the other, for {@link #line}
   * @return why the engine may not, if it may not
   */
  Optional<String> openLine(int engineEnd, int childEnd);

  /** The child's end of the line, if there is one. */
  OptionalInt line();

  /** From outside: receives the listener that was sent, and answers from now on. */
  void listen();

  /** The container's name, for facts. */
  String container();

  /** Publishes what a step brought about, beyond its system calls. */
  void tell(Fact fact);

  /** The slave side of the container's terminal, as a path on the host. */
  String terminal();

  /** From outside: opens the engine's ends of three pipes, given by descriptors of the child. */
  void openPipes(int stdinWriteEnd, int stdoutReadEnd, int stderrReadEnd);

  /** The same for a container that has no input. */
  void openOutput(int stdoutReadEnd, int stderrReadEnd);
}
