package dev.terrarium.engine.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes under the name that follows from them. A blob is there whole or not at all: written beside,
 * synced, renamed. Source: OCI image-spec, image-layout, "Blobs".
 */
final class Blobs {
  private final Path folder;
  private final Path beside;

  /**
   * Over a folder.
   *
   * @param beside where unfinished ones are; on the same file system
   */
  Blobs(Path folder, Path beside) {
    this.folder = folder;
    this.beside = beside;
  }

  Path path(Digest digest) {
    return folder.resolve(digest.algorithm()).resolve(digest.hex());
  }

  boolean has(Digest digest) {
    return Files.isRegularFile(path(digest));
  }

  /** All that are there. */
  List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String algorithm : List.of("sha256", "sha512")) {
      if (Files.isDirectory(folder.resolve(algorithm))) {
        try (var files = Files.list(folder.resolve(algorithm))) {
          files.forEach(all::add);
        }
      }
    }
    return all;
  }

  /** A small one, whole. */
  byte[] read(Digest digest) throws IOException {
    Path path = path(digest);
    if (!Files.isRegularFile(path)) {
      throw new ImageException("blob " + digest + " is not in the store");
    }
    if (Files.size(path) > Documents.MOST) {
      throw new ImageException("blob " + digest + " is too large for a document");
    }
    return Files.readAllBytes(path);
  }

  InputStream open(Digest digest) throws IOException {
    return Files.newInputStream(path(digest));
  }

  /** Stores bytes; once, however often they come. */
  Digest put(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    if (!has(digest)) {
      try (Writer writer = new Writer()) {
        writer.write(bytes, 0, bytes.length);
        return writer.keep();
      }
    }
    return digest;
  }

  /** A blob that is being written; nothing remains of one that is not kept. */
  final class Writer extends OutputStream {
    private final Path unfinished;
    private final FileChannel channel;
    private final OutputStream out;
    private final MessageDigest sha256 = Digest.sha256();
    private long size;
    private @Nullable Digest digest;

    Writer() throws IOException {
      Files.createDirectories(beside);
      unfinished = Files.createTempFile(beside, "blob-", "");
      channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
      out = Channels.newOutputStream(channel);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      sha256.update(bytes, from, length);
      out.write(bytes, from, length);
      size += length;
    }

    long size() {
      return size;
    }

    /** That of what was written; nothing more is written from then on. */
    Digest digest() {
      if (digest == null) {
        digest = Digest.finish(sha256);
      }
      return digest;
    }

    /** Makes it a blob of the store. */
    Digest keep() throws IOException {
      channel.force(true);
      channel.close();
      Path path = path(digest());
      Files.createDirectories(path.getParent());
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      return digest();
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(unfinished);
    }
  }
}
