package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a layer says of each path, in a file beside the unpacked layer: to look into an image must
 * not mean to uncompress it again. Written while the layer is unpacked, read whole.
 */
public final class LayerIndex implements AutoCloseable {
  private static final int MAGIC = 0x7469_6478;

  private final DataOutputStream out;

  /** Begins an index. */
  public LayerIndex(Path file) throws IOException {
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    out.writeInt(MAGIC);
  }

  /** Notes one entry. */
  public void add(LayerEntry entry) throws IOException {
    text(entry.path().bytes());
    out.writeByte(entry.change().letter());
    out.writeByte(entry.type().flag());
    out.writeLong(entry.size());
    out.writeInt(entry.mode());
    out.writeLong(entry.uid());
    out.writeLong(entry.gid());
    out.writeLong(entry.modified());
    text(entry.link());
  }

  private void text(String bytes) throws IOException {
    out.writeShort(bytes.length());
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * All entries, in the order of the archive.
   *
   * @throws IOException if it is no index
   */
  public static List<LayerEntry> read(Path file) throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      if (in.readInt() != MAGIC) {
        throw new IOException(file + ": not an index of a layer");
      }
      int length = in.read();
      while (length >= 0) {
        String path = text(in, (length << 8) | in.readUnsignedByte());
        entries.add(
            new LayerEntry(
                new RawPath(path),
                LayerEntry.Change.of((char) in.readUnsignedByte()),
                TarEntry.Type.of((char) in.readUnsignedByte()),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                text(in, in.readUnsignedShort())));
        length = in.read();
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": the index is damaged", e);
    } catch (EOFException e) {
      throw new IOException(file + ": the index is cut off", e);
    }
    return entries;
  }

  private static String text(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
