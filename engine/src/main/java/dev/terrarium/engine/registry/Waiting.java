package dev.terrarium.engine.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the end of a container of another engine: for what that engine writes into the file
 * {@code exit}. The file is open all the while, so that its folder may go.
 */
final class Waiting {
  /** A killed engine writes nothing any more. */
  private static final long LOOK_AGAIN_MILLIS = 500;

  /** Between the end of the process and the note of it, which its engine makes at once. */
  private static final long LAST_WORD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private Waiting() {}

  static Status forEnd(Registry.Entry entry, Duration limit)
      throws IOException, InterruptedException {
    // Whoever is dead and has no end noted may have died just now.
    if (entry.status() instanceof Status.Ended) {
      return entry.status();
    }
    Path folder = entry.folder();
    try (WatchService changes = folder.getFileSystem().newWatchService();
        FileChannel exit =
            FileChannel.open(folder.resolve(Registry.EXIT), StandardOpenOption.READ)) {
      folder.register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
      return follow(entry.record(), exit, changes, limit);
    } catch (NoSuchFileException e) {
      // It ended and went between the list and now; how, is not known any more.
      return new Status.Lost();
    }
  }

  private static Status follow(
      ContainerRecord record, FileChannel exit, WatchService changes, Duration limit)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long lost = Long.MAX_VALUE;
    while (true) {
      boolean alive = Registry.alive(record);
      Optional<Status> ended = Status.parse(content(exit));
      if (ended.isPresent()) {
        return ended.get();
      }
      long now = System.nanoTime();
      if (!alive && lost == Long.MAX_VALUE) {
        lost = now + LAST_WORD_NANOS;
      }
      if (now > lost) {
        return new Status.Lost();
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - now);
      if (left <= 0 && alive) {
        return new Status.Running();
      }
      long pause = alive ? Math.min(left, LOOK_AGAIN_MILLIS) : 20;
      WatchKey changed = changes.poll(Math.max(1, pause), TimeUnit.MILLISECONDS);
      if (changed != null) {
        changed.pollEvents();
        changed.reset();
      }
    }
  }

  private static String content(FileChannel exit) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    int length = exit.read(bytes, 0);
    return new String(bytes.array(), 0, Math.max(0, length), StandardCharsets.UTF_8);
  }
}
