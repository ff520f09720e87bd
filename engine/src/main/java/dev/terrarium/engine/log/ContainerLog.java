package dev.terrarium.engine.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * What a container prints, in a file of its folder. An entry is a line of the format that container
 * engines share: time, stream, whether the line is full (F) or part of one (P), and what was
 * printed.
 *
 * <pre>
 *   2026-10-06T00:17:09.669794202Z stdout F hello
 * </pre>
 *
 * Two files of bounded length take turns, so that what is lost when it gets long is the oldest
 * part. Thread-safe. Source: Kubernetes, design proposal "CRI: Log management for container
 * stdout/stderr streams".
 */
public final class ContainerLog implements AutoCloseable {
  /** Of both files together, in bytes; a container that prints for ever must not fill the disk. */
  private static final long MOST = 16L << 20;

  static final String NEWER = "log";
  static final String OLDER = "log.1";

  private final Path folder;
  private final long most;
  private FileChannel file;

  private ContainerLog(Path folder, long most) throws IOException {
    this.folder = folder;
    this.most = most;
    this.file = create();
  }

  /** Begins the log of a container. */
  public static ContainerLog in(Path folder) throws IOException {
    return new ContainerLog(folder, MOST);
  }

  static ContainerLog in(Path folder, long most) throws IOException {
    return new ContainerLog(folder, most);
  }

  /** The files that it may be made of. */
  public static List<String> files() {
    return List.of(NEWER, OLDER);
  }

  /** Which descriptor something was printed to. */
  public enum Stream {
    STDOUT,
    STDERR;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads all that comes and writes it down, at once, until the other end is closed. What cannot be
   * written, because the disk is full, is lost; the container goes on.
   */
  public void carry(InputStream printed, Stream stream) {
    byte[] buffer = new byte[16 * 1024];
    try (printed) {
      for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
        byte[] entries = entries(buffer, n, stream, Instant.now());
        try {
          append(entries);
        } catch (IOException e) {
          // Reading on: a full pipe would stop the container.
        }
      }
    } catch (IOException e) {
      // The container is gone.
    }
  }

  private static byte[] entries(byte[] printed, int length, Stream stream, Instant at) {
    ByteArrayOutputStream entries = new ByteArrayOutputStream(length + 64);
    int from = 0;
    while (from < length) {
      int newline = from;
      while (newline < length && printed[newline] != '\n') {
        newline++;
      }
      boolean full = newline < length;
      String head = at + " " + stream.word() + (full ? " F " : " P ");
      entries.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      entries.write(printed, from, newline - from);
      entries.write('\n');
      from = newline + 1;
    }
    return entries.toByteArray();
  }

  private synchronized void append(byte[] entries) throws IOException {
    if (file.size() + entries.length > most / 2 && file.size() > 0) {
      file.close();
      Files.move(folder.resolve(NEWER), folder.resolve(OLDER), StandardCopyOption.REPLACE_EXISTING);
      file = create();
    }
    ByteBuffer bytes = ByteBuffer.wrap(entries);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private FileChannel create() throws IOException {
    return FileChannel.open(
        folder.resolve(NEWER),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }

  /** Hears what is read from a log. */
  public interface Reader {
    /**
     * Called for each entry.
     *
     * @param printed as the container printed it, the newline included
     */
    void entry(Instant at, Stream stream, byte[] printed) throws IOException;
  }

  /**
   * Reads a log from its beginning, as long as more may come.
   *
   * @param more whether something may still be printed; what is there is read in any case
   * @throws NoSuchFileException if the container has no log
   */
  public static void read(Path folder, BooleanSupplier more, Reader reader)
      throws IOException, InterruptedException {
    LogReading.read(folder, more, reader);
  }
}
