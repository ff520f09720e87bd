package dev.terrarium.engine.image;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of an image that is to be imported: a folder of them, or a tar archive of them. */
sealed interface SourceFiles {

  /** How long a file is, in bytes; empty if there is none of that name. */
  Optional<Long> size(String path) throws IOException;

  /** Its content, from the beginning; the caller closes it. */
  InputStream open(String path) throws IOException;

  /** What it is, for messages. */
  Path origin();

  /** A small file, whole. */
  default byte[] read(String path) throws IOException {
    long size =
        size(path).orElseThrow(() -> new ImageException(origin() + ": it has no file " + path));
    if (size > Documents.MOST) {
      throw new ImageException(
          "%s: %s has %d bytes; a document may have %d"
              .formatted(origin(), path, size, Documents.MOST));
    }
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  /** A folder. */
  record Folder(Path origin) implements SourceFiles {
    @Override
    public Optional<Long> size(String path) throws IOException {
      Path file = origin.resolve(path);
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(Files.size(file))
          : Optional.empty();
    }

    @Override
    public InputStream open(String path) throws IOException {
      return Files.newInputStream(origin.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** An uncompressed archive, whose members are found once and then read where they lie. */
  final class Archive implements SourceFiles {
    private record Place(long offset, long size) {}

    private static final int MOST_LINKS = 8;

    private final Path origin;
    private final Path file;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    /**
     * Looks for the members.
     *
     * @param origin what the user named
     * @param file what is read: the same, or its uncompressed copy
     */
    Archive(Path origin, Path file) throws IOException {
      this.origin = origin;
      this.file = file;
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        TarReader reader = new TarReader(in, TarLimits.USUAL);
        Optional<TarEntry> next = reader.next();
        while (next.isPresent()) {
          note(next.get(), reader.offset());
          next = reader.next();
        }
      }
    }

    private void note(TarEntry entry, long offset) {
      RawPath path = RawPath.normal(entry.path());
      switch (entry.type()) {
        case FILE -> {
          if (!entry.sparse()) {
            places.put(path.bytes(), new Place(offset, entry.size()));
          }
        }
        // Older archives store a layer that two images share once, and link to it.
        case SYMLINK -> links.put(path.bytes(), path.parent().bytes() + "/" + entry.link());
        case HARD_LINK -> links.put(path.bytes(), entry.link());
        case CHARACTER, BLOCK, FIFO, FOLDER -> {}
      }
    }

    private Optional<Place> place(String path) {
      String at = RawPath.normal(path).bytes();
      for (int i = 0; i < MOST_LINKS; i++) {
        Place place = places.get(at);
        if (place != null) {
          return Optional.of(place);
        }
        String link = links.get(at);
        if (link == null) {
          return Optional.empty();
        }
        at = RawPath.normal(link).bytes();
      }
      return Optional.empty();
    }

    @Override
    public Path origin() {
      return origin;
    }

    @Override
    public Optional<Long> size(String path) {
      return place(path).map(Place::size);
    }

    @Override
    public InputStream open(String path) throws IOException {
      Place place =
          place(path).orElseThrow(() -> new ImageException(origin + ": it has no file " + path));
      FileChannel channel = FileChannel.open(file);
      channel.position(place.offset());
      return new Bounded(Channels.newInputStream(channel), place.size());
    }
  }

  /** The first so many bytes of a stream. */
  final class Bounded extends java.io.FilterInputStream {
    private long left;

    Bounded(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = in.read(into, from, (int) Math.min(left, length));
      if (got > 0) {
        left -= got;
      }
      return got;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(left, count));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(left, in.available());
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
