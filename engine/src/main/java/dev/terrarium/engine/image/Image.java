package dev.terrarium.engine.image;

import dev.terrarium.engine.spec.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image of the store.
 *
 * @param reference its name
 * @param manifest its digest
 * @param layers base first
 */
public record Image(String reference, Digest manifest, ImageConfig config, List<Layer> layers) {

  /**
   * One layer.
   *
   * @param diffId the digest of its uncompressed archive
   * @param chainId the digest of it on those below
   * @param blob its archive, as it is stored
   * @param createdBy the command or the Dockerfile line from which it came; empty if nobody says
   */
  public record Layer(Digest diffId, Digest chainId, Descriptor blob, String createdBy) {}

  public Image {
    layers = List.copyOf(layers);
  }

  static Image of(String reference, Digest manifest, Manifest parts, ImageConfig config)
      throws ImageException {
    List<Digest> diffIds = config.diffIds();
    if (diffIds.size() != parts.layers().size()) {
      throw new ImageException("image " + reference + ": its manifest and configuration disagree");
    }
    List<Digest> chain = UnpackedLayers.chain(diffIds);
    List<String> origins =
        config.history().stream()
            .filter(step -> !step.emptyLayer())
            .map(step -> step.createdBy().isEmpty() ? step.comment() : step.createdBy())
            .toList();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(
          new Layer(
              diffIds.get(i),
              chain.get(i),
              parts.layers().get(i),
              i < origins.size() ? origins.get(i) : ""));
    }
    return new Image(reference, manifest, config, layers);
  }

  /** What a container sees that has only the first of its layers; {@code name#2} for two. */
  Image upTo(int count) {
    return new Image(
        reference + "#" + count, manifest, config.upTo(count), layers.subList(0, count));
  }

  /** What all its archives take in the store, in bytes. */
  public long storedBytes() {
    return layers.stream().mapToLong(layer -> layer.blob().size()).sum();
  }

  /**
   * What it runs unless told otherwise: entrypoint and command, its environment, its folder.
   *
   * @return empty if it names no program
   */
  public Optional<Program> program() {
    List<String> argv = new ArrayList<>(config.entrypoint());
    argv.addAll(config.cmd());
    return argv.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Program(
                argv,
                config.env(),
                config.workdir().isEmpty() ? "/" : config.workdir(),
                Program.User.ROOT));
  }
}
