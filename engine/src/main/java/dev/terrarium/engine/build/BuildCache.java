package dev.terrarium.engine.build;

import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.fact.CacheMiss;
import dev.terrarium.engine.image.Descriptor;
import dev.terrarium.engine.image.Digest;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.json.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * What was built before. A result is found by the inputs that it depends on; why it is not found is
 * told by comparing them with those of the last build of the same file.
 *
 * <pre>
 *   builds/results/KEY.json    the layer that came of those inputs, and when
 *   builds/last/FILE.json      the inputs of each instruction, when that file was built last
 * </pre>
 */
final class BuildCache {
  /** More paths than anybody reads. */
  private static final int MOST_PATHS = 3;

  /** A file is read as a whole; what is longer was not written here. */
  private static final int MOST_BYTES = 64 << 20;

  private static final JsonMapper JSON = RecordJson.mapper(new SimpleModule("builds"));

  /**
   * What came of an instruction.
   *
   * @param layer empty if it changed no file
   */
  record Result(Instant created, Optional<ImageStore.Packed> layer) {}

  /** As it is kept. */
  private record Kept(
      String created, Optional<String> diffId, String mediaType, String digest, long size) {}

  /** An instruction of the last build, and what it depended on. */
  record Past(
      String stage,
      int number,
      String text,
      Map<String, String> values,
      Map<String, String> files) {}

  private record Last(List<Past> steps) {}

  private final Path folder;
  private final Path last;
  private final ImageStore images;
  private final List<Past> before;
  private final List<Past> now = new ArrayList<>();

  BuildCache(ImageStore images, Path dockerfile) throws IOException {
    this.images = images;
    this.folder = images.state().images().resolve("builds");
    String name =
        Digest.of(dockerfile.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    this.last = folder.resolve("last").resolve(name + ".json");
    this.before = read(last, Last.class).map(Last::steps).orElse(List.of());
  }

  private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
    } catch (NoSuchFileException | JacksonException e) {
      // What cannot be read was written by another version, or by half: it is built again.
      return Optional.empty();
    }
  }

  private static void write(Path file, Object value) throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException(file + ": no file");
    }
    Files.createDirectories(parent);
    Path fresh = Files.createTempFile(parent, ".", ".new");
    Files.write(fresh, JSON.writeValueAsBytes(value));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path file(Inputs inputs) {
    return folder.resolve("results").resolve(inputs.key() + ".json");
  }

  /** What came of the same inputs, if it is there still. */
  Optional<Result> find(Inputs inputs) throws IOException {
    Optional<Kept> kept = read(file(inputs), Kept.class);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Result result = result(kept.get());
    if (result.layer().filter(layer -> !images.has(layer)).isPresent()) {
      Files.deleteIfExists(file(inputs));
      return Optional.empty();
    }
    return Optional.of(result);
  }

  private static Result result(Kept kept) {
    return new Result(
        Instant.parse(kept.created()),
        kept.diffId()
            .map(diffId ->
                new ImageStore.Packed(
                    Digest.parse(diffId),
                    new Descriptor(kept.mediaType(), Digest.parse(kept.digest()), kept.size()))));
  }

  void put(Inputs inputs, Result result) throws IOException {
    Optional<Descriptor> blob = result.layer().map(ImageStore.Packed::blob);
    write(
        file(inputs),
        new Kept(
            result.created().toString(),
            result.layer().map(layer -> layer.diffId().toString()),
            blob.map(Descriptor::mediaType).orElse(""),
            blob.map(descriptor -> descriptor.digest().toString()).orElse(""),
            blob.map(Descriptor::size).orElse(0L)));
  }

  /** Notes what an instruction depends on, for the next build to compare with. */
  void note(BuildStep step, Inputs inputs) {
    now.add(new Past(step.stage(), step.number(), step.text(), inputs.values(), inputs.files()));
  }

  /** Keeps what was noted; what this build did not come to, stays as it was. */
  void keepNotes() throws IOException {
    List<Past> all = new ArrayList<>(now);
    before.stream()
        .filter(past ->
            now.stream()
                .noneMatch(
                    other -> other.stage().equals(past.stage()) && other.number() == past.number()))
        .forEach(all::add);
    write(last, new Last(all));
  }

  /**
   * Why nothing was found.
   *
   * @param ranBefore the last instruction before it that ran in this build and made a layer
   * @param base the image that its stage begins with
   */
  CacheMiss why(BuildStep step, Inputs inputs, Optional<BuildStep> ranBefore, String base) {
    List<Past> stage = before.stream().filter(past -> past.stage().equals(step.stage())).toList();
    Optional<Past> same =
        stage.stream()
            .filter(past -> past.text().equals(step.text()))
            .min(Comparator.comparingInt(past -> Math.abs(past.number() - step.number())));
    if (same.isEmpty()) {
      return stage.stream()
          .filter(past -> past.number() == step.number())
          .findFirst()
          .<CacheMiss>map(past -> new CacheMiss.LineChanged(past.text()))
          .orElseGet(CacheMiss.NothingBefore::new);
    }
    return difference(same.get(), inputs, ranBefore, base);
  }

  private static CacheMiss difference(
      Past past, Inputs inputs, Optional<BuildStep> ranBefore, String base) {
    for (Map.Entry<String, String> input : inputs.values().entrySet()) {
      String name = input.getKey();
      if (input.getValue().equals(past.values().get(name))) {
        continue;
      }
      if (name.equals(Inputs.BELOW)) {
        return ranBefore
            .<CacheMiss>map(CacheMiss.StepRanAgain::new)
            .orElseGet(() -> new CacheMiss.BaseChanged(base));
      }
      if (name.startsWith(Inputs.FILES)) {
        return new CacheMiss.FilesChanged(
            name.substring(Inputs.FILES.length()), changed(past.files(), inputs.files()));
      }
      return named(name, past);
    }
    return past.values().keySet().stream()
        .filter(name -> !inputs.values().containsKey(name))
        .findFirst()
        .map(name -> named(name, past))
        .orElseGet(CacheMiss.LayerGone::new);
  }

  private static CacheMiss named(String name, Past past) {
    if (name.startsWith(Inputs.ARGUMENT)) {
      return new CacheMiss.ArgumentChanged(name.substring(Inputs.ARGUMENT.length()));
    }
    if (name.startsWith(Inputs.SETTING)) {
      return new CacheMiss.SettingChanged(name.substring(Inputs.SETTING.length()));
    }
    return new CacheMiss.LineChanged(past.text());
  }

  private static List<String> changed(Map<String, String> then, Map<String, String> now) {
    TreeSet<String> paths = new TreeSet<>();
    now.forEach((path, digest) -> {
      if (!digest.equals(then.get(path))) {
        paths.add(path);
      }
    });
    then.keySet().stream().filter(path -> !now.containsKey(path)).forEach(paths::add);
    return paths.stream().limit(MOST_PATHS).toList();
  }
}
