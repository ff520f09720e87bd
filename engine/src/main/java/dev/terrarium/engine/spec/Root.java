package dev.terrarium.engine.spec;

import java.nio.file.Path;

/** What a container sees at {@code /}. */
public sealed interface Root {
  /** The host's own root; nothing is mounted and nothing is pivoted. */
  record Host() implements Root {}

  /** An overlay of an image's read-only layers and a writable layer of its own. */
  record Image(String reference) implements Root {}

  /** An overlay of one folder, read-only, and a writable layer of its own. */
  record Folder(Path rootfs) implements Root {}
}
