package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.Optional;

/**
 * One reason why a container sees something else than the host, traced to what causes it. Holds no
 * words: a screen has them in its reader's language.
 *
 * @param hostPid the process that it shows on: the container's first, or a member with two numbers
 * @param hostNs the namespace that the host is in, of the kind that makes the difference
 * @param containerNs the namespace that the container is in
 * @param hostValue what the host sees; see {@link Kind}
 * @param containerValue what the container sees; see {@link Kind}
 * @param madeBy the call that made it so; empty if it was not recorded, or if nothing was done,
 *     which is the very reason for {@link Kind#PROC_SHOWS_HOST}
 */
public record Difference(
    Kind kind,
    int hostPid,
    Optional<Namespace> hostNs,
    Optional<Namespace> containerNs,
    String hostValue,
    String containerValue,
    Optional<SyscallEvent> madeBy) {

  /** What differs, and what the two values are. */
  public enum Kind {
    /** One process, two numbers: its pid on the host, its pid in the container's namespace. */
    TWO_NUMBERS,
    /** The container has a pid namespace but its /proc lists the host: the devices of both. */
    PROC_SHOWS_HOST,
    /** The container's /proc lists its own pid namespace: the devices of both. */
    PROC_SHOWS_OWN,
    /** The container's /proc lists a third pid namespace: the devices of both. */
    PROC_SHOWS_OTHER,
    /** The container has no procfs at /proc: the host's device, and nothing. */
    PROC_MISSING,
    /** Another file system is at /: {@code TYPE MAJOR:MINOR} of both. */
    ROOT,
    /** Two mount tables: how many mounts only the host has, how many only the container has. */
    MOUNT_TABLE,
    /** Host name and domain name are its own: the namespaces' inode numbers. */
    UTS,
    /** System V objects and POSIX message queues are its own: the inode numbers. */
    IPC,
    /** Interfaces, addresses, routes and ports are its own: the inode numbers. */
    NETWORK,
    /** One process, two users: its uid on the host, its uid in the container's namespace. */
    USER,
    /** The root of the cgroup tree is another: the inode numbers. */
    CGROUP,
    /** Boot time and monotonic clock have an offset: the inode numbers. */
    TIME
  }
}
