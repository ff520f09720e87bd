package dev.terrarium.engine.tar;

import java.util.List;
import java.util.Map;

/**
 * One member of an archive, without its content. Names are one character per byte. Source: tar(5),
 * POSIX pax, GNU tar manual "Sparse formats".
 *
 * @param path as it is written, which may be hostile
 * @param link where a symbolic link leads, or which member a hard link is another name of
 * @param mode permission bits with setuid, setgid and sticky
 * @param size of the file in bytes, holes included
 * @param modified seconds since 1970
 * @param modifiedNanos and the rest
 * @param major of a device node
 * @param minor of a device node
 * @param attributes extended attributes
 * @param data the parts of a sparse file that are no holes; empty for a file without holes
 * @param sparse whether {@code data} tells all there is
 */
public record TarEntry(
    String path,
    Type type,
    String link,
    int mode,
    long uid,
    long gid,
    long size,
    long modified,
    int modifiedNanos,
    long major,
    long minor,
    Map<String, byte[]> attributes,
    List<Extent> data,
    boolean sparse) {

  /** What a member is. */
  public enum Type {
    FILE('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER('3'),
    BLOCK('4'),
    FOLDER('5'),
    FIFO('6');

    private final char flag;

    Type(char flag) {
      this.flag = flag;
    }

    /** The type of that flag. */
    public static Type of(char flag) {
      for (Type type : values()) {
        if (type.flag == flag) {
          return type;
        }
      }
      throw new IllegalArgumentException("no type has the flag " + flag);
    }

    /** The type flag of the header. */
    public char flag() {
      return flag;
    }
  }

  /** A part of a sparse file: from that byte on, that many. */
  public record Extent(long offset, long length) {}

  public TarEntry {
    attributes = Map.copyOf(attributes);
    data = List.copyOf(data);
  }

  /** The same file with holes: only those parts of it are stored. */
  public TarEntry withHoles(List<Extent> parts) {
    return new TarEntry(
        path,
        type,
        link,
        mode,
        uid,
        gid,
        size,
        modified,
        modifiedNanos,
        major,
        minor,
        attributes,
        parts,
        true);
  }

  /** How many bytes of content the archive holds for it. */
  public long stored() {
    return type != Type.FILE ? 0 : sparse ? data.stream().mapToLong(Extent::length).sum() : size;
  }
}
