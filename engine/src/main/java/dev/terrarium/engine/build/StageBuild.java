package dev.terrarium.engine.build;

import dev.terrarium.engine.dockerfile.Command;
import dev.terrarium.engine.dockerfile.Dockerfile;
import dev.terrarium.engine.dockerfile.DockerfileException;
import dev.terrarium.engine.dockerfile.Heredoc;
import dev.terrarium.engine.dockerfile.Instruction;
import dev.terrarium.engine.dockerfile.PathPatterns;
import dev.terrarium.engine.dockerfile.Stage;
import dev.terrarium.engine.dockerfile.Substitution;
import dev.terrarium.engine.dockerfile.Word;
import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.image.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Builds one stage: what it has so far, and each instruction's way to have more. Confined to the
 * build's thread.
 */
final class StageBuild {
  private final Workplace place;
  private final Stage stage;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final List<Instruction> instructions = new ArrayList<>();

  private Optional<Image> image = Optional.empty();
  private ImageConfig config = ImageConfig.empty(Platform.architecture());
  private String base = "scratch";
  private boolean ownCmd;

  /** The last one that made a layer anew, in this stage or in one that it begins with. */
  private Optional<BuildStep> ran = Optional.empty();

  // Of the instruction that is being carried out.
  private BuildStep step;
  private final Set<String> consulted = new TreeSet<>();

  StageBuild(Workplace place, Stage stage) {
    this.place = place;
    this.stage = stage;
    this.step = step(1, stage.from());
  }

  private BuildStep step(int number, Instruction instruction) {
    var source = instruction.source();
    return new BuildStep(
        stage.name(),
        number,
        1 + instructions.size(),
        place.dockerfile().file(),
        source.at().line(),
        source.lastLine(),
        source.text());
  }

  /** What it has so far. */
  Optional<Image> image() {
    return image;
  }

  /** Builds all of it. */
  StageBuild run() throws IOException, InterruptedException {
    begin();
    int number = 1;
    for (Instruction instruction : instructions) {
      number++;
      step = step(number, instruction);
      place.begin(step);
      consulted.clear();
      place.explained(step, instruction.source().at(), image, () -> perform(instruction));
    }
    return this;
  }

  /** FROM, and what it brings along. */
  private void begin() throws IOException, InterruptedException {
    place.explained(
        step,
        stage.from().image().at(),
        image,
        () -> {
          try {
            takeBase();
          } finally {
            // Only now it is known how many instructions there are.
            step = step(1, stage.from());
            place.begin(step);
          }
          place.done(step, Optional.empty());
        });
  }

  private void takeBase() throws IOException {
    instructions.addAll(stage.instructions());
    Substitution words = new Substitution(place.dockerfile(), place.arguments().ofFrom());
    checkPlatform(words);
    base = words.of(stage.from().image());
    Optional<StageBuild> other =
        place.dockerfile().stageBefore(stage.index(), base).flatMap(place::built);
    if (other.isPresent()) {
      image = other.get().image;
      config = other.get().config;
      ran = other.get().ran;
    } else if (base.equals("scratch")) {
      config = config.with("Env", List.of(Settings.USUAL_PATH));
    } else {
      image = Optional.of(place.images().image(base));
      config = image.get().config();
    }
    // What ONBUILD kept in the base image is carried out here, once, before all else.
    List<Instruction> triggers =
        config.list("OnBuild").stream()
            .map(trigger -> Dockerfile.trigger("ONBUILD of " + base, trigger))
            .toList();
    config = config.without("OnBuild");
    instructions.addAll(0, triggers);
  }

  private void checkPlatform(Substitution words) {
    if (stage.from().platform().isPresent()) {
      Word word = stage.from().platform().get();
      String platform = words.of(word);
      if (!platform.equals(Platform.host()) && !platform.isEmpty()) {
        throw place
            .dockerfile()
            .wrong(
                word.at(),
                "platform %s: this host runs %s and nothing else"
                    .formatted(platform, Platform.host()));
      }
    }
  }

  // Words.

  /** Variables of the environment hide build arguments of the same name. */
  private Optional<String> variable(String name) {
    consulted.add(name);
    return environment(name).or(() -> Optional.ofNullable(arguments.get(name)));
  }

  private Optional<String> environment(String name) {
    return config.env().stream()
        .filter(variable -> variable.startsWith(name + "="))
        .map(variable -> variable.substring(name.length() + 1))
        .findFirst();
  }

  private Substitution words() {
    return new Substitution(place.dockerfile(), this::variable);
  }

  private String workdir() {
    return config.workdir().isEmpty() ? "/" : config.workdir();
  }

  // Instructions.

  private void perform(Instruction instruction) throws IOException, InterruptedException {
    Settings settings = new Settings(config, words());
    switch (instruction) {
      case Instruction.From from ->
          throw place.dockerfile().wrong(from.source().at(), "FROM begins a stage");
      case Instruction.Run run -> run(run);
      case Instruction.Copy copy -> copy(copy);
      case Instruction.Workdir folder -> workdir(folder);
      case Instruction.Arg arg -> arg(arg);
      case Instruction.Env env -> configure(settings.env(env));
      case Instruction.Label label -> configure(settings.label(label));
      case Instruction.User user -> configure(settings.user(user));
      case Instruction.Expose expose -> configure(settings.expose(expose));
      case Instruction.Volume volume -> configure(settings.volume(volume));
      case Instruction.Cmd cmd -> {
        configure(settings.cmd(cmd));
        ownCmd = true;
      }
      case Instruction.Entrypoint entrypoint -> configure(settings.entrypoint(entrypoint, ownCmd));
      case Instruction.Shell shell -> configure(settings.shell(shell));
      case Instruction.Healthcheck check -> configure(settings.healthcheck(check));
      case Instruction.StopSignal stop -> configure(settings.stopSignal(stop));
      case Instruction.OnBuild onBuild -> configure(settings.onBuild(onBuild));
      case Instruction.Maintainer maintainer -> configure(settings.maintainer(maintainer));
    }
  }

  /** One that changes no file. */
  private void configure(Settings.Change change) throws IOException {
    Inputs inputs = inputs(new LinkedHashMap<>(), Map.of());
    Optional<BuildCache.Result> known = place.recall(step, inputs, ran, base);
    BuildCache.Result result =
        known.orElseGet(() -> new BuildCache.Result(place.now(), Optional.empty()));
    if (known.isEmpty()) {
      place.cache().put(inputs, result);
    }
    config = change.config().withHistory(result.created(), change.meaning(), step.place());
    place.done(step, Optional.empty());
  }

  private void arg(Instruction.Arg arg) throws IOException {
    List<String> meaning = new ArrayList<>();
    for (Instruction.Declaration declared : arg.arguments()) {
      String name = declared.name().text();
      Optional<String> value = place.arguments().declare(declared, words());
      // Declared again without a value, it keeps the one it has.
      value.ifPresent(is -> arguments.put(name, is));
      consulted.add(name);
      meaning.add(name + value.map(is -> "=" + is).orElse(""));
    }
    configure(new Settings.Change(config, "ARG " + String.join(" ", meaning)));
  }

  /**
   * Its line, the layers below, the variables that were asked for, and what else is given.
   *
   * @param others by name, as {@link Inputs} spells it
   */
  private Inputs inputs(Map<String, String> others, Map<String, String> files) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(Inputs.LINE, step.text());
    values.put(
        Inputs.BELOW,
        image
            .filter(below -> !below.layers().isEmpty())
            .map(below -> below.layers().getLast().chainId().toString())
            .orElse("scratch"));
    for (String name : consulted) {
      Optional<String> set = environment(name);
      set.ifPresent(value -> values.put(Inputs.SETTING + name, value));
      if (set.isEmpty() && arguments.containsKey(name)) {
        values.put(Inputs.ARGUMENT + name, arguments.get(name));
      }
    }
    values.putAll(others);
    return new Inputs(values, files);
  }

  /** Takes a layer that was made before, or makes it. */
  private void layer(Inputs inputs, String meaning, Workplace.Maker maker)
      throws IOException, InterruptedException {
    Optional<BuildCache.Result> known = place.recall(step, inputs, ran, base);
    BuildCache.Result result;
    if (known.isPresent()) {
      result = known.get();
    } else {
      Optional<ImageStore.Packed> made = maker.make();
      result = new BuildCache.Result(place.now(), made);
      place.cache().put(inputs, result);
    }
    if (result.layer().isEmpty()) {
      config = config.withHistory(result.created(), meaning, step.place());
      place.done(step, Optional.empty());
      return;
    }
    image = Optional.of(place.put(image, config, result, meaning, step.place()));
    config = image.get().config();
    if (known.isEmpty()) {
      ran = Optional.of(step);
    }
    place.done(step, image);
  }

  // RUN.

  private void run(Instruction.Run run) throws IOException, InterruptedException {
    if (image.filter(below -> !below.layers().isEmpty()).isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing in the image yet that could run: COPY a program first");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    arguments.forEach((name, value) -> {
      if (environment(name).isEmpty()) {
        variables.put(name, value);
      }
    });
    Map<String, String> others = new LinkedHashMap<>();
    variables.forEach((name, value) -> others.put(Inputs.ARGUMENT + name, value));
    for (String variable : config.env()) {
      int equals = variable.indexOf('=');
      others.put(Inputs.SETTING + variable.substring(0, equals), variable.substring(equals + 1));
    }
    others.put(Inputs.SETTING + "WORKDIR", workdir());
    others.put(Inputs.SETTING + "USER", config.user());
    others.put(Inputs.SETTING + "SHELL", String.join(" ", Settings.shell(config)));
    others.put(Inputs.SETTING + "the network", place.network(run).toString());
    String heredocs =
        run.heredocs().stream()
            .map(heredoc -> heredoc.text() + heredoc.name() + "\n")
            .collect(Collectors.joining());
    others.put(Inputs.SETTING + "the heredoc", heredocs);
    Script script = script(run, heredocs);
    String given =
        variables.isEmpty()
            ? ""
            : "|"
                + variables.size()
                + " "
                + variables.entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .collect(Collectors.joining(" "))
                + " ";
    variables.putAll(place.arguments().proxies());
    layer(
        inputs(others, Map.of()),
        "RUN " + given + script.shown(),
        () ->
            Optional.of(
                new RunStep(place, step, image.orElseThrow(), config)
                    .run(script.argv(), script.input(), variables, place.network(run))));
  }

  /**
   * What RUN runs.
   *
   * @param input what it reads
   */
  private record Script(List<String> argv, String input) {
    String shown() {
      return String.join(" ", argv) + (input.isEmpty() ? "" : "\n" + input);
    }
  }

  /**
   * A heredoc alone is the script itself, for the shell or for the program that its first line
   * names; one among other words is theirs.
   */
  private Script script(Instruction.Run run, String heredocs) {
    List<String> shell = Settings.shell(config);
    if (run.command() instanceof Command.ShellForm(String text) && !run.heredocs().isEmpty()) {
      Heredoc only = run.heredocs().getFirst();
      boolean alone = run.heredocs().size() == 1 && text.strip().matches("<<-?\\S+");
      if (alone && only.content().startsWith("#!")) {
        String line = only.content().lines().findFirst().orElseThrow().substring(2).strip();
        List<String> argv = new ArrayList<>(List.of(line.split("\\s+", 2)));
        argv.add("/dev/stdin");
        return new Script(argv, only.content());
      }
      String script = alone ? only.content() : text + "\n" + heredocs;
      return new Script(new Command.ShellForm(script).argv(shell), "");
    }
    return new Script(run.command().argv(shell), "");
  }

  // COPY, ADD, WORKDIR.

  private void copy(Instruction.Copy copy) throws IOException, InterruptedException {
    Substitution words = words();
    Optional<String> fromName = copy.from().map(words::of);
    List<String> sources = copy.sources().stream().map(words::of).toList();
    String target = Settings.workdir(workdir(), words.of(copy.target()));
    String written = words.of(copy.target());
    boolean folder = written.endsWith("/") || written.endsWith("/.") || written.equals(".");
    long made = place.now().getEpochSecond();
    try (LayeredTree into = LayeredTree.of(place.images(), image)) {
      Copying copying = new Copying(into);
      Optional<Copying.Owner> owner = copy.owner().map(word -> place.owner(into, words.of(word)));
      Optional<Integer> mode = copy.mode().map(word -> mode(word, words));
      var excluded = place.excluded(copy, words);
      Map<String, String> others = new LinkedHashMap<>();
      Tree from = fromName.isPresent() ? place.tree(stage, copy, fromName.get()) : place.context();
      for (int i = 0; i < sources.size(); i++) {
        Word word = copy.sources().get(i);
        int before = copying.size();
        checkLocal(copy, word, sources.get(i));
        String source = sources.get(i);
        place.at(word.at(), () -> copying.add(from, source, excluded));
        others.put(
            Inputs.FILES + sources.get(i) + fromName.map(name -> " of " + name).orElse(""),
            copying.digestFrom(before));
      }
      InlineTree inline = new InlineTree(made);
      for (Heredoc heredoc : copy.heredocs()) {
        String content =
            heredoc.expands() ? words.ofText(heredoc.content(), heredoc.at()) : heredoc.content();
        int before = copying.size();
        inline.put(RawPath.of(heredoc.name()), content);
        copying.add(inline, heredoc.name(), PathPatterns.NONE);
        others.put(Inputs.FILES + "<<" + heredoc.name(), copying.digestFrom(before));
      }
      others.put(Inputs.SETTING + "WORKDIR", written.startsWith("/") ? "" : workdir());
      others.put(Inputs.SETTING + "the owner", owner.map(Copying.Owner::toString).orElse(""));
      others.put(
          Inputs.SETTING + "SOURCE_DATE_EPOCH",
          place.epoch().map(seconds -> Long.toString(seconds)).orElse(""));
      String meaning =
          copy.source().keyword()
              + " "
              + String.join(" ", sources)
              + copy.heredocs().stream()
                  .map(doc -> " <<" + doc.name())
                  .collect(Collectors.joining())
              + " "
              + target
              + fromName.map(name -> " from " + name).orElse("");
      layer(
          inputs(others, copying.digests()),
          meaning,
          () -> {
            copying.placeAt(folder ? target + "/" : target, copy.unpacks());
            Copying.Manner manner =
                new Copying.Manner(owner, mode, copy.unpacks(), made, place.epoch());
            return Optional.of(place.images().pack(archive -> copying.write(archive, manner)));
          });
    }
  }

  private void checkLocal(Instruction.Copy copy, Word word, String source) {
    if (copy.unpacks() && source.matches("(https?|git|ssh)://.*|git@.*")) {
      throw place
          .dockerfile()
          .wrong(word.at(), "nothing is fetched from a network here: put it into the context");
    }
  }

  private int mode(Word word, Substitution words) {
    String mode = words.of(word);
    if (!mode.matches("[0-7]{1,5}")) {
      throw place.dockerfile().wrong(word.at(), "mode \"%s\": octal, such as 0755".formatted(mode));
    }
    return Integer.parseInt(mode, 8) & 07777;
  }

  /** The folder is made if the image does not have it. */
  private void workdir(Instruction.Workdir instruction) throws IOException, InterruptedException {
    String folder = Settings.workdir(workdir(), words().of(instruction.folder()));
    ImageConfig before = config;
    config = config.with("WorkingDir", folder);
    Inputs inputs =
        inputs(
            new LinkedHashMap<>(
                Map.of(Inputs.SETTING + "WORKDIR", folder, Inputs.SETTING + "USER", before.user())),
            Map.of());
    layer(
        inputs,
        "WORKDIR " + folder,
        () -> {
          try (LayeredTree into = LayeredTree.of(place.images(), image)) {
            Copying copying = new Copying(into);
            copying.makeWay(into.follow(RawPath.of(folder)));
            if (copying.placesNothing()) {
              return Optional.empty();
            }
            Copying.Manner manner =
                new Copying.Manner(
                    before.user().isEmpty()
                        ? Optional.empty()
                        : Optional.of(place.owner(into, before.user())),
                    Optional.empty(),
                    false,
                    place.now().getEpochSecond(),
                    place.epoch());
            return Optional.of(place.images().pack(archive -> copying.write(archive, manner)));
          }
        });
  }

  /** The image with all that was said of it, under a name or none. */
  Image keep(Optional<String> reference) throws IOException {
    return place.images().keep(image, config, reference);
  }

  /** Whose message names a place already. */
  static boolean isPlaced(Throwable problem) {
    return problem instanceof DockerfileException || problem instanceof BuildException;
  }
}
