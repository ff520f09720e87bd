package dev.terrarium.engine.tar;

import dev.terrarium.engine.file.RawPath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive from a stream, one member after the other: ustar, pax, GNU and the old V7, with
 * long names, extended attributes, base-256 numbers and all sparse formats of GNU tar.
 *
 * <p>Why not a library: those at hand decode names and extended attributes as text, and so lose the
 * bytes of a {@code security.capability}.
 *
 * <pre>
 *   [x header][pax records] [header][content, padded to 512] ... [512 zeros][512 zeros]
 * </pre>
 */
public final class TarReader {
  private static final int BLOCK = 512;

  private final InputStream in;
  private final TarLimits limits;
  private final byte[] block = new byte[BLOCK];
  private final Map<String, byte[]> global = new HashMap<>();

  private long offset;
  private long entries;
  private long bytes;

  /** Of the current member: what is left to read, and the padding behind it. */
  private long remaining;

  private long padding;

  public TarReader(InputStream in, TarLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** Which byte of the archive comes next. */
  public long offset() {
    return offset;
  }

  /**
   * The next member; what was left of the content of the one before is passed over.
   *
   * @return empty at the end of the archive
   * @throws TarFormatException if it is damaged or beyond the limits
   */
  public Optional<TarEntry> next() throws IOException {
    skip(remaining + padding);
    remaining = 0;
    padding = 0;
    Map<String, byte[]> pax = new HashMap<>(global);
    String longName = null;
    String longLink = null;
    while (true) {
      if (!readBlock()) {
        throw new TarFormatException("it ends without its end mark; it may be cut off", offset);
      }
      if (isZero(block)) {
        return Optional.empty();
      }
      verifyChecksum();
      char flag = (char) (block[156] & 0xff);
      switch (flag) {
        case 'x' -> parsePax(content(number(124, 12)), pax);
        case 'g' -> {
          parsePax(content(number(124, 12)), global);
          pax.putAll(global);
        }
        case 'L' -> longName = untilNul(content(number(124, 12)));
        case 'K' -> longLink = untilNul(content(number(124, 12)));
        default -> {
          return Optional.of(entry(flag, pax, longName, longLink));
        }
      }
    }
  }

  /**
   * Reads the current member's stored content: of a sparse file, its parts one after the other.
   *
   * @return how many bytes, or -1 at its end
   */
  public int read(byte[] into, int from, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int got = in.read(into, from, (int) Math.min(length, remaining));
    if (got < 0) {
      throw cutOff();
    }
    remaining -= got;
    offset += got;
    return got;
  }

  private TarEntry entry(
      char flag, Map<String, byte[]> pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    if (++entries > limits.entries()) {
      throw new TarFormatException("more than " + limits.entries() + " members", offset);
    }
    String path = text(pax, "path", longName != null ? longName : headerPath());
    String link = text(pax, "linkpath", longLink != null ? longLink : string(157, 100));
    long stored = decimal(pax, "size", number(124, 12));
    long size = stored;
    TarEntry.Type type = type(flag, path);
    if (type != TarEntry.Type.FILE) {
      // Some writers give a folder or a link the size of something else; there is no content.
      stored = 0;
      size = 0;
    }
    remaining = stored;
    padding = padding(stored);
    List<TarEntry.Extent> data = List.of();
    boolean sparse =
        flag == 'S'
            || pax.containsKey("GNU.sparse.major")
            || pax.containsKey("GNU.sparse.map")
            || pax.containsKey("GNU.sparse.size");
    if (sparse && type == TarEntry.Type.FILE) {
      path = text(pax, "GNU.sparse.name", path);
      data = sparseMap(flag, pax);
      size =
          flag == 'S'
              ? number(483, 12)
              : decimal(pax, "GNU.sparse.realsize", decimal(pax, "GNU.sparse.size", stored));
      verifyMap(data, size);
    }
    if (path.length() > limits.name() || link.length() > limits.name()) {
      throw new TarFormatException("a name of more than " + limits.name() + " bytes", offset);
    }
    if (path.indexOf('\0') >= 0 || link.indexOf('\0') >= 0) {
      throw new TarFormatException("a name with a NUL byte", offset);
    }
    bytes += remaining;
    if (bytes > limits.bytes() || size > limits.bytes()) {
      throw new TarFormatException("more than " + limits.bytes() + " bytes of content", offset);
    }
    long[] time = time(pax);
    return new TarEntry(
        path,
        type,
        link,
        (int) number(100, 8) & 07777,
        decimal(pax, "uid", number(108, 8)),
        decimal(pax, "gid", number(116, 8)),
        size,
        time[0],
        (int) time[1],
        type == TarEntry.Type.CHARACTER || type == TarEntry.Type.BLOCK ? number(329, 8) : 0,
        type == TarEntry.Type.CHARACTER || type == TarEntry.Type.BLOCK ? number(337, 8) : 0,
        attributes(pax),
        data,
        sparse && type == TarEntry.Type.FILE);
  }

  private TarEntry.Type type(char flag, String path) throws TarFormatException {
    return switch (flag) {
      case '\0', '0', '7', 'S' ->
          // The old format marks a folder by its name alone.
          flag == '\0' && path.endsWith("/") ? TarEntry.Type.FOLDER : TarEntry.Type.FILE;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMLINK;
      case '3' -> TarEntry.Type.CHARACTER;
      case '4' -> TarEntry.Type.BLOCK;
      case '5' -> TarEntry.Type.FOLDER;
      case '6' -> TarEntry.Type.FIFO;
      default ->
          throw new TarFormatException(
              "a member of type 0x%02x, which is none of a file system's".formatted((int) flag),
              offset - BLOCK);
    };
  }

  private String headerPath() {
    String name = string(0, 100);
    boolean ustar = string(257, 6).equals("ustar") && block[263] == '0';
    String prefix = ustar ? string(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  // Sparse files: three ways to say which parts are stored.

  private List<TarEntry.Extent> sparseMap(char flag, Map<String, byte[]> pax) throws IOException {
    if (flag == 'S') {
      return oldSparseMap();
    }
    if (text(pax, "GNU.sparse.major", "0").equals("1")) {
      return leadingSparseMap();
    }
    String map = text(pax, "GNU.sparse.map", "");
    List<TarEntry.Extent> extents = new ArrayList<>();
    if (!map.isEmpty()) {
      List<String> numbers = List.of(map.split(",", -1));
      for (int i = 0; i + 1 < numbers.size(); i += 2) {
        extents.add(new TarEntry.Extent(parse(numbers.get(i)), parse(numbers.get(i + 1))));
      }
    }
    return extents;
  }

  /** Four extents in the header, more in blocks behind it. */
  private List<TarEntry.Extent> oldSparseMap() throws IOException {
    long whole = number(483, 12);
    List<TarEntry.Extent> extents = new ArrayList<>();
    addExtents(extents, 386, 4);
    boolean more = block[482] != 0;
    byte[] header = block.clone();
    while (more) {
      if (!readBlock()) {
        throw cutOff();
      }
      addExtents(extents, 0, 21);
      more = block[504] != 0;
      if (extents.size() > limits.header() / 24) {
        throw new TarFormatException("a sparse map that is too long", offset);
      }
    }
    System.arraycopy(header, 0, block, 0, BLOCK);
    if (whole < 0) {
      throw new TarFormatException("a negative size", offset);
    }
    return extents;
  }

  private void addExtents(List<TarEntry.Extent> extents, int at, int count)
      throws TarFormatException {
    for (int i = 0; i < count && block[at + 24 * i] != 0; i++) {
      extents.add(new TarEntry.Extent(number(at + 24 * i, 12), number(at + 24 * i + 12, 12)));
    }
  }

  /** Format 1.0: decimal lines before the content, padded to a block. */
  private List<TarEntry.Extent> leadingSparseMap() throws IOException {
    long begin = remaining;
    long count = mapNumber();
    if (count < 0 || count > limits.header() / 4) {
      throw new TarFormatException("a sparse map of " + count + " parts", offset);
    }
    List<TarEntry.Extent> extents = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long from = mapNumber();
      extents.add(new TarEntry.Extent(from, mapNumber()));
    }
    long rest = padding(begin - remaining);
    if (rest > remaining) {
      throw new TarFormatException("a sparse map that is longer than its member", offset);
    }
    skip(rest);
    remaining -= rest;
    return extents;
  }

  private long mapNumber() throws IOException {
    StringBuilder digits = new StringBuilder();
    byte[] one = new byte[1];
    while (true) {
      if (read(one, 0, 1) < 1) {
        throw new TarFormatException("a sparse map that is cut off", offset);
      }
      if (one[0] == '\n') {
        return parse(digits.toString());
      }
      if (digits.append((char) one[0]).length() > 20) {
        throw new TarFormatException("a sparse map that is no number", offset);
      }
    }
  }

  private void verifyMap(List<TarEntry.Extent> data, long size) throws TarFormatException {
    long at = 0;
    long stored = 0;
    for (TarEntry.Extent extent : data) {
      if (extent.offset() < at || extent.length() < 0 || extent.length() > size - extent.offset()) {
        throw new TarFormatException("a sparse map whose parts overlap or lie outside", offset);
      }
      at = extent.offset() + extent.length();
      stored += extent.length();
    }
    if (stored != remaining) {
      throw new TarFormatException("a sparse map that does not fit what is stored", offset);
    }
  }

  // Extended headers.

  private void parsePax(byte[] records, Map<String, byte[]> into) throws TarFormatException {
    int at = 0;
    int extent = 0;
    StringBuilder map = new StringBuilder();
    while (at < records.length && records[at] != 0) {
      int blank = at;
      while (blank < records.length && records[blank] != ' ') {
        blank++;
      }
      long length = parse(latin(records, at, Math.min(blank, at + 20)));
      if (length <= blank - at + 1
          || length > records.length - at
          || records[(int) (at + length - 1)] != '\n') {
        throw new TarFormatException("an extended header whose record lengths are wrong", offset);
      }
      int end = (int) (at + length - 1);
      int equals = blank + 1;
      while (equals < end && records[equals] != '=') {
        equals++;
      }
      if (equals == end) {
        throw new TarFormatException("an extended header with a record without =", offset);
      }
      String key = latin(records, blank + 1, equals);
      byte[] value = Arrays.copyOfRange(records, equals + 1, end);
      // Format 0.0 repeats these two keys for each part; here they become the one map of 0.1.
      if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
        map.append(extent++ == 0 ? "" : ",").append(latin(value, 0, value.length));
        into.put("GNU.sparse.map", map.toString().getBytes(StandardCharsets.ISO_8859_1));
      } else {
        into.put(key, value);
      }
      at = end + 1;
    }
  }

  private static final String ATTRIBUTE = "SCHILY.xattr.";

  private static Map<String, byte[]> attributes(Map<String, byte[]> pax) {
    Map<String, byte[]> attributes = new HashMap<>();
    pax.forEach((key, value) -> {
      if (key.startsWith(ATTRIBUTE)) {
        attributes.put(key.substring(ATTRIBUTE.length()), value);
      }
    });
    return attributes;
  }

  private long[] time(Map<String, byte[]> pax) throws TarFormatException {
    String text = text(pax, "mtime", "");
    if (text.isEmpty()) {
      return new long[] {number(136, 12), 0};
    }
    int dot = text.indexOf('.');
    if (dot < 0) {
      return new long[] {parse(text), 0};
    }
    String fraction = (text.substring(dot + 1) + "000000000").substring(0, 9);
    long whole = parse(text.substring(0, dot).equals("-") ? "0" : text.substring(0, dot));
    long nanos = parse(fraction);
    // Before 1970 the fraction counts downwards.
    if (text.startsWith("-") && nanos > 0) {
      return new long[] {whole - 1, 1_000_000_000 - nanos};
    }
    return new long[] {whole, nanos};
  }

  private static String text(Map<String, byte[]> pax, String key, String otherwise) {
    byte[] value = pax.get(key);
    return value == null || value.length == 0 ? otherwise : latin(value, 0, value.length);
  }

  private long decimal(Map<String, byte[]> pax, String key, long otherwise)
      throws TarFormatException {
    byte[] value = pax.get(key);
    if (value == null || value.length == 0) {
      return otherwise;
    }
    long number = parse(latin(value, 0, value.length));
    if (number < 0) {
      throw new TarFormatException("a negative " + key, offset);
    }
    return number;
  }

  private long parse(String digits) throws TarFormatException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new TarFormatException("\"" + RawPath.shown(digits) + "\" is no number", offset);
    }
  }

  // Fields of a header.

  private String string(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return latin(block, at, end);
  }

  private static String latin(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static String untilNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return latin(bytes, 0, end);
  }

  /** Octal digits, or, with the first bit set, base 256. */
  private long number(int at, int length) throws TarFormatException {
    if ((block[at] & 0x80) != 0) {
      boolean negative = (block[at] & 0x40) != 0;
      long value = negative ? -1 : 0;
      for (int i = 0; i < length; i++) {
        int digit = i == 0 ? (negative ? block[at] : block[at] & 0x7f) : block[at + i] & 0xff;
        boolean lost = (value >> 55) != (negative ? -1 : 0);
        if (lost) {
          throw new TarFormatException("a number beyond 64 bits", offset - BLOCK);
        }
        value = (value << 8) | (digit & 0xff);
      }
      if (negative && at != 136) {
        throw new TarFormatException("a negative number", offset - BLOCK);
      }
      return value;
    }
    String digits = string(at, length).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      long value = Long.parseLong(digits, 8);
      if (value < 0 && at != 136) {
        throw new TarFormatException("a negative number", offset - BLOCK);
      }
      return value;
    } catch (NumberFormatException e) {
      throw new TarFormatException("a header whose numbers are none", offset - BLOCK);
    }
  }

  /** The sum of the header's bytes, its own field counted as blanks. */
  private void verifyChecksum() throws TarFormatException {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long expected = number(148, 8);
    // Old writers summed signed characters.
    if (expected != unsigned && expected != signed) {
      throw new TarFormatException("a header whose check sum is wrong", offset - BLOCK);
    }
  }

  // The stream.

  private byte[] content(long length) throws IOException {
    if (length > limits.header()) {
      throw new TarFormatException(
          "an extended header of %d bytes; at most %d".formatted(length, limits.header()), offset);
    }
    byte[] content = in.readNBytes((int) length);
    offset += content.length;
    if (content.length < length) {
      throw cutOff();
    }
    skip(padding(length));
    return content;
  }

  private boolean readBlock() throws IOException {
    int got = in.readNBytes(block, 0, BLOCK);
    offset += got;
    if (got != 0 && got < BLOCK) {
      throw cutOff();
    }
    return got == BLOCK;
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw cutOff();
    }
    offset += count;
  }

  private TarFormatException cutOff() {
    return new TarFormatException("it is cut off", offset);
  }

  private static long padding(long length) {
    return -length & (BLOCK - 1);
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
