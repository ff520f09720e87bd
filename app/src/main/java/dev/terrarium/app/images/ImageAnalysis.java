package dev.terrarium.app.images;

import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.ImageTree.Share;
import dev.terrarium.engine.layer.ImageTree.Waste;
import dev.terrarium.engine.layer.LayerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What all layers of an image do, worked out once.
 *
 * @param entries what each layer says of each path, base first
 * @param folders where each layer is unpacked, base first
 * @param shares what each layer stores, adds and hides, base first
 * @param waste what is stored and never seen, the largest first
 */
record ImageAnalysis(
    Image image,
    List<List<LayerEntry>> entries,
    List<Path> folders,
    List<Share> shares,
    List<Waste> waste) {

  /** Looks into every layer; one that is not unpacked yet is unpacked, which may take a while. */
  static ImageAnalysis of(ImageStore store, Image image) throws IOException {
    List<List<LayerEntry>> entries = store.entries(image);
    ImageTree tree = ImageTree.of(entries);
    List<Waste> waste =
        tree.waste().stream()
            .sorted(Comparator.comparingLong(Waste::bytes).reversed().thenComparing(Waste::path))
            .toList();
    return new ImageAnalysis(image, entries, store.folders(image).reversed(), tree.shares(), waste);
  }

  long wastedBytes() {
    return waste.stream().mapToLong(Waste::bytes).sum();
  }

  /** The image as it is with that many of its layers. */
  LayerScene upTo(int layers) {
    ImageTree before = ImageTree.of(entries.subList(0, layers - 1));
    ImageTree after = ImageTree.of(entries.subList(0, layers));
    return LayerScene.of(before, after, layers - 1);
  }
}
