package dev.terrarium.engine.container;

import dev.terrarium.engine.layer.LayersReader;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.step.LayerStep;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layers of a container on the live host. What is read only is read once. */
final class LiveLayers {
  private final MountStep.MountOverlay union;
  private final Optional<Path> init;
  private final Overlay overlay;
  private List<Layer> lower = List.of();

  private LiveLayers(MountStep.MountOverlay union, Optional<Path> init) {
    this.union = union;
    this.init = init;
    this.overlay = union.userXattr() ? Overlay.USER : Overlay.TRUSTED;
  }

  /** Those that a plan stacks, if it stacks any that can be seen from outside. */
  static Optional<LiveLayers> of(List<Step> plan) {
    Optional<Path> init = Optional.empty();
    for (Step step : plan) {
      if (step instanceof LayerStep.LimitWritableLayer) {
        return Optional.empty();
      }
      if (step instanceof LayerStep.MakeInitLayer made) {
        init = Optional.of(made.folder());
      }
      if (step instanceof MountStep.MountOverlay union) {
        return Optional.of(new LiveLayers(union, init));
      }
    }
    return Optional.empty();
  }

  /** What they hold now; nothing before they are made, and after. */
  synchronized Layers read() {
    if (!Files.isDirectory(union.target())) {
      return Layers.NONE;
    }
    try {
      if (lower.isEmpty()) {
        lower = readOnly();
      }
      List<Layer> all = new ArrayList<>();
      all.add(LayersReader.read(union.upper(), Role.UPPER, 0, overlay));
      all.addAll(lower);
      return new Layers(all);
    } catch (IOException e) {
      if (Files.isDirectory(union.upper())) {
        throw new UncheckedIOException(e);
      }
      return Layers.NONE;
    }
  }

  private List<Layer> readOnly() throws IOException {
    List<Layer> layers = new ArrayList<>();
    int number = union.lower().size() - (init.isPresent() ? 1 : 0);
    for (Path folder : union.lower()) {
      boolean own = init.filter(folder::equals).isPresent();
      layers.add(
          LayersReader.read(folder, own ? Role.INIT : Role.LOWER, own ? 0 : number, overlay));
      number -= own ? 0 : 1;
    }
    return layers;
  }
}
