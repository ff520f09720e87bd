package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Errno;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * The calls that a container has no business with: those that reach the whole host, that no
 * namespace divides, or that were the way out of a container once too often. Docker's default
 * profile seen from the other side; where that allows a call to those who have a capability, so
 * does this.
 *
 * <p>What is newer than this list is not judged but hidden: the caller is told that the kernel does
 * not know it, and does without.
 *
 * <p>Source: the seccomp profile of the Moby project; OCI runtime-spec, "Seccomp"; section 2 of the
 * manual.
 */
public final class DenyList {

  /**
   * A refused call.
   *
   * @param name as manual pages spell it
   * @param numbers on each architecture that has it
   * @param unless capabilities of which any one makes it legitimate
   * @param why in a few words
   */
  public record Entry(String name, Map<Arch, Integer> numbers, CapabilitySet unless, String why) {
    public Entry {
      numbers = Map.copyOf(numbers);
    }

    /** Its number there; empty if that architecture never had it. */
    public OptionalInt number(Arch arch) {
      Integer number = numbers.get(arch);
      return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private boolean holdsFor(CapabilitySet kept) {
      return kept.and(unless).isEmpty();
    }
  }

  /** file_setattr(2), which came with Linux 6.17; on both architectures. */
  private static final int NEWEST = 469;

  /** Name, number on x86-64 and on aarch64, the capabilities that make it legitimate, and why. */
  private static final String TABLE =
      """
      acct                    163  89 SYS_PACCT            writes a record of every process of the host
      add_key                 248 217 -                    keys of the kernel belong to no namespace
      bpf                     321 280 SYS_ADMIN,BPF        loads programs into the kernel
      chroot                  161  51 SYS_CHROOT           is the first step of an old way out
      clock_settime           227 112 SYS_TIME             the time is the whole host's
      delete_module           176 106 SYS_MODULE           there is one kernel for all
      fanotify_init           300 262 SYS_ADMIN            watches whole file systems
      finit_module            313 273 SYS_MODULE           there is one kernel for all
      fsconfig                431 431 SYS_ADMIN            prepares a mount
      fsmount                 432 432 SYS_ADMIN            mounts
      fsopen                  430 430 SYS_ADMIN            prepares a mount
      fspick                  433 433 SYS_ADMIN            changes a mount
      get_mempolicy           239 236 SYS_NICE             tells where memory lies
      init_module             175 105 SYS_MODULE           there is one kernel for all
      io_uring_enter          426 426 -                    makes calls that no filter sees
      io_uring_register       427 427 -                    makes calls that no filter sees
      io_uring_setup          425 425 -                    makes calls that no filter sees
      ioperm                  173   - SYS_RAWIO            reaches the devices themselves
      iopl                    172   - SYS_RAWIO            reaches the devices themselves
      kcmp                    312 272 SYS_PTRACE           looks into other processes
      kexec_file_load         320 294 -                    replaces the kernel
      kexec_load              246 104 -                    replaces the kernel
      keyctl                  250 219 -                    keys of the kernel belong to no namespace
      lookup_dcookie          212  18 SYS_ADMIN            tells paths of the host
      lsm_get_self_attr       459 459 SYS_ADMIN            belongs to the host's security modules
      lsm_list_modules        461 461 SYS_ADMIN            belongs to the host's security modules
      lsm_set_self_attr       460 460 SYS_ADMIN            belongs to the host's security modules
      mbind                   237 235 SYS_NICE             moves memory between nodes
      migrate_pages           256 238 -                    moves other processes' memory
      mount                   165  40 SYS_ADMIN            could uncover what was hidden
      mount_setattr           442 442 SYS_ADMIN            could make writable what is not
      move_mount              429 429 SYS_ADMIN            could uncover what was hidden
      move_pages              279 239 -                    moves other processes' memory
      open_by_handle_at       304 265 DAC_READ_SEARCH      opens files outside the root by number
      open_tree               428 428 SYS_ADMIN            copies mounts
      open_tree_attr          467 467 SYS_ADMIN            copies mounts
      perf_event_open         298 241 SYS_ADMIN,PERFMON    observes the whole host
      pidfd_getfd             438 438 SYS_PTRACE           takes other processes' open files
      pivot_root              155  41 -                    was made already
      process_madvise         440 440 SYS_PTRACE           touches other processes' memory
      quotactl                179  60 SYS_ADMIN            quotas are the host's
      quotactl_fd             443 443 SYS_ADMIN            quotas are the host's
      reboot                  169 142 SYS_BOOT             there is one kernel for all
      request_key             249 218 -                    keys of the kernel belong to no namespace
      set_mempolicy           238 237 SYS_NICE             says where memory is to lie
      set_mempolicy_home_node 450 450 SYS_NICE             says where memory is to lie
      setdomainname           171 162 SYS_ADMIN            the name was given from outside
      sethostname             170 161 SYS_ADMIN            the name was given from outside
      setns                   308 268 SYS_ADMIN            enters other namespaces
      settimeofday            164 170 SYS_TIME             the time is the whole host's
      swapoff                 168 225 -                    swap is the whole host's
      swapon                  167 224 -                    swap is the whole host's
      sysfs                   139   - -                    is obsolete
      _sysctl                 156   - -                    is obsolete
      syslog                  103 116 SYS_ADMIN,SYSLOG     tells the kernel's messages
      umount2                 166  39 SYS_ADMIN            could uncover what was hidden
      unshare                 272  97 SYS_ADMIN            makes namespaces, in which one is root again
      uselib                  134   - -                    is obsolete
      userfaultfd             323 282 -                    holds the kernel where it can be attacked
      ustat                   136   - -                    is obsolete
      vhangup                 153  58 SYS_TTY_CONFIG       hangs up terminals
      """;

  private static final List<Entry> ENTRIES = TABLE.lines().map(DenyList::entry).toList();

  private static final CapabilitySet SYS_ADMIN = CapabilitySet.named(Set.of("CAP_SYS_ADMIN"));

  private static final Verdict NOT_PERMITTED = new Verdict.Refuse(Errno.named("EPERM"));

  private DenyList() {}

  /** The calls that are refused whatever their arguments, by name. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** Those of them that are refused to whoever has no more than these capabilities. */
  public static List<Entry> entries(CapabilitySet kept) {
    return ENTRIES.stream().filter(entry -> entry.holdsFor(kept)).toList();
  }

  /**
   * The list as a filter.
   *
   * @param kept the capabilities that the container has
   */
  public static Filter filter(Arch arch, CapabilitySet kept) {
    Assembler filter = Assembler.forCallsOf(arch).above(NEWEST, Assembler.missing());
    for (Entry entry : entries(kept)) {
      entry.number(arch).ifPresent(number -> filter.call(number, NOT_PERMITTED));
    }
    boolean administrator = !kept.and(SYS_ADMIN).isEmpty();
    if (!administrator) {
      namespaces(filter, arch);
      terminals(filter, arch);
    }
    personality(filter, arch);
    sockets(filter, arch);
    return filter.assemble();
  }

  /** A process may be made, but not in new namespaces. */
  private static void namespaces(Assembler filter, Arch arch) {
    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; clone(2) has no NEWTIME.
    int namespaces = 0x7e02_0000;
    filter.call(number(arch, 56, 220), new ArgumentCondition.AnyBit(0, namespaces), NOT_PERMITTED);
    // clone3(2) has its flags in memory, where no filter can look; C libraries that find it missing
    // take clone(2).
    filter.call(number(arch, 435, 435), Assembler.missing());
  }

  /** Nobody types for somebody else: CVE-2017-5226, CVE-2023-28100. */
  private static void terminals(Assembler filter, Arch arch) {
    int tiocsti = 0x5412;
    int tioclinux = 0x541c;
    filter.call(
        number(arch, 16, 29),
        new ArgumentCondition.OneOf(1, List.of(tiocsti, tioclinux)),
        NOT_PERMITTED);
  }

  /** Those of Linux, with 32 bits or with an old version number, and the question which it is. */
  private static void personality(Assembler filter, Arch arch) {
    int linux32 = 0x8;
    int uname26 = 0x2_0000;
    int which = 0xffff_ffff;
    filter.call(
        number(arch, 135, 92),
        new ArgumentCondition.NoneOf(0, List.of(0, linux32, uname26, linux32 | uname26, which)),
        NOT_PERMITTED);
  }

  /**
   * Sockets to the hypervisor pass every net namespace; the kernel's ciphers have had their bugs.
   */
  private static void sockets(Assembler filter, Arch arch) {
    int alg = 38;
    int vsock = 40;
    filter.call(
        number(arch, 41, 198), new ArgumentCondition.OneOf(0, List.of(alg, vsock)), NOT_PERMITTED);
  }

  private static int number(Arch arch, int x86, int arm) {
    return switch (arch) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }

  private static Entry entry(String line) {
    String[] words = line.split(" +", 5);
    Map<Arch, Integer> numbers = new TreeMap<>();
    numbers.put(Arch.X86_64, Integer.valueOf(words[1]));
    if (!words[2].equals("-")) {
      numbers.put(Arch.AARCH64, Integer.valueOf(words[2]));
    }
    CapabilitySet unless =
        words[3].equals("-")
            ? CapabilitySet.NONE
            : CapabilitySet.named(
                Arrays.stream(words[3].split(",")).map(name -> "CAP_" + name).toList());
    return new Entry(words[0], numbers, unless, words[4]);
  }
}
