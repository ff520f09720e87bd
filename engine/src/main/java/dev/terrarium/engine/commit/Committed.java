package dev.terrarium.engine.commit;

import dev.terrarium.engine.layer.ImageTree;
import java.util.List;

/**
 * An image that was made of a container.
 *
 * @param manifest its digest
 * @param base what the image below is called; empty if it was made of a folder
 * @param shares what each layer stores and does to the visible tree, base first; the last is what
 *     the container wrote
 */
public record Committed(
    String reference, String manifest, String base, List<ImageTree.Share> shares) {
  public Committed {
    shares = List.copyOf(shares);
  }

  /** What the container wrote. */
  public ImageTree.Share written() {
    return shares.getLast();
  }

  /** What all layers store, in bytes of content; it never shrinks. */
  public long storedBytes() {
    return shares.stream().mapToLong(ImageTree.Share::stored).sum();
  }
}
