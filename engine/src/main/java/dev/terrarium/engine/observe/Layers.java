package dev.terrarium.engine.observe;

import java.util.List;

/**
 * What the layers of a container's root hold at an instant, read from their folders on the host and
 * not through the mount. Source: kernel document filesystems/overlayfs.
 *
 * @param all the topmost first; none if the root is no union of folders
 */
public record Layers(List<Layer> all) {

  /** A root that is no union, or one that is not mounted. */
  public static final Layers NONE = new Layers(List.of());

  /** What a layer is to the union. */
  public enum Role {
    /** All changes are written here: upperdir. */
    UPPER,
    /** Made for this one container, and never part of an image. */
    INIT,
    /** A layer of the image: read only. */
    LOWER
  }

  /** What stands at a path of one layer. */
  public enum Kind {
    FILE,
    FOLDER,
    /** A symbolic link. */
    LINK,
    /** Hides that path in the layers below: a character device 0:0. */
    WHITEOUT,
    /** A folder that hides all that the layers below have in it. */
    OPAQUE,
    /** A device, a fifo, a socket. */
    OTHER;

    /** Whether something can be in it. */
    public boolean isFolder() {
      return this == FOLDER || this == OPAQUE;
    }
  }

  /**
   * One layer.
   *
   * @param number of a layer of the image its place from below, the base layer is 1; else 0
   * @param folder where it is on the host
   * @param entries by path, folders before what is in them
   * @param whole whether these are all: more than {@code LayersReader.MOST_ENTRIES} are left out,
   *     and so is what this process may not list
   */
  public record Layer(Role role, int number, String folder, List<Entry> entries, boolean whole) {
    public Layer {
      entries = List.copyOf(entries);
    }

    /** What its files hold, in bytes. */
    public long bytes() {
      return entries.stream().filter(e -> e.kind() == Kind.FILE).mapToLong(Entry::size).sum();
    }
  }

  /**
   * What one layer has at one path.
   *
   * @param path without a slash at its beginning, safe to show
   * @param size in bytes
   * @param inode on the layer's own file system
   * @param modified time of last change of the content, in nanoseconds since 1970
   */
  public record Entry(String path, Kind kind, long size, long inode, long modified) {

    /** Its last component. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  public Layers {
    all = List.copyOf(all);
  }
}
