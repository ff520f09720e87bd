package dev.terrarium.engine.observe;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The four system calls that a snapshot consists of, called directly: openat(2), read(2),
 * readlinkat(2), close(2). A snapshot makes about twenty of them per process; through {@code
 * java.nio.file} each would cost several times what the kernel takes. A failed call answers with
 * the negative errno, as the kernel itself does. Not thread-safe: one instance per thread.
 */
final class ProcCalls {

  static final int AT_FDCWD = -100;
  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x8_0000;

  /** A handle on a place in the tree only; the same number on x86-64 and aarch64. */
  static final int O_PATH = 0x20_0000;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPENAT =
      call(
          "openat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle READ =
      call(
          "read",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle READLINKAT =
      call(
          "readlinkat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final MemorySegment state;

  ProcCalls(Arena arena) {
    this.state = arena.allocate(STATE);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, FunctionDescriptor prototype) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        prototype,
        Linker.Option.captureCallState("errno"));
  }

  /** {@code int openat(int dirfd, const char *pathname, int flags)}. */
  int open(int folder, MemorySegment path, int flags) {
    try {
      int fd = (int) OPENAT.invokeExact(state, folder, path, flags);
      return fd >= 0 ? fd : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** {@code ssize_t read(int fd, void buf[count], size_t count)}. */
  int read(int fd, MemorySegment buffer, long count) {
    try {
      long length = (long) READ.invokeExact(state, fd, buffer, count);
      return length >= 0 ? Math.toIntExact(length) : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** {@code ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t bufsiz)}. */
  int readLink(int folder, MemorySegment path, MemorySegment buffer) {
    try {
      long length = (long) READLINKAT.invokeExact(state, folder, path, buffer, buffer.byteSize());
      return length >= 0 ? Math.toIntExact(length) : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** {@code int close(int fd)}. */
  void close(int fd) {
    try {
      int ignored = (int) CLOSE.invokeExact(state, fd);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }
}
