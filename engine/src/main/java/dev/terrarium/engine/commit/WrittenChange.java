package dev.terrarium.engine.commit;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.layer.TreeDiff;
import dev.terrarium.engine.tar.TarEntry;

/**
 * What a container did to one path of its image. Of a folder that is new or gone, what is in it is
 * told as well if it is new, and not if it is gone.
 *
 * @param type what is there, or of a deletion what was there
 * @param bytes of content now; 0 if it is gone
 * @param before bytes of content that the image has there, of a folder that is gone all in it
 */
public record WrittenChange(
    TreeDiff.Kind kind, RawPath path, TarEntry.Type type, long bytes, long before) {

  /** By how much the visible tree grew with it; negative if it shrank. */
  public long growth() {
    return bytes - before;
  }
}
