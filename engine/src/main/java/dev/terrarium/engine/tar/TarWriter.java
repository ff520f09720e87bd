package dev.terrarium.engine.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an archive: ustar headers, and a pax header before those members that need one. The same
 * members give the same bytes. Source: POSIX pax.
 */
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final byte[] ZEROS = new byte[2 * BLOCK];

  private final OutputStream out;

  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * One member.
   *
   * @param content what is stored: of a sparse file its parts, one after the other; exactly {@link
   *     TarEntry#stored} bytes
   */
  public void put(TarEntry entry, InputStream content) throws IOException {
    Map<String, byte[]> pax = new TreeMap<>();
    byte[] map = new byte[0];
    String path = entry.path();
    long stored = entry.stored();
    if (entry.sparse()) {
      map = sparseMap(entry);
      stored += map.length;
      put(pax, "GNU.sparse.major", "1");
      put(pax, "GNU.sparse.minor", "0");
      put(pax, "GNU.sparse.name", path);
      put(pax, "GNU.sparse.realsize", Long.toString(entry.size()));
    }
    entry.attributes().forEach((name, value) -> pax.put("SCHILY.xattr." + name, value));
    byte[] header = header(entry, path, stored, pax);
    if (!pax.isEmpty()) {
      byte[] records = records(pax);
      out.write(paxHeader(records.length));
      out.write(records);
      pad(records.length);
    }
    out.write(header);
    out.write(map);
    long copied = content.transferTo(out);
    if (copied != entry.stored()) {
      throw new IOException(
          "%s changed while it was read: %d bytes instead of %d"
              .formatted(path, copied, entry.stored()));
    }
    pad(stored);
  }

  /** Format 1.0: how many parts, then where each begins and how long it is, a line each. */
  private static byte[] sparseMap(TarEntry entry) {
    List<TarEntry.Extent> parts = new ArrayList<>(entry.data());
    long end = parts.isEmpty() ? 0 : parts.getLast().offset() + parts.getLast().length();
    if (end < entry.size()) {
      // GNU tar makes the file as long as its last part, so a hole at the end needs an empty one.
      parts.add(new TarEntry.Extent(entry.size(), 0));
    }
    StringBuilder lines = new StringBuilder().append(parts.size()).append('\n');
    for (TarEntry.Extent extent : parts) {
      lines.append(extent.offset()).append('\n').append(extent.length()).append('\n');
    }
    byte[] text = latin(lines.toString());
    byte[] padded = new byte[text.length + (int) (-(long) text.length & (BLOCK - 1))];
    System.arraycopy(text, 0, padded, 0, text.length);
    return padded;
  }

  private static byte[] header(
      TarEntry entry, String fullPath, long stored, Map<String, byte[]> pax) {
    byte[] block = new byte[BLOCK];
    String path =
        entry.type() == TarEntry.Type.FOLDER && !fullPath.endsWith("/") ? fullPath + "/" : fullPath;
    path(block, path, pax);
    octal(block, 100, 8, entry.mode());
    number(block, 108, 8, entry.uid(), "uid", pax);
    number(block, 116, 8, entry.gid(), "gid", pax);
    number(block, 124, 12, stored, "size", pax);
    time(block, entry, pax);
    block[156] = (byte) entry.type().flag();
    if (entry.link().length() > 100) {
      put(pax, "linkpath", entry.link());
    }
    string(block, 157, 100, entry.link());
    string(block, 257, 8, "ustar\00000");
    octal(block, 329, 8, entry.major());
    octal(block, 337, 8, entry.minor());
    checksum(block);
    return block;
  }

  /** In the name field, else split at a slash into prefix and name, else in the pax header. */
  private static void path(byte[] block, String path, Map<String, byte[]> pax) {
    if (path.length() <= 100) {
      string(block, 0, 100, path);
      return;
    }
    int slash = path.lastIndexOf('/', Math.min(155, path.length() - 2));
    if (slash > 0 && path.length() - slash - 1 <= 100) {
      string(block, 345, 155, path.substring(0, slash));
      string(block, 0, 100, path.substring(slash + 1));
      return;
    }
    put(pax, "path", path);
    string(block, 0, 100, path);
  }

  private static void time(byte[] block, TarEntry entry, Map<String, byte[]> pax) {
    if (entry.modified() < 0 || entry.modified() > 077777777777L || entry.modifiedNanos() != 0) {
      put(pax, "mtime", decimalTime(entry.modified(), entry.modifiedNanos()));
    }
    octal(block, 136, 12, Math.clamp(entry.modified(), 0, 077777777777L));
  }

  private static String decimalTime(long seconds, int nanos) {
    if (nanos == 0) {
      return Long.toString(seconds);
    }
    boolean before = seconds < 0;
    long whole = before ? -(seconds + 1) : seconds;
    int fraction = before ? 1_000_000_000 - nanos : nanos;
    return (before ? "-" : "") + whole + "." + "%09d".formatted(fraction).replaceAll("0+$", "");
  }

  private static void number(
      byte[] block, int at, int length, long value, String key, Map<String, byte[]> pax) {
    long most = (1L << (3 * (length - 1))) - 1;
    if (value > most) {
      put(pax, key, Long.toString(value));
    }
    octal(block, at, length, Math.min(value, most));
  }

  private static void octal(byte[] block, int at, int length, long value) {
    String digits = Long.toOctalString(value);
    string(block, at, length - 1, "0".repeat(length - 1 - digits.length()) + digits);
  }

  private static void string(byte[] block, int at, int length, String text) {
    byte[] bytes = latin(text);
    System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
  }

  private static void checksum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    string(block, 148, 8, "%06o\0 ".formatted(sum));
  }

  private static byte[] paxHeader(int length) {
    byte[] block = new byte[BLOCK];
    string(block, 0, 100, "PaxHeaders/0");
    octal(block, 100, 8, 0644);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, length);
    octal(block, 136, 12, 0);
    block[156] = 'x';
    string(block, 257, 8, "ustar\00000");
    octal(block, 329, 8, 0);
    octal(block, 337, 8, 0);
    checksum(block);
    return block;
  }

  private static void put(Map<String, byte[]> pax, String key, String value) {
    pax.put(key, latin(value));
  }

  /** {@code LENGTH KEY=VALUE\n}, where the length counts itself. */
  private static byte[] records(Map<String, byte[]> pax) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    pax.forEach((key, value) -> {
      int rest = key.length() + value.length + 3;
      int length = rest + Integer.toString(rest).length();
      if (Integer.toString(length).length() > Integer.toString(rest).length()) {
        length++;
      }
      records.writeBytes(latin(length + " " + key + "="));
      records.writeBytes(value);
      records.write('\n');
    });
    return records.toByteArray();
  }

  private static byte[] latin(String bytes) {
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void pad(long length) throws IOException {
    out.write(ZEROS, 0, (int) (-length & (BLOCK - 1)));
  }

  /** Writes the end mark; leaves the stream open. */
  @Override
  public void close() throws IOException {
    out.write(ZEROS);
    out.flush();
  }
}
