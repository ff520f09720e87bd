package dev.terrarium.engine.image;

import dev.terrarium.engine.syscall.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One image that a source holds.
 *
 * @param name as the source calls it
 * @param platform {@code os/architecture[/variant]}; empty if it does not say
 */
record Offer(Optional<String> name, Optional<String> platform, Opener opener) {

  /** Reads the image's documents, and checks them. */
  interface Opener {
    Parts open() throws IOException;
  }

  /** An image's configuration as it is, and its layers, base first. */
  record Parts(Bytes config, List<Part> layers) {
    Parts {
      layers = List.copyOf(layers);
    }
  }

  /**
   * A layer's archive, perhaps compressed.
   *
   * @param digest what it must have; empty if the source does not say
   * @param size in bytes
   */
  record Part(Optional<Digest> digest, long size, Content content) {}

  /** Opens a stream that the caller closes. */
  interface Content {
    InputStream open() throws IOException;
  }
}
