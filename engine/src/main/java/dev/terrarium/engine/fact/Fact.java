package dev.terrarium.engine.fact;

import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.SyscallEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One thing that happened or was seen. All that a screen shows arrives as facts, in order, from a
 * live engine, an engine in another process, or a recording; the screen cannot tell them apart.
 */
public sealed interface Fact {

  /** When it happened, wall clock. */
  Instant at();

  /** A system call was made. */
  record Called(SyscallEvent call) implements Fact {
    @Override
    public Instant at() {
      return call.at();
    }
  }

  /**
   * A program in a container is about to make a system call: what it wants and not what comes of
   * it, which nobody is told. For watching, never for a decision about what is allowed.
   */
  record Heard(String container, HeardCall call) implements Fact {
    @Override
    public Instant at() {
      return call.at();
    }
  }

  /**
   * A container's programs made calls faster than they were listened to: that many were let go on
   * without being told of.
   */
  record Unheard(Instant at, String container, long count) implements Fact {}

  /** The host was looked at. */
  record Seen(Snapshot snapshot) implements Fact {
    @Override
    public Instant at() {
      return snapshot.at();
    }
  }

  /**
   * A step of a container's plan is about to make its calls.
   *
   * @param container the container's name
   * @param step the step's stable name, such as {@code mount-overlay}
   * @param sentence what it does and why, in English
   */
  record StepBegan(Instant at, String container, String step, String sentence) implements Fact {}

  /** A container's first process runs its program. */
  record Started(Instant at, String container, int pid) implements Fact {}

  /**
   * A container's first process is gone, and with it all others in its pid namespace.
   *
   * @param oomKills how many of the container's processes the kernel had killed for want of memory;
   *     0 without a cgroup of its own
   */
  record Ended(Instant at, String container, ExitStatus status, long oomKills) implements Fact {}

  /** A terminal showed new text, control sequences included. */
  record Printed(Instant at, String console, String text) implements Fact {}

  /**
   * A step could not do all that its sentence says, and the container goes on without.
   *
   * @param why what is missing and what would change it, one line
   */
  record LeftOut(Instant at, String container, String step, String why) implements Fact {}

  /**
   * An engine in another process has ended without having been told to; what it ran has ended with
   * it. The last fact of that engine.
   *
   * @param reason one English sentence
   */
  record EngineLost(Instant at, String reason) implements Fact {}

  /**
   * A file or folder of the host was mounted over a path of a container: what that path led to is
   * hidden, and both paths lead to the same inode.
   */
  record Bound(Instant at, String container, Dentry host, Dentry inside) implements Fact {}

  /** It was unmounted again, and what it had hidden is back. */
  record Unbound(Instant at, String container, Dentry inside) implements Fact {}

  /**
   * What a container wrote became the topmost layer of an image.
   *
   * @param reference the image's name
   * @param manifest its digest
   * @param shares what each of its layers does, base first
   */
  record Committed(
      Instant at, String container, String reference, String manifest, List<ImageTree.Share> shares)
      implements Fact {
    public Committed {
      shares = List.copyOf(shares);
    }
  }

  /** Something that happens while an image is built from a Dockerfile. */
  sealed interface OfBuild extends Fact {
    /** Which build it is. */
    String build();
  }

  /**
   * A Dockerfile was understood, and its first instruction is next.
   *
   * @param stages those that the result needs, in order
   * @param warnings what is understood and probably not meant
   */
  record BuildBegan(
      Instant at, String build, String file, List<String> stages, List<String> warnings)
      implements OfBuild {
    public BuildBegan {
      stages = List.copyOf(stages);
      warnings = List.copyOf(warnings);
    }
  }

  /** An instruction is next. */
  record InstructionBegan(Instant at, String build, BuildStep step) implements OfBuild {}

  /** It was carried out before on the same, and is not again. */
  record InstructionCached(Instant at, String build, BuildStep step, Instant since)
      implements OfBuild {}

  /** It is carried out, for a reason. */
  record InstructionRuns(Instant at, String build, BuildStep step, CacheMiss why)
      implements OfBuild {}

  /**
   * Its program printed something.
   *
   * @param error whether to standard error
   */
  record InstructionPrinted(Instant at, String build, BuildStep step, boolean error, String text)
      implements OfBuild {}

  /**
   * It is done.
   *
   * @param layer what it made; empty if it changed no file
   */
  record InstructionDone(Instant at, String build, BuildStep step, Optional<BuildLayer> layer)
      implements OfBuild {}

  /**
   * It could not be done, and the build ends.
   *
   * @param problem one line: where, what, and what would be right
   * @param status how its program ended, if it had one and that is why
   * @param usable the digest of an image of the layers before it, from which a container can be
   *     made; empty if there are none
   */
  record InstructionFailed(
      Instant at,
      String build,
      BuildStep step,
      String problem,
      Optional<ExitStatus> status,
      Optional<String> usable)
      implements OfBuild {}

  /**
   * A build is over.
   *
   * @param manifest the image's digest; empty if there is none, because it failed or was cancelled
   */
  record BuildEnded(Instant at, String build, Optional<String> reference, Optional<String> manifest)
      implements OfBuild {}
}
