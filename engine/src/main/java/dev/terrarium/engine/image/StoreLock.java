package dev.terrarium.engine.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Who adds to the store shares it; who throws away what nothing refers to has it alone. Holds among
 * the threads of this process and among processes: the kernel's lock belongs to the process, so its
 * first reader takes it and its last one lets go.
 */
final class StoreLock {
  private static final Map<Path, StoreLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;
  private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock();
  private int readers;
  private @Nullable FileChannel channel;
  private @Nullable FileLock held;

  private StoreLock(Path file) {
    this.file = file;
  }

  static StoreLock of(Path file) {
    return LOCKS.computeIfAbsent(file, StoreLock::new);
  }

  /** Released by closing. */
  interface Held extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  Held shared() throws IOException {
    threads.readLock().lock();
    try {
      enter();
    } catch (IOException | RuntimeException e) {
      threads.readLock().unlock();
      throw e;
    }
    return () -> {
      try {
        leave();
      } finally {
        threads.readLock().unlock();
      }
    };
  }

  private synchronized void enter() throws IOException {
    if (readers++ == 0) {
      try {
        acquire(true);
      } catch (IOException | RuntimeException e) {
        readers--;
        throw e;
      }
    }
  }

  private synchronized void leave() throws IOException {
    if (--readers == 0) {
      release();
    }
  }

  Held alone() throws IOException {
    threads.writeLock().lock();
    try {
      acquire(false);
    } catch (IOException | RuntimeException e) {
      threads.writeLock().unlock();
      throw e;
    }
    return () -> {
      try {
        release();
      } finally {
        threads.writeLock().unlock();
      }
    };
  }

  private synchronized void acquire(boolean shared) throws IOException {
    Files.createDirectories(file.getParent());
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      held = channel.lock(0, Long.MAX_VALUE, shared);
    } catch (IOException | RuntimeException e) {
      release();
      throw e;
    }
  }

  private synchronized void release() throws IOException {
    if (held != null) {
      held.release();
      held = null;
    }
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
