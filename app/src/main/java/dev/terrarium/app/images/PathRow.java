package dev.terrarium.app.images;

import dev.terrarium.app.images.LayerScene.Mark;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.tar.TarEntry;

/**
 * One line of the tree on screen.
 *
 * @param path in the image
 * @param depth how far it is indented
 * @param open whether it is a folder that shows what is in it
 * @param size bytes of content of it and all below
 * @param layer from which it comes, 0 the base; of what was removed, where it still is
 * @param mark what the selected layer did to it
 * @param entry what that layer says of it
 */
record PathRow(
    RawPath path, int depth, boolean open, long size, int layer, Mark mark, LayerEntry entry) {

  boolean folder() {
    return entry.type() == TarEntry.Type.FOLDER;
  }
}
