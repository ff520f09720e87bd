package dev.terrarium.engine.container;

import java.nio.file.Path;

/**
 * A container's own folder on the host.
 *
 * <pre>
 *   init       what no image can know: a read-only layer
 *   upper      what the container wrote
 *   work       overlayfs's own
 *   writable   in place of the last two a tmpfs with both in it, which only the container sees
 *   merged     where the union of all layers is mounted, for the container alone
 * </pre>
 */
public record ContainerFolder(Path path) {
  public Path init() {
    return path.resolve("init");
  }

  public Path upper() {
    return path.resolve("upper");
  }

  public Path work() {
    return path.resolve("work");
  }

  public Path writable() {
    return path.resolve("writable");
  }

  public Path merged() {
    return path.resolve("merged");
  }
}
