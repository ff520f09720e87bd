package dev.terrarium.engine.bundle;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.layer.LayerUnpacker;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.layer.UnionPacker;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A container as {@code runc run --bundle} and {@code crun run --bundle} take it.
 *
 * <pre>
 *   DIR/config.json   the specification
 *   DIR/rootfs/       the one tree that all layers of the image make
 * </pre>
 *
 * Source: OCI runtime-spec, bundle.
 */
public final class Bundle {
  static final String ROOT = "rootfs";

  private Bundle() {}

  /** What an image is run as if nobody says otherwise: apart from the host, and hardened. */
  public static ContainerSpec usual(Image image, boolean privileged) {
    Set<NamespaceType> kinds = Namespaces.usual(privileged);
    Root root = new Root.Image(image.reference());
    Program program =
        image
            .program()
            .orElseGet(() ->
                new Program(List.of("/bin/sh"), image.config().env(), "/", Program.User.ROOT));
    return ContainerSpec.of("bundle", kinds, root, Proc.NEW, program.argv())
        .withFiles(Filesystem.usual(root, Proc.NEW))
        .withProgram(program)
        .withStdio(Stdio.PIPES)
        .withHardening(Hardening.USUAL);
  }

  /**
   * Writes a bundle; what fails or is cancelled leaves nothing behind.
   *
   * @param folder that is not there yet
   * @return what could not be made as the image wants it, and how often; empty as root
   * @throws dev.terrarium.engine.spec.InvalidSpecException with what a bundle cannot say
   */
  public static Map<String, Integer> write(
      ImageStore store, Image image, ContainerSpec spec, Path folder, Progress progress)
      throws IOException {
    Rights rights = Rights.current();
    byte[] config = BundleConfig.of(spec, rights.uid(), rights.gid());
    Path target = folder.toAbsolutePath();
    if (Files.exists(target)) {
      throw new IllegalArgumentException(folder + ": it is there already; name a new folder");
    }
    Path fresh = Files.createTempDirectory(target.getParent(), ".bundle-");
    try {
      Map<String, Integer> compromises =
          flatten(store, image, fresh.resolve(ROOT), rights.privileged(), progress);
      Files.write(fresh.resolve("config.json"), config);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, target);
      return compromises;
    } finally {
      Trees.remove(fresh);
    }
  }

  private static Map<String, Integer> flatten(
      ImageStore store, Image image, Path root, boolean privileged, Progress progress)
      throws IOException {
    Files.createDirectory(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var _ = store.hold();
        UnionPacker layers = new UnionPacker(store.folders(image), Overlay.of(privileged));
        LayerUnpacker unpacker = new LayerUnpacker(root, List.of(), privileged)) {
      return unpacker.flatten(layers, "write " + ROOT, progress);
    }
  }
}
