package dev.terrarium.engine.image;

import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.layer.LayerIndex;
import dev.terrarium.engine.layer.LayerUnpacker;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Layers as folders, ready to be mounted. A layer's folder depends on those below it, since a hard
 * link may copy from there, so it is named by its ChainID. Source: OCI image-spec, config, "Layer
 * ChainID".
 *
 * <pre>
 *   layers/CHAIN/diff     the layer
 *   layers/CHAIN/index    what it says of each path
 *   layers/CHAIN/notes    what could not be made as the archive wants it
 * </pre>
 */
final class UnpackedLayers {
  private final Path folder;
  private final Path beside;
  private final boolean privileged;

  UnpackedLayers(Path folder, Path beside, boolean privileged) {
    this.folder = folder;
    this.beside = beside;
    this.privileged = privileged;
  }

  /** The ChainIDs of layers, base first. */
  static List<Digest> chain(List<Digest> diffIds) {
    List<Digest> chain = new ArrayList<>();
    for (Digest diffId : diffIds) {
      chain.add(
          chain.isEmpty()
              ? diffId
              : Digest.of((chain.getLast() + " " + diffId).getBytes(StandardCharsets.US_ASCII)));
    }
    return chain;
  }

  Path path(Digest chainId) {
    return folder.resolve(chainId.hex()).resolve("diff");
  }

  /** What the layer says of each path. */
  List<LayerEntry> entries(Digest chainId) throws IOException {
    return LayerIndex.read(folder.resolve(chainId.hex()).resolve("index"));
  }

  boolean has(Digest chainId) {
    return Files.isDirectory(path(chainId));
  }

  /** All that are there, by the digits of their ChainIDs. */
  List<Path> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var folders = Files.list(folder)) {
      return folders.toList();
    }
  }

  /**
   * A layer that is being unpacked; nothing remains of one that is not kept.
   *
   * @param lower the ChainIDs of the layers below, base first
   */
  Unpacking begin(List<Digest> lower) throws IOException {
    return new Unpacking(lower);
  }

  /** See {@link #begin}. */
  final class Unpacking implements AutoCloseable {
    private final List<Digest> lower;
    private final Path unfinished;
    private Map<String, Integer> compromises = Map.of();

    private Unpacking(List<Digest> lower) throws IOException {
      this.lower = lower;
      Files.createDirectories(beside);
      this.unfinished = Files.createTempDirectory(beside, "layer-");
      Files.createDirectory(unfinished.resolve("diff"));
      Files.setPosixFilePermissions(
          unfinished.resolve("diff"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Unpacks the uncompressed archive. */
    Map<String, Integer> unpack(InputStream archive, TarLimits limits, String what, Progress to)
        throws IOException {
      List<Path> below = lower.reversed().stream().map(UnpackedLayers.this::path).toList();
      try (LayerUnpacker unpacker =
              new LayerUnpacker(unfinished.resolve("diff"), below, privileged);
          LayerIndex index = new LayerIndex(unfinished.resolve("index"))) {
        compromises = unpacker.unpack(new TarReader(archive, limits), index::add, what, to);
        return compromises;
      }
    }

    /** Makes it a layer of the store. */
    void keep(Digest chainId) throws IOException {
      StringBuilder notes = new StringBuilder();
      compromises.forEach(
          (what, count) -> notes.append(count).append(" × ").append(what).append('\n'));
      Files.writeString(unfinished.resolve("notes"), notes);
      Files.createDirectories(folder);
      try {
        Files.move(unfinished, folder.resolve(chainId.hex()), StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        // rename(2) of a folder onto one that is there: ENOTEMPTY, or EEXIST.
        if (!has(chainId)) {
          throw e;
        }
        // Another engine was faster; its folder is the same.
      }
    }

    @Override
    public void close() throws IOException {
      if (Files.exists(unfinished)) {
        Trees.remove(unfinished);
      }
    }
  }
}
