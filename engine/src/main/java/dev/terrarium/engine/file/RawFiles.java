package dev.terrarium.engine.file;

import dev.terrarium.engine.syscall.Arch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * File calls with names as bytes and folders as descriptors, for this process itself. What {@code
 * java.nio.file} cannot do: names that are no text, devices, owners and times of symbolic links,
 * extended attributes as bytes, holes, and to stay inside a folder whatever symbolic links say.
 *
 * <p>Names are one character per byte, as in {@link RawPath}. Each refused call is a {@link
 * FileException}. Confined to the thread that made it. Source: section 2 of the manual.
 */
public final class RawFiles implements AutoCloseable {

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_PATH = 010000000;
  public static final int O_CLOEXEC = 02000000;

  /** No component may be a symbolic link, and none may lead out. Source: openat2(2). */
  private static final long RESOLVE_NO_SYMLINKS = 4;

  private static final long RESOLVE_BENEATH = 8;

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;

  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int ENODATA = 61;
  private static final int EOPNOTSUPP = 95;

  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int ENXIO = 6;

  private static final int BUFFER = 1 << 17;
  private static final int STATX_SIZE = 256;
  private static final int STATX_BASIC = 0x7ff;

  /** Numbers on x86-64 and aarch64. Source: syscalls(2), asm/unistd.h. */
  private enum CallNumber {
    CLOSE(3, 57),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHOWNAT(260, 54),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    GETDENTS64(217, 61),
    LGETXATTR(192, 9),
    LINKAT(265, 37),
    LLISTXATTR(195, 12),
    LSEEK(8, 62),
    LSETXATTR(189, 6),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    READ(0, 63),
    READLINKAT(267, 78),
    RENAMEAT2(316, 276),
    STATX(332, 291),
    SYMLINKAT(266, 36),
    UNLINKAT(263, 35),
    UTIMENSAT(280, 88),
    WRITE(1, 64);

    private final long number;

    CallNumber(long x86, long arm) {
      number = Arch.host() == Arch.X86_64 ? x86 : arm;
    }
  }

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = syscall();

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment first = arena.allocate(8192);
  private final MemorySegment second = arena.allocate(8192);
  private final MemorySegment buffer = arena.allocate(BUFFER, 8);

  @SuppressWarnings("restricted")
  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(1));
  }

  /** {@code long syscall(long number, ...)}: the result, or the negative errno. */
  private long call(CallNumber number, long a, long b, long c, long d, long e) {
    try {
      long result = (long) SYSCALL.invokeExact(state, number.number, a, b, c, d, e);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static long checked(long result, String call, String path) throws FileException {
    if (result < 0) {
      throw new FileException(call, RawPath.shown(path), (int) -result);
    }
    return result;
  }

  private static MemorySegment text(MemorySegment into, String bytes) throws FileException {
    byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
    if (raw.length >= into.byteSize()) {
      throw new FileException("the name", RawPath.shown(bytes.substring(0, 64)) + "...", 36);
    }
    MemorySegment.copy(raw, 0, into, ValueLayout.JAVA_BYTE, 0, raw.length);
    into.set(ValueLayout.JAVA_BYTE, raw.length, (byte) 0);
    return into;
  }

  /** A folder of the host, wherever it is, as a place to start from. */
  public int openFolder(java.nio.file.Path folder) throws FileException {
    String name =
        new String(folder.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    long fd =
        call(
            CallNumber.OPENAT,
            AT_FDCWD,
            text(first, name).address(),
            O_PATH | O_CLOEXEC | folderFlag(),
            0,
            0);
    return (int) checked(fd, "open", name);
  }

  /**
   * Opens what is below a folder; no symbolic link is followed, neither on the way nor at the end,
   * and nothing leads out.
   *
   * @param flags O_*; O_CLOEXEC is added
   */
  public int open(int folder, String path, int flags, int mode) throws FileException {
    // struct open_how: flags, mode, resolve.
    buffer.set(ValueLayout.JAVA_LONG, 0, flags | O_CLOEXEC);
    buffer.set(ValueLayout.JAVA_LONG, 8, (flags & O_CREAT) == 0 ? 0 : mode);
    buffer.set(ValueLayout.JAVA_LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    String name = path.isEmpty() ? "." : path;
    long fd =
        call(CallNumber.OPENAT2, folder, text(first, name).address(), buffer.address(), 24, 0);
    return (int) checked(fd, "open", path);
  }

  /** A folder below a folder, as a place to start from. */
  public int openFolder(int folder, String path) throws FileException {
    return open(folder, path, O_PATH | folderFlag(), 0);
  }

  /** O_DIRECTORY differs between the two. Source: asm/fcntl.h. */
  private static int folderFlag() {
    return Arch.host() == Arch.X86_64 ? 0200000 : 040000;
  }

  public void close(int fd) {
    call(CallNumber.CLOSE, fd, 0, 0, 0, 0);
  }

  /** What is there, a symbolic link itself included; empty if nothing is. */
  public Optional<Stat> stat(int folder, String name) throws FileException {
    long result = statx(folder, name);
    // Of a name whose parent is no folder there is nothing either.
    if (result == -ENOENT || result == -20) {
      return Optional.empty();
    }
    checked(result, "stat", name);
    return Optional.of(statIn(buffer));
  }

  private long statx(int folder, String name) throws FileException {
    int flags = AT_SYMLINK_NOFOLLOW | (name.isEmpty() ? AT_EMPTY_PATH : 0);
    return call(
        CallNumber.STATX,
        folder,
        text(first, name).address(),
        flags,
        STATX_BASIC,
        buffer.address());
  }

  /** What a descriptor stands for. */
  public Stat stat(int fd) throws FileException {
    checked(statx(fd, ""), "stat", "fd " + fd);
    return statIn(buffer);
  }

  /** struct statx. Source: statx(2), linux/stat.h. */
  private static Stat statIn(MemorySegment struct) {
    if (struct.byteSize() < STATX_SIZE) {
      throw new IllegalArgumentException("too small for a struct statx");
    }
    return new Stat(
        struct.get(ValueLayout.JAVA_SHORT, 28) & 0xffff,
        Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, 20)),
        Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, 24)),
        struct.get(ValueLayout.JAVA_LONG, 40),
        struct.get(ValueLayout.JAVA_LONG, 48),
        struct.get(ValueLayout.JAVA_LONG, 32),
        device(struct, 136),
        device(struct, 128),
        Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, 16)),
        struct.get(ValueLayout.JAVA_LONG, 112),
        struct.get(ValueLayout.JAVA_INT, 120));
  }

  private static long device(MemorySegment struct, long at) {
    return Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, at)) << 32
        | Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, at + 4));
  }

  public void mkdir(int folder, String name, int mode) throws FileException {
    checked(
        call(CallNumber.MKDIRAT, folder, text(first, name).address(), mode, 0, 0), "mkdir", name);
  }

  /**
   * A device, fifo or socket.
   *
   * @param type S_IF* and permissions
   * @param special {@code major << 32 | minor}
   */
  public void mknod(int folder, String name, int type, long special) throws FileException {
    long major = special >>> 32;
    long minor = special & 0xffff_ffffL;
    // The kernel's new_encode_dev: 12 bits of major, 20 of minor around it.
    long encoded = (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12;
    checked(
        call(CallNumber.MKNODAT, folder, text(first, name).address(), type, encoded, 0),
        "mknod",
        name);
  }

  public void symlink(String target, int folder, String name) throws FileException {
    checked(
        call(
            CallNumber.SYMLINKAT,
            text(second, target).address(),
            folder,
            text(first, name).address(),
            0,
            0),
        "symlink",
        name);
  }

  /** A second name for a file; of a symbolic link, for the link itself. */
  public void link(int fromFolder, String from, int folder, String name) throws FileException {
    checked(
        call(
            CallNumber.LINKAT,
            fromFolder,
            text(second, from).address(),
            folder,
            text(first, name).address(),
            0),
        "link",
        name);
  }

  public void unlink(int folder, String name) throws FileException {
    checked(
        call(CallNumber.UNLINKAT, folder, text(first, name).address(), 0, 0, 0), "unlink", name);
  }

  public void rmdir(int folder, String name) throws FileException {
    checked(
        call(CallNumber.UNLINKAT, folder, text(first, name).address(), AT_REMOVEDIR, 0, 0),
        "rmdir",
        name);
  }

  public void rename(int fromFolder, String from, int folder, String name) throws FileException {
    checked(
        call(
            CallNumber.RENAMEAT2,
            fromFolder,
            text(second, from).address(),
            folder,
            text(first, name).address(),
            0),
        "rename",
        name);
  }

  /** Of a symbolic link, the link's own owner. */
  public void chown(int folder, String name, long uid, long gid) throws FileException {
    int flags = AT_SYMLINK_NOFOLLOW | (name.isEmpty() ? AT_EMPTY_PATH : 0);
    checked(
        call(CallNumber.FCHOWNAT, folder, text(first, name).address(), uid, gid, flags),
        "chown",
        name);
  }

  /** Of an open file; symbolic links have no permissions. */
  public void chmod(int fd, int mode) throws FileException {
    checked(call(CallNumber.FCHMOD, fd, mode, 0, 0, 0), "chmod", "fd " + fd);
  }

  /** Of what a descriptor opened with O_PATH stands for; it is not opened for that. */
  public void chmodPath(int fd, int mode) throws FileException {
    checked(
        call(
            CallNumber.FCHMODAT,
            AT_FDCWD,
            text(first, "/proc/self/fd/" + fd).address(),
            mode,
            0,
            0),
        "chmod",
        "fd " + fd);
  }

  /** Time of last change of the content; the time of last access becomes the same. */
  public void touch(int folder, String name, long seconds, int nanos) throws FileException {
    for (int at = 0; at < 32; at += 16) {
      buffer.set(ValueLayout.JAVA_LONG, at, seconds);
      buffer.set(ValueLayout.JAVA_LONG, at + 8, nanos);
    }
    checked(
        call(
            CallNumber.UTIMENSAT,
            folder,
            text(first, name).address(),
            buffer.address(),
            AT_SYMLINK_NOFOLLOW,
            0),
        "utimensat",
        name);
  }

  /** Where a symbolic link leads. */
  public String readLink(int folder, String name) throws FileException {
    long length =
        checked(
            call(
                CallNumber.READLINKAT,
                folder,
                text(first, name).address(),
                buffer.address(),
                8192,
                0),
            "readlink",
            name);
    return string(buffer, 0, length);
  }

  /** The names in a folder but dot and dot-dot, in byte order. */
  public List<String> list(int folder, String path) throws FileException {
    int fd = open(folder, path, O_RDONLY | folderFlag(), 0);
    try {
      List<String> names = new ArrayList<>();
      while (true) {
        long length =
            checked(
                call(CallNumber.GETDENTS64, fd, buffer.address(), BUFFER, 0, 0),
                "getdents64",
                path);
        if (length == 0) {
          names.sort(null);
          return names;
        }
        for (long at = 0; at < length; ) {
          // struct linux_dirent64: ino, off, reclen, type, name.
          int entry = buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
          String name = string(buffer, at + 19, terminator(buffer, at + 19) - at - 19);
          if (!name.equals(".") && !name.equals("..")) {
            names.add(name);
          }
          at += entry;
        }
      }
    } finally {
      close(fd);
    }
  }

  private static long terminator(MemorySegment segment, long from) {
    long at = from;
    while (segment.get(ValueLayout.JAVA_BYTE, at) != 0) {
      at++;
    }
    return at;
  }

  private static String string(MemorySegment segment, long from, long length) {
    byte[] raw = new byte[(int) length];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, raw, 0, raw.length);
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /**
   * A name below an open folder as a path that calls without a folder argument take. The last
   * component is not followed by the l-calls.
   */
  private static String below(int folder, String name) {
    return "/proc/self/fd/" + folder + (name.isEmpty() ? "/." : "/" + name);
  }

  /** All extended attributes, by name; none where the file system has none. */
  public Map<String, byte[]> attributes(int folder, String name) throws FileException {
    String path = below(folder, name);
    long length =
        call(CallNumber.LLISTXATTR, text(first, path).address(), buffer.address(), BUFFER, 0, 0);
    if (length == -EOPNOTSUPP || length == 0) {
      return Map.of();
    }
    checked(length, "llistxattr", name);
    List<String> names = List.of(string(buffer, 0, length).split("\0", -1));
    Map<String, byte[]> attributes = new TreeMap<>();
    for (String attribute : names) {
      if (!attribute.isEmpty()) {
        attribute(folder, name, attribute).ifPresent(value -> attributes.put(attribute, value));
      }
    }
    return attributes;
  }

  /** One extended attribute; empty if the file has none of that name. */
  public Optional<byte[]> attribute(int folder, String name, String attribute)
      throws FileException {
    long length =
        call(
            CallNumber.LGETXATTR,
            text(first, below(folder, name)).address(),
            text(second, attribute).address(),
            buffer.address(),
            BUFFER,
            0);
    if (length == -ENODATA || length == -EOPNOTSUPP) {
      return Optional.empty();
    }
    checked(length, "lgetxattr " + RawPath.shown(attribute), name);
    byte[] value = new byte[(int) length];
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, value, 0, value.length);
    return Optional.of(value);
  }

  public void setAttribute(int folder, String name, String attribute, byte[] value)
      throws FileException {
    if (value.length > BUFFER) {
      throw new FileException("lsetxattr " + RawPath.shown(attribute), RawPath.shown(name), 7);
    }
    MemorySegment.copy(value, 0, buffer, ValueLayout.JAVA_BYTE, 0, value.length);
    checked(
        call(
            CallNumber.LSETXATTR,
            text(first, below(folder, name)).address(),
            text(second, attribute).address(),
            buffer.address(),
            value.length,
            0),
        "lsetxattr " + RawPath.shown(attribute),
        name);
  }

  /** Writes all of it at the descriptor's position. */
  public void write(int fd, byte[] bytes, int from, int length) throws FileException {
    int done = 0;
    while (done < length) {
      int part = Math.min(BUFFER, length - done);
      MemorySegment.copy(bytes, from + done, buffer, ValueLayout.JAVA_BYTE, 0, part);
      done += (int) checked(call(CallNumber.WRITE, fd, buffer.address(), part, 0, 0), "write", "");
    }
  }

  /**
   * Reads at the descriptor's position.
   *
   * @return how many bytes; 0 at the end
   */
  public int read(int fd, byte[] into, int from, int length) throws FileException {
    int most = Math.min(BUFFER, length);
    int got = (int) checked(call(CallNumber.READ, fd, buffer.address(), most, 0, 0), "read", "");
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, from, got);
    return got;
  }

  /** Makes the file that long; what was not written is a hole. */
  public void truncate(int fd, long length) throws FileException {
    checked(call(CallNumber.FTRUNCATE, fd, length, 0, 0, 0), "ftruncate", "");
  }

  /** Moves the position, counted from the beginning. */
  public void seek(int fd, long position) throws FileException {
    checked(call(CallNumber.LSEEK, fd, position, 0, 0, 0), "lseek", "");
  }

  /** Where the next data begin at or after that position; empty if only a hole follows. */
  public Optional<Long> nextData(int fd, long position) throws FileException {
    long found = call(CallNumber.LSEEK, fd, position, SEEK_DATA, 0, 0);
    return found == -ENXIO ? Optional.empty() : Optional.of(checked(found, "lseek", ""));
  }

  /** Where the next hole begins at or after that position; the end of the file is one. */
  public long nextHole(int fd, long position) throws FileException {
    return checked(call(CallNumber.LSEEK, fd, position, SEEK_HOLE, 0, 0), "lseek", "");
  }

  public void sync(int fd) throws FileException {
    checked(call(CallNumber.FSYNC, fd, 0, 0, 0, 0), "fsync", "");
  }

  /** Removes a name and, of a folder, all that is below; nothing if it is not there. */
  public void removeTree(int folder, String name) throws IOException {
    Optional<Stat> stat = stat(folder, name);
    if (stat.isEmpty()) {
      return;
    }
    if (!stat.get().isFolder()) {
      unlink(folder, name);
      return;
    }
    int inner = openFolder(folder, name);
    try {
      for (String child : listEvenIfClosed(inner)) {
        removeTree(inner, child);
      }
    } finally {
      close(inner);
    }
    rmdir(folder, name);
  }

  /** overlayfs makes its work folder with mode 000; its owner may open it again. */
  private List<String> listEvenIfClosed(int folder) throws FileException {
    try {
      return list(folder, "");
    } catch (FileException e) {
      if (e.errno() != EACCES) {
        throw e;
      }
      chmodPath(folder, 0700);
      return list(folder, "");
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
