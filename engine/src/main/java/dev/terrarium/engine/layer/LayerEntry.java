package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;

/**
 * What one layer says of one path.
 *
 * @param path in the whole tree, symbolic links not resolved
 * @param change what it does there
 * @param type what is there from then on; of a whiteout what it is stored as
 * @param size in bytes of content stored for it
 */
public record LayerEntry(
    RawPath path,
    Change change,
    TarEntry.Type type,
    long size,
    int mode,
    long uid,
    long gid,
    long modified,
    String link) {

  /** What an entry does to a path. */
  public enum Change {
    /** It is there, as the layer says; whether new or changed depends on the layers below. */
    PRESENT('P'),
    /** What the layers below have there is hidden. */
    WHITEOUT('W'),
    /** What the layers below have in that folder is hidden. */
    OPAQUE('O');

    private final char letter;

    Change(char letter) {
      this.letter = letter;
    }

    /** By which an index names it. */
    char letter() {
      return letter;
    }

    static Change of(char letter) {
      for (Change change : values()) {
        if (change.letter == letter) {
          return change;
        }
      }
      throw new IllegalArgumentException("no change is called " + letter);
    }
  }

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** What a member of a layer's archive means. */
  public static LayerEntry of(TarEntry entry) {
    RawPath path = RawPath.normal(entry.path());
    Change change = Change.PRESENT;
    if (path.name().equals(OPAQUE)) {
      path = path.parent();
      change = Change.OPAQUE;
    } else if (path.name().startsWith(WHITEOUT)) {
      path = path.parent().child(path.name().substring(WHITEOUT.length()));
      change = Change.WHITEOUT;
    } else if (entry.type() == TarEntry.Type.CHARACTER
        && entry.major() == 0
        && entry.minor() == 0) {
      change = Change.WHITEOUT;
    }
    return new LayerEntry(
        path,
        change,
        entry.type(),
        entry.stored(),
        entry.mode(),
        entry.uid(),
        entry.gid(),
        entry.modified(),
        entry.link());
  }
}
