package dev.terrarium.engine.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something on the host that does not end by itself when its engine is killed. It is noted in the
 * engine's journal ({@link Run#note}) before it is made, and {@link Leftovers} knows how to remove
 * it: a new kind is a record here and a case there.
 *
 * <p>None survives a reboot.
 */
public sealed interface Resource {

  /**
   * All processes of a session. A container's first process dies with its engine by
   * PR_SET_PDEATHSIG, unless it became a program with privileges of its own, for which the kernel
   * forgets that; what it started dies with it only in a pid namespace.
   *
   * @param leader its process id on the host
   * @param startTicks when the leader started, in clock ticks since boot. Source: proc_pid_stat(5)
   */
  record Session(int leader, long startTicks) implements Resource {
    /** That of a process which exists and is, or is about to be, the leader. */
    public static Session of(int leader) {
      return new Session(leader, ProcFile.startTicks(leader).orElse(0));
    }
  }

  /**
   * A cgroup, in one hierarchy, with all that is in it.
   *
   * @param folder absolute, below a mounted cgroup or cgroup2 file system
   */
  record Cgroup(Path folder) implements Resource {}

  /**
   * An interface in the host's net namespace.
   *
   * @param name at most 15 bytes, without blanks
   * @param namespace the one that it is in, such as {@code net:[4026531840]}; an interface of that
   *     name in any other is someone else's
   */
  record Link(String name, String namespace) implements Resource {
    /** In the net namespace of this process. */
    public static Link here(String name) {
      return new Link(name, ProcFile.netNamespace());
    }
  }

  /**
   * A cgroup of another engine that is stopped for a moment.
   *
   * @param file of the freezer, {@code cgroup.freeze} or {@code freezer.state}
   * @param thawed what is written into it to let its processes go on
   */
  record Frozen(Path file, String thawed) implements Resource {}

  /** A line of the journal: the kind and its values, separated by blanks. */
  default String line() {
    return switch (this) {
      case Session session -> "session " + session.leader() + " " + session.startTicks();
      case Cgroup cgroup -> "cgroup " + ProcFile.escape(cgroup.folder().toString());
      case Link link -> "link " + link.name() + " " + link.namespace();
      case Frozen frozen ->
          "frozen " + ProcFile.escape(frozen.file().toString()) + " " + frozen.thawed();
    };
  }

  /** From a line of the journal; empty if it is not one that this version writes. */
  static Optional<Resource> parse(String line) {
    List<String> words = List.of(line.split(" ", -1));
    try {
      return switch (words.getFirst()) {
        case "session" ->
            Optional.of(new Session(Integer.parseInt(words.get(1)), Long.parseLong(words.get(2))));
        case "cgroup" -> Optional.of(new Cgroup(Path.of(ProcFile.unescape(words.get(1)))));
        case "frozen" ->
            Optional.of(new Frozen(Path.of(ProcFile.unescape(words.get(1))), words.get(2)));
        case "link" -> Optional.of(new Link(words.get(1), words.get(2)));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
