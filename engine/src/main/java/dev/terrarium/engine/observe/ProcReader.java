package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads processes one after the other with one set of buffers. Belongs to the thread that made it.
 *
 * <p>Everything about a process is read relative to one handle on its folder: the kernel ties it to
 * that very process, so a successor with the same number is never mixed in (it answers ESRCH).
 */
final class ProcReader implements AutoCloseable {

  /** How much of a command line is kept, in bytes; the kernel would give megabytes. */
  static final int MAX_COMMAND_LINE = 32 * 1024;

  private static final int FIRST_CAPACITY = 64 * 1024;
  private static final int MAX_CAPACITY = 64 * 1024 * 1024;

  private final Arena arena = Arena.ofConfined();
  private final ProcCalls calls = new ProcCalls(arena);
  private final String proc;
  private final ConcurrentMap<NamespaceSet, NamespaceSet> known;

  private final MemorySegment path = arena.allocate(4096);
  private final MemorySegment link = arena.allocate(4096);
  private final MemorySegment stat = arena.allocateFrom("stat");
  private final MemorySegment status = arena.allocateFrom("status");
  private final MemorySegment cmdline = arena.allocateFrom("cmdline");
  private final MemorySegment mountinfo = arena.allocateFrom("mountinfo");
  private final MemorySegment uidMap = arena.allocateFrom("uid_map");
  private final MemorySegment root = arena.allocateFrom("root");
  private final MemorySegment firstPidNs = arena.allocateFrom("root/proc/1/ns/pid");
  private final MemorySegment pidNs = arena.allocateFrom("ns/pid");
  private final MemorySegment mntNs = arena.allocateFrom("ns/mnt");
  private final MemorySegment utsNs = arena.allocateFrom("ns/uts");
  private final MemorySegment ipcNs = arena.allocateFrom("ns/ipc");
  private final MemorySegment netNs = arena.allocateFrom("ns/net");
  private final MemorySegment userNs = arena.allocateFrom("ns/user");
  private final MemorySegment cgroupNs = arena.allocateFrom("ns/cgroup");
  private final MemorySegment timeNs = arena.allocateFrom("ns/time");

  private MemorySegment buffer = arena.allocate(FIRST_CAPACITY);
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private final byte[] linkBytes = new byte[4096];

  /**
   * @param known equal sets become one object: a host has thousands of processes in few sets
   */
  ProcReader(Path proc, ConcurrentMap<NamespaceSet, NamespaceSet> known) {
    this.proc = proc.toString();
    this.known = known;
  }

  /**
   * One process, or null if there is none any more.
   *
   * <p>The order matters: {@code stat} comes last, so a process that ended while it was read is
   * either found out or shown as the zombie that it is, never as a live one with empty namespaces.
   */
  @Nullable ProcessInfo process(int pid) {
    int folder = open(Integer.toString(pid));
    if (folder < 0) {
      return null;
    }
    try {
      NamespaceSet namespaces = namespaces(folder);
      int length = read(folder, cmdline, MAX_COMMAND_LINE, false);
      List<String> argv = length < 0 ? List.of() : ProcText.argv(bytes, length);
      length = read(folder, status, MAX_CAPACITY, false);
      if (length <= 0) {
        return null;
      }
      int uid = ProcText.uid(bytes, length);
      List<Integer> pids = ProcText.nsPids(bytes, length, pid);
      length = read(folder, stat, MAX_CAPACITY, false);
      if (length <= 0) {
        return null;
      }
      ProcText.Stat now = ProcText.stat(bytes, length);
      return new ProcessInfo(
          pid, now.ppid(), uid, now.state(), now.name(), argv, pids, namespaces, now.startTicks());
    } finally {
      calls.close(folder);
    }
  }

  /** The namespaces of the process whose folder has that name, such as {@code thread-self}. */
  NamespaceSet namespacesOf(String name) {
    int folder = open(name);
    if (folder < 0) {
      return NamespaceSet.UNREADABLE;
    }
    try {
      return namespaces(folder);
    } finally {
      calls.close(folder);
    }
  }

  /**
   * A mount table and what the procfs in it lists.
   *
   * @param whole false if the process was chrooted, and so its table lacks what lies outside
   * @param procfsPidNs the pid namespace that the procfs at its {@code /proc} lists; zero if
   *     unknown
   */
  record Table(List<Mount> mounts, boolean whole, long procfsPidNs) {}

  /** The mount table of a process, if it is readable and the process is still in that namespace. */
  Optional<Table> mounts(int pid, long mountNamespace) {
    int folder = open(Integer.toString(pid));
    if (folder < 0) {
      return Optional.empty();
    }
    try {
      int length = read(folder, mountinfo, MAX_CAPACITY, true);
      if (length <= 0) {
        return Optional.empty();
      }
      List<Mount> mounts = MountTable.parse(bytes, length);
      boolean whole = readLink(folder, root) == 1;
      boolean procfs =
          MountTable.topmost(mounts, "/proc").filter(m -> m.fsType().equals("proc")).isPresent();
      // Number 1 of a procfs is the first process of the namespace that it lists.
      long listed = procfs ? inode(folder, firstPidNs) : 0;
      boolean still = inode(folder, mntNs) == mountNamespace;
      return still ? Optional.of(new Table(mounts, whole, listed)) : Optional.empty();
    } finally {
      calls.close(folder);
    }
  }

  /** The user id mapping of a process's user namespace; empty if it has none or it is hidden. */
  List<IdMapping> uidMap(int pid) {
    int folder = open(Integer.toString(pid));
    if (folder < 0) {
      return List.of();
    }
    try {
      int length = read(folder, uidMap, MAX_CAPACITY, true);
      return length <= 0 ? List.of() : ProcText.idMap(bytes, length);
    } finally {
      calls.close(folder);
    }
  }

  private NamespaceSet namespaces(int folder) {
    NamespaceSet read =
        new NamespaceSet(
            inode(folder, pidNs),
            inode(folder, mntNs),
            inode(folder, utsNs),
            inode(folder, ipcNs),
            inode(folder, netNs),
            inode(folder, userNs),
            inode(folder, cgroupNs),
            inode(folder, timeNs));
    NamespaceSet first = known.putIfAbsent(read, read);
    return first == null ? read : first;
  }

  private long inode(int folder, MemorySegment name) {
    int length = readLink(folder, name);
    return length <= 0 ? 0 : ProcText.inode(linkBytes, length);
  }

  private int readLink(int folder, MemorySegment name) {
    int length = calls.readLink(folder, name, link);
    if (length > 0) {
      MemorySegment.copy(link, ValueLayout.JAVA_BYTE, 0, linkBytes, 0, length);
    }
    return length;
  }

  private int open(String name) {
    byte[] full = (proc + "/" + name).getBytes(StandardCharsets.UTF_8);
    if (full.length >= path.byteSize()) {
      throw new IllegalStateException("path of the proc folder is too long: " + proc);
    }
    MemorySegment.copy(full, 0, path, ValueLayout.JAVA_BYTE, 0, full.length);
    path.set(ValueLayout.JAVA_BYTE, full.length, (byte) 0);
    int fd = calls.open(ProcCalls.AT_FDCWD, path, ProcCalls.O_PATH | ProcCalls.O_CLOEXEC);
    return fd < 0 ? goneOrThrow("openat", name, fd) : fd;
  }

  /**
   * Fills {@link #bytes} with a file.
   *
   * @param limit how much of it is wanted at most
   * @param inPortions whether a read may give less than there is
   * @return its length, or -1 if it is gone or not to be read by this user
   */
  private int read(int folder, MemorySegment name, int limit, boolean inPortions) {
    int fd = calls.open(folder, name, ProcCalls.O_RDONLY | ProcCalls.O_CLOEXEC);
    if (fd < 0) {
      return goneOrThrow("openat", name.getString(0), fd);
    }
    try {
      int filled = 0;
      while (filled < limit) {
        int room = (int) Math.min(buffer.byteSize(), limit) - filled;
        int count = calls.read(fd, buffer.asSlice(filled), room);
        if (count < 0) {
          return goneOrThrow("read", name.getString(0), count);
        }
        filled += count;
        // Files made in one piece end where they fill less than there was room for; the mount
        // table,
        // made line by line, ends only where nothing more comes.
        if (count == 0 || (count < room && !inPortions)) {
          break;
        }
        if (filled == buffer.byteSize() && filled < limit) {
          grow();
        }
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, filled);
      return filled;
    } finally {
      calls.close(fd);
    }
  }

  private void grow() {
    MemorySegment larger = arena.allocate(buffer.byteSize() * 4);
    MemorySegment.copy(buffer, 0, larger, 0, buffer.byteSize());
    buffer = larger;
    bytes = Arrays.copyOf(bytes, (int) larger.byteSize());
  }

  /** Processes end and hide; anything else (EMFILE, say) must not pass for a smaller host. */
  private static int goneOrThrow(String call, String name, int result) {
    return switch (-result) {
      case ProcCalls.ENOENT,
          ProcCalls.ESRCH,
          ProcCalls.EACCES,
          ProcCalls.EPERM,
          ProcCalls.ENOTDIR,
          ProcCalls.EINVAL ->
          -1;
      default ->
          throw new ProcUnreadableException(
              call + " of " + name + " below /proc: " + errnoName(-result));
    };
  }

  private static String errnoName(int errno) {
    return Errno.of(errno).name();
  }

  @Override
  public void close() {
    arena.close();
  }
}
