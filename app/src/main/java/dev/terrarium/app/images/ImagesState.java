package dev.terrarium.app.images;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.image.Image;
import java.util.List;
import java.util.Optional;

/**
 * All that the Images screen shows.
 *
 * @param images that are in the store, by name
 * @param selected the one that is looked into
 * @param analysis what its layers do; empty while that is worked out
 * @param scene its tree with the layers up to the selected one; empty while that is worked out
 * @param work what is going on, if it takes a while
 * @param problem what went wrong last, not translated
 * @param trial a container that was started from some of the image's layers
 */
record ImagesState(
    List<Image> images,
    Optional<Image> selected,
    Optional<ImageAnalysis> analysis,
    Optional<LayerScene> scene,
    Optional<Work> work,
    Optional<String> problem,
    Optional<Trial> trial) {

  static final ImagesState EMPTY =
      new ImagesState(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** A container from an image's first layers. */
  record Trial(Container container, int layers) {}

  /**
   * An import that goes on.
   *
   * @param what is being done, as the engine calls it
   * @param done bytes so far
   * @param total bytes in all; 0 if not known
   */
  record Work(String what, long done, long total) {}

  ImagesState {
    images = List.copyOf(images);
  }

  ImagesState withImages(List<Image> now) {
    return new ImagesState(now, selected, analysis, scene, work, problem, trial);
  }

  ImagesState withSelected(Image image) {
    return new ImagesState(
        images,
        Optional.of(image),
        Optional.empty(),
        Optional.empty(),
        work,
        Optional.empty(),
        trial);
  }

  ImagesState withAnalysis(ImageAnalysis known) {
    return new ImagesState(images, selected, Optional.of(known), scene, work, problem, trial);
  }

  ImagesState withScene(LayerScene shown) {
    return new ImagesState(images, selected, analysis, Optional.of(shown), work, problem, trial);
  }

  ImagesState withWork(Optional<Work> now) {
    return new ImagesState(images, selected, analysis, scene, now, problem, trial);
  }

  ImagesState withProblem(Optional<String> now) {
    return new ImagesState(images, selected, analysis, scene, work, now, trial);
  }

  ImagesState withTrial(Optional<Trial> now) {
    return new ImagesState(images, selected, analysis, scene, work, problem, now);
  }
}
