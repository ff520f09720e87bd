package dev.terrarium.engine.commit;

import java.util.List;

/**
 * What an image is to be that is made of a container.
 *
 * @param reference its name
 * @param message for the history; empty for none
 * @param changes of the configuration, as lines of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE,
 *     LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR
 */
public record CommitRequest(String reference, String message, List<String> changes) {
  public CommitRequest {
    changes = List.copyOf(changes);
  }

  /** Named, and otherwise as the image below. */
  public static CommitRequest named(String reference) {
    return new CommitRequest(reference, "", List.of());
  }
}
