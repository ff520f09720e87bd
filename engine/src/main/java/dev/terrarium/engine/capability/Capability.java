package dev.terrarium.engine.capability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** One piece of root's power, with its number. Source: capabilities(7), linux/capability.h. */
public enum Capability {
  CAP_CHOWN(0),
  CAP_DAC_OVERRIDE(1),
  CAP_DAC_READ_SEARCH(2),
  CAP_FOWNER(3),
  CAP_FSETID(4),
  CAP_KILL(5),
  CAP_SETGID(6),
  CAP_SETUID(7),
  CAP_SETPCAP(8),
  CAP_LINUX_IMMUTABLE(9),
  CAP_NET_BIND_SERVICE(10),
  CAP_NET_BROADCAST(11),
  CAP_NET_ADMIN(12),
  CAP_NET_RAW(13),
  CAP_IPC_LOCK(14),
  CAP_IPC_OWNER(15),
  CAP_SYS_MODULE(16),
  CAP_SYS_RAWIO(17),
  CAP_SYS_CHROOT(18),
  CAP_SYS_PTRACE(19),
  CAP_SYS_PACCT(20),
  CAP_SYS_ADMIN(21),
  CAP_SYS_BOOT(22),
  CAP_SYS_NICE(23),
  CAP_SYS_RESOURCE(24),
  CAP_SYS_TIME(25),
  CAP_SYS_TTY_CONFIG(26),
  CAP_MKNOD(27),
  CAP_LEASE(28),
  CAP_AUDIT_WRITE(29),
  CAP_AUDIT_CONTROL(30),
  CAP_SETFCAP(31),
  CAP_MAC_OVERRIDE(32),
  CAP_MAC_ADMIN(33),
  CAP_SYSLOG(34),
  CAP_WAKE_ALARM(35),
  CAP_BLOCK_SUSPEND(36),
  CAP_AUDIT_READ(37),
  CAP_PERFMON(38),
  CAP_BPF(39),
  CAP_CHECKPOINT_RESTORE(40);

  private static final Path LAST = Path.of("/proc/sys/kernel/cap_last_cap");

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /** Its bit in a set, counted from 0. */
  public int number() {
    return number;
  }

  /** The capability with that name, such as {@code CAP_CHOWN}. */
  public static Optional<Capability> named(String name) {
    return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
  }

  /** The name for that number; one that is newer than this list is called as libcap does it. */
  public static String nameOf(int number) {
    return Arrays.stream(values())
        .filter(each -> each.number == number)
        .findFirst()
        .map(Enum::name)
        .orElse("cap_" + number);
  }

  /**
   * The highest number that the running kernel knows; it may be newer than this list. Source:
   * cap_last_cap in capabilities(7).
   */
  public static int lastOfKernel() {
    try {
      // Line by line, because that reads it in one go: a file under /proc/sys ends where the first
      // read ended, and readString begins with a single byte.
      return Integer.parseInt(Files.readAllLines(LAST).getFirst().strip());
    } catch (IOException | NumberFormatException e) {
      return CAP_CHECKPOINT_RESTORE.number;
    }
  }
}
