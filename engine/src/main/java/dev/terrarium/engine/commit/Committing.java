package dev.terrarium.engine.commit;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Edit;
import dev.terrarium.engine.container.LiveContainer;
import dev.terrarium.engine.container.Workshop;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.image.Platform;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.LayerSource;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.step.CgroupStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container wrote becomes the topmost layer of an image.
 *
 * <pre>
 *   container                              image
 *   upper  ──freeze, pack, thaw──▶  layer  n+1
 *   init   ──never──✗
 *   image's layers  ───────────────────▶   1 … n, not touched
 * </pre>
 */
public final class Committing {
  private final ImageStore images;
  private final Workshop workshop;
  private final Registry.Entry container;
  private final CommitRequest request;
  private final WrittenLayer written;
  private final Optional<Cgroup> cgroup;
  private final List<ConfigChange> configChanges;

  private Committing(
      ImageStore images, Workshop workshop, Registry.Entry container, CommitRequest request)
      throws IOException {
    this.images = images;
    this.workshop = workshop;
    this.container = container;
    this.request = request;
    this.configChanges = request.changes().stream().map(ConfigChange::parse).toList();
    this.written = WrittenLayer.of(container);
    this.cgroup = container.running() ? cgroupOf(container) : Optional.empty();
  }

  /**
   * Prepares; nothing is done yet.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  public static Committing of(
      ImageStore images, Workshop workshop, Registry.Entry container, CommitRequest request)
      throws IOException {
    ImageStore.Import.USUAL.named(request.reference());
    return new Committing(images, workshop, container, request);
  }

  /** The one that it has of its own, wherever its engine made it. */
  private static Optional<Cgroup> cgroupOf(Registry.Entry container) {
    Path run = container.folder().getParent();
    if (run == null || !(Delegation.find() instanceof Delegation.Granted granted)) {
      return Optional.empty();
    }
    return Optional.of(
            Cgroup.of(granted.driver(), run.getFileName().toString(), container.record().name()))
        .filter(cgroup -> cgroup.folders().stream().anyMatch(Files::isDirectory));
  }

  /** All acts, in order. */
  public List<CommitStep> plan() {
    List<CommitStep> steps = new ArrayList<>();
    cgroup.ifPresent(own -> steps.add(new CommitStep.FreezeContainer(own)));
    steps.add(new CommitStep.PackWritableLayer(written.upper(), written.initFiles()));
    cgroup.ifPresent(own -> steps.add(new CommitStep.ThawContainer(own)));
    steps.add(new CommitStep.WriteConfiguration(container.record().root(), request.changes()));
    steps.add(new CommitStep.NameImage(request.reference()));
    return steps;
  }

  /** Does it. Whatever goes wrong, the container goes on. */
  public Committed run(Progress progress) throws IOException {
    try (var _ = images.hold()) {
      Optional<Image> base = base(progress);
      ImageConfig config =
          base.map(Image::config).orElseGet(() -> ImageConfig.empty(Platform.architecture()));
      for (ConfigChange change : configChanges) {
        config = change.applyTo(config);
      }
      ImageStore.Making making =
          new ImageStore.Making(
              base,
              config,
              String.join(" ", container.record().command()),
              request.message(),
              Instant.now(),
              Optional.of(request.reference()));
      ImageStore.Packed layer = pack(progress);
      tell(new CommitStep.WriteConfiguration(container.record().root(), request.changes()));
      tell(new CommitStep.NameImage(request.reference()));
      Image image = images.commit(making, layer);
      List<ImageTree.Share> shares = ImageTree.of(images.entries(image)).shares();
      String manifest = image.manifest().toString();
      workshop.tell(
          new Fact.Committed(
              Instant.now(), container.record().name(), request.reference(), manifest, shares));
      return new Committed(
          request.reference(), manifest, base.map(Image::reference).orElse(""), shares);
    }
  }

  private void tell(CommitStep step) {
    workshop.tell(
        new Fact.StepBegan(Instant.now(), container.record().name(), step.id(), step.sentence()));
  }

  /** While the container stands still; who was paused already stays so. */
  private ImageStore.Packed pack(Progress progress) throws IOException {
    String name = container.record().name();
    var step = new CommitStep.PackWritableLayer(written.upper(), written.initFiles());
    if (container.running() && cgroup.isEmpty()) {
      workshop.tell(
          new Fact.LeftOut(
              Instant.now(),
              name,
              "freeze-container",
              "it has no cgroup of its own and goes on meanwhile; what it writes now may be in the layer by half"));
    }
    if (cgroup.isEmpty() || cgroup.get().frozen()) {
      tell(step);
      return images.pack(written.source(), progress);
    }
    Cgroup own = cgroup.get();
    Optional<Resource> note =
        own.freeze(false) instanceof Edit.Write thaw
            ? Optional.of(new Resource.Frozen(thaw.file(), thaw.value()))
            : Optional.empty();
    if (note.isPresent()) {
      workshop.run().note(note.get());
    }
    try {
      LiveContainer.perform(workshop, name, new CgroupStep.Freeze(own));
      tell(step);
      return images.pack(written.source(), progress);
    } finally {
      LiveContainer.perform(workshop, name, new CgroupStep.Thaw(own));
      if (note.isPresent()) {
        workshop.run().gone(note.get());
      }
    }
  }

  /**
   * The image that the container was made of, even if its name stands for another one now.
   *
   * @return empty if its root is a folder with nothing in it
   */
  private Optional<Image> base(Progress progress) throws IOException {
    List<Path> lower = written.lower();
    Optional<Image> same = images.ofLayers(container.record().root(), lower);
    if (same.isPresent()) {
      return same;
    }
    if (lower.size() == 1 && !lower.getFirst().startsWith(images.state().images())) {
      Path folder = lower.getFirst();
      ImageStore.Making making =
          new ImageStore.Making(
              Optional.empty(),
              ImageConfig.empty(Platform.architecture()),
              "import " + folder,
              "",
              Instant.now(),
              Optional.empty());
      return Optional.of(images.commit(making, LayerSource.all(folder), progress));
    }
    throw new IllegalArgumentException(
        "container %s: its image \"%s\" is another one by now, and no image has the layers that it was made of"
            .formatted(container.record().name(), container.record().root()));
  }
}
