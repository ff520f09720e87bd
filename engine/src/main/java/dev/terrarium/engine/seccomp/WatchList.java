package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Parameter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The calls worth watching: those that change files, mounts, names, namespaces and other processes.
 * Reading is not among them, nor is what a program does to its own memory; files are heard to be
 * opened only by whoever may change them.
 *
 * <p>This is for watching and never for a decision about what is allowed. What is heard is what the
 * caller's memory held at that moment, and another thread can have changed it when the kernel looks
 * (seccomp_unotify(2), "time-of-check"); io_uring(7) makes calls that no filter sees; and programs
 * of another architecture go on unheard.
 *
 * <p>Source: section 2 of the manual; asm/unistd.h.
 */
public final class WatchList {

  /**
   * A watched call.
   *
   * @param name as manual pages spell it
   * @param numbers on each architecture that has it
   * @param changing the argument of which one of the bits must be set for the call to be heard
   * @param parameters what its arguments mean, in order
   */
  public record Entry(
      String name,
      Map<Arch, Integer> numbers,
      Optional<Bits> changing,
      List<Parameter> parameters) {
    public Entry {
      numbers = Map.copyOf(numbers);
      parameters = List.copyOf(parameters);
    }

    /** Its number there; empty if that architecture never had it. */
    public OptionalInt number(Arch arch) {
      Integer number = numbers.get(arch);
      return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
  }

  /** Bits of an argument, which is counted from 0. */
  public record Bits(int argument, long bits) {}

  /** Name, number on x86-64 and on aarch64, and the arguments. */
  private static final String TABLE =
      """
      chmod              90   - path mode
      chown              92   - path owner owner
      chroot            161  51 path
      clone              56 220 clone_flags pointer
      clone3            435 435 clone_args number
      creat              85   - path mode
      execve             59 221 path argv envp
      execveat          322 281 dirfd path argv envp at_flags
      fchmod             91  52 fd mode
      fchmodat          268  53 dirfd path mode
      fchmodat2         452 452 dirfd path mode at_flags
      fchown             93  55 fd owner owner
      fchownat          260  54 dirfd path owner owner at_flags
      fsconfig          431 431 fd number text text number
      fsmount           432 432 fd number number
      fsopen            430 430 text number
      kill               62 129 number signal
      lchown             94   - path owner owner
      link               86   - path path
      linkat            265  37 dirfd path dirfd path at_flags
      mkdir              83   - path mode
      mkdirat           258  34 dirfd path mode
      mknod             133   - path mode number
      mknodat           259  33 dirfd path mode number
      mount             165  40 text path text mount_flags text
      mount_setattr     442 442 dirfd path at_flags pointer number
      move_mount        429 429 dirfd path dirfd path move_mount_flags
      open                2   - path open_flags open_mode
      open_tree         428 428 dirfd path open_tree_flags
      openat            257  56 dirfd path open_flags open_mode
      openat2           437 437 dirfd path open_how number
      pidfd_send_signal 424 424 fd signal pointer number
      pivot_root        155  41 path path
      rename             82   - path path
      renameat          264  38 dirfd path dirfd path
      renameat2         316 276 dirfd path dirfd path rename_flags
      rmdir              84   - path
      setdomainname     171 162 characters number
      sethostname       170 161 characters number
      setns             308 268 fd clone_flags
      symlink            88   - text path
      symlinkat         266  36 text dirfd path
      tgkill            234 131 number number signal
      tkill             200 130 number signal
      truncate           76  45 path number
      umount2           166  39 path umount_flags
      unlink             87   - path
      unlinkat          263  35 dirfd path unlink_flags
      unshare           272  97 clone_flags
      """;

  private static final List<Entry> ENTRIES = TABLE.lines().map(WatchList::entry).toList();

  private WatchList() {}

  /** The calls, by name. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** The same by their number on that architecture. */
  public static Map<Integer, Entry> byNumber(Arch arch) {
    Map<Integer, Entry> entries = new HashMap<>();
    for (Entry entry : ENTRIES) {
      entry.number(arch).ifPresent(number -> entries.put(number, entry));
    }
    return Map.copyOf(entries);
  }

  /**
   * The list as a filter that asks about its calls and lets all others go on. What has its flags in
   * memory is always asked about: no filter can look there.
   */
  public static Filter filter(Arch arch) {
    Assembler filter = Assembler.watchingCallsOf(arch);
    for (Entry entry : ENTRIES) {
      entry.number(arch).ifPresent(number -> ask(filter, number, entry.changing()));
    }
    return filter.assemble();
  }

  private static void ask(Assembler filter, int number, Optional<Bits> changing) {
    if (changing.isPresent()) {
      Bits bits = changing.get();
      filter.call(
          number,
          new ArgumentCondition.AnyBit(bits.argument(), (int) bits.bits()),
          new Verdict.Ask());
    } else {
      filter.call(number, new Verdict.Ask());
    }
  }

  private static Entry entry(String line) {
    String[] words = line.split(" +");
    Map<Arch, Integer> numbers = new HashMap<>();
    numbers.put(Arch.X86_64, Integer.valueOf(words[1]));
    if (!words[2].equals("-")) {
      numbers.put(Arch.AARCH64, Integer.valueOf(words[2]));
    }
    List<Parameter> parameters = Arrays.stream(words).skip(3).map(Parameter::named).toList();
    return new Entry(words[0], numbers, changing(words[0], parameters), parameters);
  }

  /** Most files are only read, and most processes are born into their parents' namespaces. */
  private static Optional<Bits> changing(String name, List<Parameter> parameters) {
    int opened = parameters.indexOf(Parameter.OPEN_FLAGS);
    if (opened >= 0) {
      return Optional.of(new Bits(opened, Parameter.O_CHANGES));
    }
    return name.equals("clone")
        ? Optional.of(new Bits(0, Parameter.CLONE_NAMESPACES))
        : Optional.empty();
  }
}
