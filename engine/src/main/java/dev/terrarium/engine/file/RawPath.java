package dev.terrarium.engine.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A relative path inside a root, as bytes: Linux names are any bytes but slash and NUL. Normal: no
 * leading, doubled or trailing slash, no dot, no dot-dot; the root itself is empty.
 *
 * @param bytes one character per byte, U+0000 to U+00FF
 */
public record RawPath(String bytes) implements Comparable<RawPath> {

  public static final RawPath ROOT = new RawPath("");

  public RawPath {
    if (bytes.startsWith("/") || bytes.endsWith("/") || bytes.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a normal path: " + bytes);
    }
  }

  /** From text, as UTF-8. */
  public static RawPath of(String text) {
    return normal(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /**
   * From what an archive or a command says, {@code ./etc//hosts} or {@code /etc/hosts} included. A
   * dot-dot goes up, and at the root stays there, as in the kernel.
   *
   * @throws IllegalArgumentException if it holds a NUL
   */
  public static RawPath normal(String bytes) {
    List<String> kept = new ArrayList<>();
    for (String part : parts(bytes)) {
      if (part.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else {
        kept.add(part);
      }
    }
    return new RawPath(String.join("/", kept));
  }

  /** The components of any path, dot-dot included, empty ones and dots left out. */
  public static List<String> parts(String bytes) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= bytes.length()) {
      int slash = bytes.indexOf('/', from);
      int end = slash < 0 ? bytes.length() : slash;
      String part = bytes.substring(from, end);
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
      from = end + 1;
    }
    return parts;
  }

  public boolean isRoot() {
    return bytes.isEmpty();
  }

  /** The last component; empty for the root. */
  public String name() {
    return bytes.substring(bytes.lastIndexOf('/') + 1);
  }

  /** The folder that it is in; the root for the root. */
  public RawPath parent() {
    int slash = bytes.lastIndexOf('/');
    return slash < 0 ? ROOT : new RawPath(bytes.substring(0, slash));
  }

  /** That one component below. */
  public RawPath child(String name) {
    return new RawPath(isRoot() ? name : bytes + "/" + name);
  }

  /** Whether it is that path or lies below it. */
  public boolean isIn(RawPath folder) {
    return folder.isRoot()
        || bytes.equals(folder.bytes)
        || (bytes.startsWith(folder.bytes) && bytes.charAt(folder.bytes.length()) == '/');
  }

  /** The bytes themselves. */
  public byte[] toBytes() {
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Safe to show: UTF-8 where it is that, and anything that could disturb a screen escaped. */
  public String shown() {
    return shown(bytes);
  }

  /** The same for any name that was read as bytes. */
  public static String shown(String bytes) {
    byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(raw))
              .toString();
    } catch (CharacterCodingException e) {
      text = bytes;
      StringBuilder escaped = new StringBuilder();
      text.chars()
          .forEach(c -> {
            if (c < 0x20 || c >= 0x7f) {
              escaped.append("\\x%02x".formatted(c));
            } else {
              escaped.append((char) c);
            }
          });
      return escaped.toString();
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          if (c == '\n') {
            safe.append("\\n");
          } else if (type == Character.CONTROL
              || type == Character.FORMAT
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || type == Character.UNASSIGNED) {
            safe.append("\\u{%x}".formatted(c));
          } else {
            safe.appendCodePoint(c);
          }
        });
    return safe.toString();
  }

  /** Folder before its content, siblings by byte order. */
  @Override
  public int compareTo(RawPath other) {
    // A slash sorts before every byte that a name can have.
    return bytes.replace('/', '\0').compareTo(other.bytes.replace('/', '\0'));
  }

  @Override
  public String toString() {
    return shown();
  }
}
