package dev.terrarium.engine.observe;

import java.util.Locale;

/** The eight kinds of namespace, in the order in which screens show them. Source: namespaces(7). */
public enum NamespaceType {
  PID(0x2000_0000L),
  MNT(0x0002_0000L),
  UTS(0x0400_0000L),
  IPC(0x0800_0000L),
  NET(0x4000_0000L),
  USER(0x1000_0000L),
  CGROUP(0x0200_0000L),
  TIME(0x0000_0080L);

  private final long cloneFlag;

  NamespaceType(long cloneFlag) {
    this.cloneFlag = cloneFlag;
  }

  /** The CLONE_NEW* bit of clone(2), unshare(2) and setns(2). */
  public long cloneFlag() {
    return cloneFlag;
  }

  /** The name of its link under {@code /proc/PID/ns}: {@code pid}, {@code mnt}, ... */
  public String procName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of its flag as the C headers spell it, such as {@code CLONE_NEWPID}. */
  public String flagName() {
    return this == MNT ? "CLONE_NEWNS" : "CLONE_NEW" + name();
  }
}
