package dev.terrarium.engine.log;

import dev.terrarium.engine.log.ContainerLog.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A log that is read while it is written, by another process perhaps. */
final class LogReading implements AutoCloseable {
  /** Nothing in the folder changes when the container is at its end. */
  private static final long LOOK_AGAIN_MILLIS = 500;

  private final ContainerLog.Reader reader;
  private final FileChannel file;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private LogReading(FileChannel file, ContainerLog.Reader reader) {
    this.file = file;
    this.reader = reader;
  }

  static void read(Path folder, BooleanSupplier more, ContainerLog.Reader reader)
      throws IOException, InterruptedException {
    Path newer = folder.resolve(ContainerLog.NEWER);
    try (WatchService changes = folder.getFileSystem().newWatchService()) {
      folder.register(
          changes, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      // Opened before the older one is read: if they change places meanwhile, nothing is skipped.
      Object key = key(newer);
      try (FileChannel first = FileChannel.open(newer, StandardOpenOption.READ)) {
        older(folder.resolve(ContainerLog.OLDER), key, reader);
        LogReading reading = new LogReading(first, reader);
        reading.rest();
        reading.follow(newer, key, changes, more);
      }
    }
  }

  private static void older(Path path, @Nullable Object newer, ContainerLog.Reader reader)
      throws IOException {
    Object key = key(path);
    if (key != null && !key.equals(newer)) {
      try (FileChannel older = FileChannel.open(path, StandardOpenOption.READ)) {
        new LogReading(older, reader).rest();
      }
    }
  }

  private void follow(
      Path newer, @Nullable Object first, WatchService changes, BooleanSupplier more)
      throws IOException, InterruptedException {
    LogReading present = this;
    Object key = first;
    boolean on;
    do {
      // Asked before the last look: whatever was printed until then is found by it.
      on = more.getAsBoolean();
      WatchKey changed = on ? changes.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS) : null;
      if (changed != null) {
        changed.pollEvents();
        changed.reset();
      }
      present.rest();
      Object now = key(newer);
      if (now != null && !now.equals(key)) {
        present.rest();
        present.close();
        present = new LogReading(FileChannel.open(newer, StandardOpenOption.READ), reader);
        present.rest();
        key = now;
      }
    } while (on);
    present.close();
  }

  /** What makes it this file and no other of the same name; nothing if it is not there. */
  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Reads on to the present end; a line that is still being written waits for the next time. */
  private void rest() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    while (file.read(buffer.clear()) > 0) {
      for (int i = 0; i < buffer.position(); i++) {
        byte b = buffer.get(i);
        if (b == '\n') {
          entry(line.toByteArray());
          line.reset();
        } else {
          line.write(b);
        }
      }
    }
  }

  private void entry(byte[] bytes) throws IOException {
    String head = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.ISO_8859_1);
    String[] words = head.split(" ", 4);
    if (words.length < 4) {
      return;
    }
    int begin = words[0].length() + words[1].length() + words[2].length() + 3;
    byte[] printed = Arrays.copyOfRange(bytes, begin, bytes.length);
    if (words[2].equals("F")) {
      printed = Arrays.copyOf(printed, printed.length + 1);
      printed[printed.length - 1] = '\n';
    }
    try {
      reader.entry(
          Instant.parse(words[0]), Stream.valueOf(words[1].toUpperCase(Locale.ROOT)), printed);
    } catch (DateTimeException | IllegalArgumentException e) {
      // Not an entry: the disk was full when it was written.
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
