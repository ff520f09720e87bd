package dev.terrarium.engine.layer;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A folder that is to become a layer.
 *
 * @param folder the writable layer of a container, or any tree
 * @param overlay how whiteouts and opaque folders are marked in it
 * @param selection what of it becomes part of the layer
 */
public record LayerSource(Path folder, Overlay overlay, Selection selection) {

  /** What becomes of one path. */
  public enum Choice {
    /** It is packed and, of a folder, what is in it is asked for. */
    PACKED,
    /** Of a folder only what is in it: the folder itself is as it is in the layers below. */
    PASSED_THROUGH,
    /** Neither it nor anything below. */
    LEFT_OUT
  }

  /** Decides, path by path, folders before what is in them. */
  public interface Selection {
    /** Everything. */
    Selection ALL = (_, _) -> Choice.PACKED;

    Choice of(RawPath path, Stat stat);

    /** What is not wanted takes all below with it. */
    static Selection of(Predicate<RawPath> wanted) {
      return (path, _) -> wanted.test(path) ? Choice.PACKED : Choice.LEFT_OUT;
    }
  }

  /** A tree in which overlayfs has marked nothing, or as root of this host marks it. */
  public static LayerSource all(Path folder) {
    return new LayerSource(folder, Overlay.TRUSTED, Selection.ALL);
  }
}
