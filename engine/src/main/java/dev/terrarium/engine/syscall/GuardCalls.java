package dev.terrarium.engine.syscall;

import dev.terrarium.engine.capability.Capability;
import dev.terrarium.engine.capability.CapabilitySet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The calls by which a process gives up power. Source: section 2 of the manual. */
public final class GuardCalls {
  private static final long PR_SET_NO_NEW_PRIVS = 38;
  private static final long PR_CAPBSET_DROP = 24;
  private static final long CLOSE_RANGE_CLOEXEC = 4;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private static final long SECCOMP_SET_MODE_FILTER = 1;

  /** The call returns a descriptor by which somebody can answer for the filter. */
  public static final long SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;

  /** Who waits for the listener's answer wakes up to be killed, but for no other signal. */
  public static final long SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32;

  private GuardCalls() {}

  /** From now on no execve(2) gives more than there was before. Source: PR_SET_NO_NEW_PRIVS(2). */
  public static Call prctlNoNewPrivs() {
    return Calls.of(
        Syscall.PRCTL,
        Operand.flags(PR_SET_NO_NEW_PRIVS, List.of("PR_SET_NO_NEW_PRIVS")),
        Operand.number(1),
        Operand.number(0),
        Operand.number(0),
        Operand.number(0));
  }

  /** Takes one capability, by number, out of the bounding set. Source: PR_CAPBSET_DROP(2const). */
  public static Call prctlCapbsetDrop(int capability) {
    return Calls.of(
        Syscall.PRCTL,
        Operand.flags(PR_CAPBSET_DROP, List.of("PR_CAPBSET_DROP")),
        Operand.flags(capability, List.of(Capability.nameOf(capability))));
  }

  /**
   * Sets the caller's own sets. What the permitted or inheritable set loses, the ambient set loses
   * too.
   */
  public static Call capset(
      CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int shift : new int[] {0, 32}) {
      data.putInt((int) (effective.bits() >>> shift));
      data.putInt((int) (permitted.bits() >>> shift));
      data.putInt((int) (inheritable.bits() >>> shift));
    }
    ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(CAPABILITY_VERSION_3).putInt(0);
    return Calls.of(
        Syscall.CAPSET,
        new Operand.Memory(
            Bytes.of(header.array()),
            new Arg.Struct("{version=_LINUX_CAPABILITY_VERSION_3, pid=0}")),
        new Operand.Memory(
            Bytes.of(data.array()),
            new Arg.Struct(
                "{effective=%s, permitted=%s, inheritable=%s}"
                    .formatted(effective, permitted, inheritable))));
  }

  public static Call setgroups(List<Integer> groups) {
    if (groups.isEmpty()) {
      return Calls.of(Syscall.SETGROUPS, Operand.number(0), Operand.nil());
    }
    ByteBuffer list = ByteBuffer.allocate(4 * groups.size()).order(ByteOrder.LITTLE_ENDIAN);
    groups.forEach(list::putInt);
    return Calls.of(
        Syscall.SETGROUPS,
        Operand.number(groups.size()),
        new Operand.Memory(Bytes.of(list.array()), new Arg.Struct(groups.toString())));
  }

  /** All three the same. */
  public static Call setresgid(int gid) {
    return Calls.of(
        Syscall.SETRESGID, Operand.number(gid), Operand.number(gid), Operand.number(gid));
  }

  /** All three the same. */
  public static Call setresuid(int uid) {
    return Calls.of(
        Syscall.SETRESUID, Operand.number(uid), Operand.number(uid), Operand.number(uid));
  }

  /** Gives an open file to that user and group; -1 leaves one as it is. */
  public static Call fchown(int fd, int owner, int group) {
    return Calls.of(
        Syscall.FCHOWN, Operand.number(fd), Operand.number(owner), Operand.number(group));
  }

  /** The caller's own limit; -1 is no limit. */
  public static Call prlimit(ResourceLimit resource, long soft, long hard) {
    ByteBuffer limit = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    limit.putLong(soft).putLong(hard);
    return Calls.of(
        Syscall.PRLIMIT64,
        Operand.number(0),
        Operand.flags(resource.number(), List.of(resource.name())),
        new Operand.Memory(
            Bytes.of(limit.array()),
            new Arg.Struct("{rlim_cur=%s, rlim_max=%s}".formatted(most(soft), most(hard)))),
        Operand.nil());
  }

  private static String most(long limit) {
    return limit == -1 ? "RLIM64_INFINITY" : Long.toUnsignedString(limit);
  }

  /**
   * Installs a filter, as seccomp(2) takes it, for the caller and all that it will make.
   *
   * @param flags of seccomp(2), such as {@link #SECCOMP_FILTER_FLAG_NEW_LISTENER}
   * @param instructions how many struct sock_filter the program is
   */
  public static Call seccompSetFilter(long flags, Bytes program, int instructions) {
    Operand filter = new Operand.Memory(program, new Arg.Struct("filter"));
    return Calls.of(
        Syscall.SECCOMP,
        Operand.flags(SECCOMP_SET_MODE_FILTER, List.of("SECCOMP_SET_MODE_FILTER")),
        Bits.SECCOMP_FLAGS.of(flags),
        new Operand.Structure(
            List.of(Operand.number(instructions), filter),
            new Arg.Struct("{len=%d, filter}".formatted(instructions))));
  }

  /** Has the next execve(2) close that descriptor and all above; until then they stay open. */
  public static Call closeOnExecFrom(int first) {
    return Calls.of(
        Syscall.CLOSE_RANGE,
        Operand.number(first),
        Operand.flags(0xffff_ffffL, List.of("~0U")),
        Operand.flags(CLOSE_RANGE_CLOEXEC, List.of("CLOSE_RANGE_CLOEXEC")));
  }
}
