package dev.terrarium.engine.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The little that must be known of a program's file: whether it asks for an interpreter. Source:
 * elf(5).
 */
final class ElfFile {
  private static final int PT_INTERP = 3;

  private ElfFile() {}

  /** Whether it is a 64-bit ELF program that loads without an interpreter. */
  static boolean isStatic(Path program) {
    try {
      return header(program).isPresent() && interpreter(program).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The dynamic loader that the program names; empty for static programs and for what is no 64-bit
   * ELF.
   */
  static Optional<Path> interpreter(Path program) throws IOException {
    Optional<ByteBuffer> header = header(program);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    long table = header.get().getLong(32);
    int entrySize = header.get().getShort(54);
    int entries = header.get().getShort(56);
    try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "r")) {
      byte[] entry = new byte[entrySize];
      for (int i = 0; i < entries; i++) {
        file.seek(table + (long) i * entrySize);
        file.readFully(entry);
        ByteBuffer segment = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
        if (segment.getInt(0) == PT_INTERP) {
          byte[] path = new byte[(int) Math.min(segment.getLong(32), 4096)];
          file.seek(segment.getLong(8));
          file.readFully(path);
          return Optional.of(Path.of(new String(path, 0, path.length - 1, StandardCharsets.UTF_8)));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ByteBuffer> header(Path program) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "r")) {
      byte[] header = new byte[64];
      if (file.read(header) < 64
          || header[0] != 0x7f
          || header[1] != 'E'
          || header[2] != 'L'
          || header[3] != 'F'
          || header[4] != 2) {
        return Optional.empty();
      }
      return Optional.of(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN));
    }
  }
}
