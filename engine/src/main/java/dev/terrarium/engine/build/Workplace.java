package dev.terrarium.engine.build;

import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.dockerfile.Dockerfile;
import dev.terrarium.engine.dockerfile.Instruction;
import dev.terrarium.engine.dockerfile.PathPatterns;
import dev.terrarium.engine.dockerfile.Position;
import dev.terrarium.engine.dockerfile.Stage;
import dev.terrarium.engine.dockerfile.Substitution;
import dev.terrarium.engine.fact.BuildLayer;
import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.fact.CacheMiss;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** What all stages of one build are built with: the store, the context, the cache, the listener. */
final class Workplace implements AutoCloseable {
  /** Of passwd and group, in bytes. */
  private static final int MOST_ACCOUNTS = 1 << 20;

  /** Makes a layer. */
  interface Maker {
    /** Nothing if no file changed. */
    Optional<ImageStore.Packed> make() throws IOException, InterruptedException;
  }

  /** A part of an instruction. */
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  private final BuildRequest request;
  private final Dockerfile dockerfile;
  private final ImageStore images;
  private final boolean privileged;
  private final Function<ContainerSpec, Container> containers;
  private final Consumer<Fact> facts;
  private final CompletableFuture<ExitStatus> cancelled;
  private final Arguments arguments;
  private final BuildCache cache;
  private final ContextTree context;
  private final Map<Integer, StageBuild> built = new TreeMap<>();
  private final List<LayeredTree> open = new ArrayList<>();

  Workplace(
      BuildRequest request,
      Dockerfile dockerfile,
      PathPatterns ignored,
      ImageStore images,
      boolean privileged,
      Function<ContainerSpec, Container> containers,
      Consumer<Fact> facts,
      CompletableFuture<ExitStatus> cancelled)
      throws IOException {
    this.request = request;
    this.dockerfile = dockerfile;
    this.images = images;
    this.privileged = privileged;
    this.containers = containers;
    this.facts = facts;
    this.cancelled = cancelled;
    this.arguments = new Arguments(dockerfile, request.arguments());
    this.cache = new BuildCache(images, request.file().toAbsolutePath().normalize());
    this.context = new ContextTree(request.context(), ignored);
  }

  BuildRequest request() {
    return request;
  }

  Dockerfile dockerfile() {
    return dockerfile;
  }

  ImageStore images() {
    return images;
  }

  boolean privileged() {
    return privileged;
  }

  Arguments arguments() {
    return arguments;
  }

  BuildCache cache() {
    return cache;
  }

  ContextTree context() {
    return context;
  }

  /** Seconds since 1970 that nothing new is later than, if that is wanted. */
  Optional<Long> epoch() {
    return request.epoch().isPresent()
        ? Optional.of(request.epoch().getAsLong())
        : Optional.ofNullable(request.arguments().get(Arguments.EPOCH)).map(Long::valueOf);
  }

  /** The time of what is new. */
  Instant now() {
    return epoch().map(Instant::ofEpochSecond).orElseGet(Instant::now);
  }

  // Stages.

  void built(int index, StageBuild stage) {
    built.put(index, stage);
  }

  Optional<StageBuild> built(Stage stage) {
    return Optional.ofNullable(built.get(stage.index()));
  }

  /** The files of another stage, or of an image. */
  Tree tree(Stage current, Instruction.Copy copy, String name) throws IOException {
    Optional<Stage> other = dockerfile.stageBefore(current.index(), name);
    Optional<Image> image;
    if (other.isPresent()) {
      image = built(other.get()).flatMap(StageBuild::image);
    } else {
      try {
        image = Optional.of(images.image(name));
      } catch (IllegalArgumentException e) {
        throw dockerfile.wrong(
            copy.from().orElseThrow().at(),
            "--from=%s is no stage before this one, and %s".formatted(name, e.getMessage()));
      }
    }
    LayeredTree tree = LayeredTree.of(images, image);
    open.add(tree);
    return tree;
  }

  PathPatterns excluded(Instruction.Copy copy, Substitution words) {
    return PathPatterns.of(dockerfile.file(), copy.excluded().stream().map(words::of).toList());
  }

  // Who is who.

  static Accounts accounts(Tree tree) throws IOException {
    return Accounts.of(text(tree, "etc/passwd"), text(tree, "etc/group"));
  }

  private static String text(Tree tree, String name) throws IOException {
    RawPath path = tree.follow(RawPath.of(name));
    if (tree.find(path).filter(Tree.Entry::isFile).isEmpty()) {
      return "";
    }
    try (InputStream content = tree.open(path)) {
      return new String(content.readNBytes(MOST_ACCOUNTS), StandardCharsets.UTF_8);
    }
  }

  /** A user and, unless it is said, the group of the same number. */
  Copying.Owner owner(Tree tree, String who) {
    try {
      Accounts accounts = accounts(tree);
      var user = accounts.user(who);
      boolean bareNumber = who.matches("\\d+") && accounts.account(user.uid()).isEmpty();
      return new Copying.Owner(user.uid(), bareNumber ? user.uid() : user.gid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The cache.

  /** What came of the same inputs before; else tells why it is to be done again. */
  Optional<BuildCache.Result> recall(
      BuildStep step, Inputs inputs, Optional<BuildStep> ran, String base) throws IOException {
    cache.note(step, inputs);
    Optional<BuildCache.Result> known = request.cache() ? cache.find(inputs) : Optional.empty();
    if (known.isPresent()) {
      tell(new Fact.InstructionCached(Instant.now(), request.name(), step, known.get().created()));
    } else {
      CacheMiss why =
          request.cache() ? cache.why(step, inputs, ran, base) : new CacheMiss.CacheOff();
      tell(new Fact.InstructionRuns(Instant.now(), request.name(), step, why));
    }
    return known;
  }

  /** A layer on top of an image. */
  Image put(
      Optional<Image> below,
      ImageConfig config,
      BuildCache.Result result,
      String meaning,
      String comment)
      throws IOException {
    return images.commit(
        new ImageStore.Making(below, config, meaning, comment, result.created(), Optional.empty()),
        result.layer().orElseThrow());
  }

  // Containers.

  Network network(Instruction.Run run) {
    if (run.network().isEmpty()) {
      return request.network();
    }
    return switch (run.network().get().text()) {
      case "default" -> request.network();
      case "none" -> new Network.Loopback();
      default ->
          throw dockerfile.wrong(
              run.network().get().at(),
              "network \"%s\": there are default and none".formatted(run.network().get().text()));
    };
  }

  Container container(ContainerSpec spec) {
    return containers.apply(spec);
  }

  /** Waits for its end, or for the build's. */
  ExitStatus await(Container container) throws InterruptedException {
    try {
      return container.exited().applyToEither(cancelled, status -> status).get();
    } catch (ExecutionException e) {
      if (cancelled.isCompletedExceptionally()) {
        throw new CancellationException("the build was cancelled");
      }
      throw new IllegalStateException("a container of the build was lost", e);
    }
  }

  Progress progress() {
    return (what, _, _) -> {
      if (cancelled.isDone()) {
        throw new InterruptedIOException(what + ": the build was cancelled");
      }
    };
  }

  // Facts.

  private void tell(Fact fact) {
    facts.accept(fact);
  }

  void begin(BuildStep step) {
    if (cancelled.isDone()) {
      throw new CancellationException("the build was cancelled");
    }
    tell(new Fact.InstructionBegan(Instant.now(), request.name(), step));
  }

  void printed(BuildStep step, boolean error, String text) {
    tell(new Fact.InstructionPrinted(Instant.now(), request.name(), step, error, text));
  }

  /**
   * It is done.
   *
   * @param image whose topmost layer it made
   */
  void done(BuildStep step, Optional<Image> image) throws IOException {
    Optional<BuildLayer> layer = Optional.empty();
    if (image.isPresent()) {
      Image.Layer top = image.get().layers().getLast();
      layer =
          Optional.of(
              new BuildLayer(
                  top.diffId().toString(),
                  image.get().manifest().toString(),
                  top.blob().size(),
                  ImageTree.of(images.entries(image.get())).shares().getLast()));
    }
    tell(new Fact.InstructionDone(Instant.now(), request.name(), step, layer));
  }

  /** Says of whatever is wrong where it is. */
  void at(Position at, Work work) throws IOException, InterruptedException {
    try {
      work.run();
    } catch (IllegalArgumentException e) {
      throw StageBuild.isPlaced(e) ? e : dockerfile.wrong(at, String.valueOf(e.getMessage()));
    }
  }

  /** Does an instruction; what is wrong becomes the fact that ends the build. */
  void explained(BuildStep step, Position at, Optional<Image> usable, Work work)
      throws IOException, InterruptedException {
    try {
      work.run();
    } catch (CancellationException | InterruptedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (cancelled.isDone()) {
        throw e;
      }
      BuildException told =
          e instanceof BuildException own
              ? own
              : new BuildException(
                  StageBuild.isPlaced(e)
                      ? String.valueOf(e.getMessage())
                      : dockerfile.file() + ":" + at + ": " + e.getMessage(),
                  e);
      tell(
          new Fact.InstructionFailed(
              Instant.now(),
              request.name(),
              step,
              String.valueOf(told.getMessage()),
              told.status(),
              usable
                  .filter(image -> !image.layers().isEmpty())
                  .map(image -> image.manifest().toString())));
      throw told;
    }
  }

  @Override
  public void close() {
    open.forEach(LayeredTree::close);
    context.close();
  }
}
