package dev.terrarium.engine.aware;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The cgroup-aware files of one container, in a folder on the host. A mount is bound to an inode
 * and not to a name, so they are written where they are: each with one pwrite(2) that replaces
 * every byte, since nobody inside may ever find one empty or cut off.
 *
 * <p>Neither ext4 nor tmpfs keeps a reader out while it writes, and a reader may take several
 * read(2)s anyway. That is why the texts have fixed columns: of two that are mixed, the mixture is
 * whole. The kernel promises no more for the files that these stand in for. Should a text grow, it
 * does so by empty lines first; should it shrink, it ends in empty lines before it is cut.
 *
 * <p>Not thread-safe.
 */
public final class AwareFiles implements AutoCloseable {
  private final Map<AwareFile, FileChannel> channels = new EnumMap<>(AwareFile.class);
  private final Map<AwareFile, byte[]> written = new EnumMap<>(AwareFile.class);
  private final Path folder;

  /** Those in that folder, which are there already. */
  public AwareFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes what has changed; a file of which nothing is said stays as it is.
   *
   * @throws IOException if the disk is full, or the folder gone
   */
  public void write(Map<AwareFile, String> texts) throws IOException {
    for (Map.Entry<AwareFile, String> text : texts.entrySet()) {
      write(text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void write(AwareFile file, byte[] text) throws IOException {
    byte[] before = written.get(file);
    if (Arrays.equals(text, before)) {
      return;
    }
    FileChannel channel = channels.get(file);
    if (channel == null) {
      channel = FileChannel.open(folder.resolve(file.fileName()), StandardOpenOption.WRITE);
      channels.put(file, channel);
    }
    int old = (int) channel.size();
    if (text.length > old) {
      channel.write(emptyLines(text.length - old), old);
    }
    ByteBuffer whole = ByteBuffer.allocate(Math.max(old, text.length)).put(text);
    whole.put(emptyLines(whole.remaining())).flip();
    channel.write(whole, 0);
    if (text.length < old) {
      channel.truncate(text.length);
    }
    written.put(file, text);
  }

  private static ByteBuffer emptyLines(int count) {
    return ByteBuffer.wrap("\n".repeat(count).getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels.values()) {
      channel.close();
    }
  }
}
