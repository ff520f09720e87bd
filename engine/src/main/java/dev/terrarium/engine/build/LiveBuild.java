package dev.terrarium.engine.build;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.dockerfile.Dockerfile;
import dev.terrarium.engine.dockerfile.Instruction;
import dev.terrarium.engine.dockerfile.PathPatterns;
import dev.terrarium.engine.dockerfile.Stage;
import dev.terrarium.engine.dockerfile.Substitution;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.text.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** A build on the live host, on a thread of its own. */
public final class LiveBuild implements Build {
  private final BuildRequest request;
  private final ImageStore images;
  private final boolean privileged;
  private final Function<ContainerSpec, Container> containers;
  private final Consumer<Fact> facts;
  private final CompletableFuture<Built> built = new CompletableFuture<>();
  private final CompletableFuture<ExitStatus> cancelled = new CompletableFuture<>();
  private final Thread thread;

  /**
   * Prepares; nothing is done yet.
   *
   * @param privileged whether this process has root's rights on the host
   * @param containers prepares those of RUN
   * @param facts hears what happens, on several threads
   */
  public LiveBuild(
      BuildRequest request,
      ImageStore images,
      boolean privileged,
      Function<ContainerSpec, Container> containers,
      Consumer<Fact> facts) {
    this.request = request;
    this.images = images;
    this.privileged = privileged;
    this.containers = containers;
    this.facts = facts;
    this.thread = Thread.ofPlatform().daemon().name(request.name()).unstarted(this::run);
  }

  /** Lets it go. */
  public void begin() {
    thread.start();
  }

  @Override
  public CompletableFuture<Built> built() {
    return built;
  }

  private void run() {
    Optional<Built> result = Optional.empty();
    Throwable problem = new CancellationException("the build was cancelled");
    try {
      result = Optional.of(build());
    } catch (IOException | RuntimeException | InterruptedException | Error e) {
      if (!cancelled.isDone()) {
        problem = e;
      }
    }
    facts.accept(
        new Fact.BuildEnded(
            Instant.now(),
            request.name(),
            result.flatMap(Built::reference),
            result.map(Built::manifest)));
    if (result.isPresent()) {
      built.complete(result.get());
    } else {
      built.completeExceptionally(problem);
    }
  }

  private Built build() throws IOException, InterruptedException {
    Dockerfile dockerfile = read();
    List<Stage> needed = needed(dockerfile);
    try (var _ = images.hold();
        Workplace place =
            new Workplace(
                request, dockerfile, ignored(), images, privileged, containers, facts, cancelled)) {
      facts.accept(
          new Fact.BuildBegan(
              Instant.now(),
              request.name(),
              dockerfile.file(),
              needed.stream().map(Stage::name).toList(),
              warnings(dockerfile)));
      try {
        for (Stage stage : needed) {
          place.built(stage.index(), new StageBuild(place, stage).run());
        }
      } finally {
        place.cache().keepNotes();
      }
      Image image = place.built(needed.getLast()).orElseThrow().keep(request.reference());
      return new Built(request.reference(), image.manifest().toString());
    }
  }

  private Dockerfile read() throws IOException {
    if (!Files.isDirectory(request.context())) {
      throw new IllegalArgumentException(request.context() + ": there is no such folder");
    }
    Path file = request.file();
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          file + ": there is no such file; name the Dockerfile with --file");
    }
    return Dockerfile.parse(nameOf(file), Files.readString(file));
  }

  private static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  /** A file of its own beside the Dockerfile, else the context's. */
  private PathPatterns ignored() throws IOException {
    for (Path file :
        List.of(
            request.file().resolveSibling(nameOf(request.file()) + ".dockerignore"),
            request.context().resolve(".dockerignore"))) {
      if (Files.isRegularFile(file)) {
        return PathPatterns.of(nameOf(file), Files.readAllLines(file));
      }
    }
    return PathPatterns.NONE;
  }

  private List<String> warnings(Dockerfile dockerfile) {
    List<String> warnings = new ArrayList<>();
    dockerfile
        .warnings()
        .forEach(warning ->
            warnings.add(dockerfile.file() + ":" + warning.at() + ": " + warning.text()));
    TreeSet<String> declared = new TreeSet<>();
    List<Instruction> all = new ArrayList<>(dockerfile.global());
    dockerfile.stages().forEach(stage -> all.addAll(stage.instructions()));
    for (Instruction instruction : all) {
      if (instruction instanceof Instruction.Arg arg) {
        arg.arguments().forEach(argument -> declared.add(argument.name().text()));
      }
    }
    for (String name : Arguments.superfluous(request.arguments(), declared)) {
      warnings.add(
          "build argument %s: no ARG asks for it%s"
              .formatted(
                  name,
                  Nearest.to(name, declared)
                      .map(near -> " (did you mean " + near + "?)")
                      .orElse("")));
    }
    return warnings;
  }

  /** The stage that is wanted and those that it needs, in the order of the file. */
  private List<Stage> needed(Dockerfile dockerfile) {
    Stage wanted = dockerfile.stages().getLast();
    if (request.target().isPresent()) {
      String target = request.target().get();
      wanted =
          dockerfile
              .stageBefore(dockerfile.stages().size(), target)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "stage \"%s\": %s has none of that name; it has %s"
                          .formatted(
                              target,
                              dockerfile.file(),
                              String.join(
                                  ", ", dockerfile.stages().stream().map(Stage::name).toList()))));
    }
    TreeSet<Integer> indexes = new TreeSet<>();
    need(dockerfile, wanted, indexes);
    return indexes.stream().map(index -> dockerfile.stages().get(index)).toList();
  }

  private void need(Dockerfile dockerfile, Stage stage, Set<Integer> indexes) {
    if (!indexes.add(stage.index())) {
      return;
    }
    Arguments arguments = new Arguments(dockerfile, request.arguments());
    String base = new Substitution(dockerfile, arguments.ofFrom()).of(stage.from().image());
    dockerfile
        .stageBefore(stage.index(), base)
        .ifPresent(other -> need(dockerfile, other, indexes));
    for (Instruction instruction : stage.instructions()) {
      if (instruction instanceof Instruction.Copy copy && copy.from().isPresent()) {
        dockerfile
            .stageBefore(stage.index(), copy.from().get().text())
            .ifPresent(other -> need(dockerfile, other, indexes));
      }
    }
  }

  @Override
  public void cancel() {
    cancelled.completeExceptionally(new CancellationException("the build was cancelled"));
  }

  @Override
  public void close() {
    cancel();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
