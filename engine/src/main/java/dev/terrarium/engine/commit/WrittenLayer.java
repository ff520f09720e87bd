package dev.terrarium.engine.commit;

import dev.terrarium.engine.container.ContainerFolder;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.LayerSource.Choice;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container wrote, and nothing else: its writable layer without what the init layer put
 * there.
 *
 * <p>Files of the init layer ({@code /etc/hosts} and its kin) are the engine's and never part of an
 * image, whatever the container made of them. A folder that is in the writable layer only because
 * something was written in it has the attributes of the topmost layer below, which may be the init
 * layer: then the image's own folder stays as it is.
 */
public final class WrittenLayer {
  private final Path upper;
  private final Overlay overlay;
  private final List<Path> lower;

  /** The init layer, path by path; empty if the container has none. */
  private final Map<RawPath, Stat> init;

  private WrittenLayer(Path upper, Overlay overlay, List<Path> lower, Map<RawPath, Stat> init) {
    this.upper = upper;
    this.overlay = overlay;
    this.lower = List.copyOf(lower);
    this.init = Map.copyOf(init);
  }

  /**
   * That of a container which runs or was kept.
   *
   * @throws IllegalArgumentException if it has none that can be reached
   */
  public static WrittenLayer of(Registry.Entry container) throws IOException {
    String name = container.record().name();
    ContainerFolder folder = new ContainerFolder(container.folder());
    if (Files.isDirectory(folder.writable())) {
      throw new IllegalArgumentException(
          "container %s: its writable layer is limited, lies in memory and ends with it; run it without that limit to keep what it writes"
              .formatted(name));
    }
    if (!Files.isDirectory(folder.upper())) {
      throw new IllegalArgumentException(
          "container %s: it has no writable layer of its own, its root is the host's"
              .formatted(name));
    }
    return of(
        folder,
        container.record().namespaces().contains("user") ? Overlay.USER : Overlay.TRUSTED,
        container.record().layers().stream().map(Path::of).toList());
  }

  /**
   * That of a container's folder.
   *
   * @param overlay how it was mounted: in a user namespace or not
   * @param lower the layers of its image, top first
   */
  public static WrittenLayer of(ContainerFolder folder, Overlay overlay, List<Path> lower)
      throws IOException {
    Map<RawPath, Stat> init = new HashMap<>();
    if (Files.isDirectory(folder.init(), LinkOption.NOFOLLOW_LINKS)) {
      try (RawFiles files = new RawFiles()) {
        int root = files.openFolder(folder.init());
        gather(files, root, RawPath.ROOT, init);
        files.close(root);
      }
    }
    return new WrittenLayer(folder.upper(), overlay, lower, init);
  }

  private static void gather(RawFiles files, int root, RawPath at, Map<RawPath, Stat> into)
      throws IOException {
    for (String name : files.list(root, at.bytes())) {
      RawPath path = at.child(name);
      Stat stat = files.stat(root, path.bytes()).orElseThrow();
      into.put(path, stat);
      if (stat.isFolder()) {
        gather(files, root, path, into);
      }
    }
  }

  /** Ready to be packed. */
  public LayerSource source() {
    return new LayerSource(upper, overlay, this::choice);
  }

  private Choice choice(RawPath path, Stat written) {
    Optional<Stat> given = Optional.ofNullable(init.get(path));
    if (given.isEmpty()) {
      return Choice.PACKED;
    }
    if (!given.get().isFolder()) {
      return Choice.LEFT_OUT;
    }
    boolean untouched =
        written.isFolder()
            && written.mode() == given.get().mode()
            && written.uid() == given.get().uid()
            && written.gid() == given.get().gid();
    return untouched ? Choice.PASSED_THROUGH : Choice.PACKED;
  }

  /** What the container did to its image, folders before what is in them. */
  public List<WrittenChange> changes() throws IOException {
    return Changes.of(source(), lower);
  }

  /** The files that are the engine's and never the image's. */
  List<String> initFiles() {
    return init.entrySet().stream()
        .filter(entry -> !entry.getValue().isFolder())
        .map(entry -> "/" + entry.getKey().shown())
        .sorted()
        .toList();
  }

  /** The layers of its image, top first. */
  public List<Path> lower() {
    return lower;
  }

  /** The writable layer itself, on the host. */
  public Path upper() {
    return upper;
  }
}
