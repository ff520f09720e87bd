package dev.terrarium.engine.image;

import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The images of this host; in this release the built-in lesson image alone. */
public final class ImageStore {
  /** The reference of the built-in image. */
  public static final String LESSON = "lesson";

  private final StateFolder state;

  /** Found once; to find it means to look at all the tools that it would be built from. */
  private List<Path> lessonLayers = List.of();

  public ImageStore(StateFolder state) {
    this.state = state;
  }

  /** All references. */
  public List<String> references() {
    return List.of(LESSON);
  }

  /**
   * The image's read-only layers, top first; the lesson image is built if it is not there yet.
   *
   * @throws IllegalArgumentException if there is no such image
   * @throws IOException if it cannot be built
   */
  public List<Path> layers(String reference) throws IOException {
    if (!references().contains(reference)) {
      throw new IllegalArgumentException(
          "image \"%s\": there is no such image; there is: %s, or use --rootfs DIR"
              .formatted(reference, String.join(", ", references())));
    }
    return lesson();
  }

  private synchronized List<Path> lesson() throws IOException {
    if (!lessonLayers.stream().allMatch(Files::isDirectory) || lessonLayers.isEmpty()) {
      lessonLayers = new LessonImage(state).layers();
    }
    return lessonLayers;
  }
}
