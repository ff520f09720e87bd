package dev.terrarium.engine.dockerfile;

import dev.terrarium.engine.dockerfile.Instruction.Declaration;
import dev.terrarium.engine.dockerfile.Instruction.From;
import dev.terrarium.engine.dockerfile.Instruction.Pair;
import dev.terrarium.engine.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a text to instructions; a method for each. */
final class DockerfileParser {
  private static final List<String> KEYWORDS =
      List.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  private static final Pattern HEREDOC = Pattern.compile("\\d*<<(-?)([^<]+)");
  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String file;
  private final Lines lines;
  private final List<Dockerfile.Warning> warnings = new ArrayList<>();
  private final List<Instruction.Arg> global = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();

  // Of the stage that is being read.
  private @Nullable From from;
  private final List<Instruction> body = new ArrayList<>();

  DockerfileParser(String file, String text) {
    this.file = file;
    this.lines = new Lines(file, text);
  }

  Dockerfile parse() {
    for (Optional<LogicalLine> line = lines.next(); line.isPresent(); line = lines.next()) {
      put(instruction(line.get()));
    }
    if (from == null) {
      throw wrong(new Position(1, 1), "no FROM: a Dockerfile begins with FROM IMAGE");
    }
    stages.add(new Stage(stages.size(), from, body));
    return new Dockerfile(file, lines.directives(), lines.escape(), global, stages, warnings);
  }

  private void put(Instruction instruction) {
    if (instruction instanceof From next) {
      if (from != null) {
        stages.add(new Stage(stages.size(), from, body));
      }
      from = next;
      body.clear();
    } else if (from != null) {
      body.add(instruction);
    } else if (instruction instanceof Instruction.Arg arg) {
      global.add(arg);
    } else {
      throw wrong(
          instruction.source().at(),
          "%s before the first FROM: a Dockerfile begins with FROM; only ARG may stand before it"
              .formatted(instruction.source().keyword()));
    }
  }

  Instruction trigger() {
    return instruction(
        lines.next().orElseThrow(() -> wrong(new Position(1, 1), "ONBUILD keeps no instruction")));
  }

  private DockerfileException wrong(Position at, String problem) {
    return new DockerfileException(file, at, problem);
  }

  private Instruction instruction(LogicalLine line) {
    Words words = new Words(line, lines.escape(), 0);
    Word keyword = words.plain();
    String name = keyword.text().toUpperCase(Locale.ROOT);
    if (!KEYWORDS.contains(name)) {
      throw wrong(
          keyword.at(),
          "unknown instruction \"%s\"%s"
              .formatted(
                  keyword.text(),
                  Nearest.to(name, KEYWORDS)
                      .map(near -> " (did you mean " + near + "?)")
                      .orElse("; there are " + String.join(", ", KEYWORDS))));
    }
    Options options = new Options(name, words);
    if (words.atEnd()) {
      throw wrong(keyword.at(), name + " needs something after it: " + example(name));
    }
    Instruction instruction =
        switch (name) {
          case "ADD", "COPY" -> copy(line, words, options, name.equals("ADD"));
          case "ARG" -> arg(line, words);
          case "CMD" -> new Instruction.Cmd(source(line), command(words));
          case "ENTRYPOINT" -> new Instruction.Entrypoint(source(line), command(words));
          case "ENV" -> new Instruction.Env(source(line), pairs(words, name));
          case "EXPOSE" -> new Instruction.Expose(source(line), words.allPlain());
          case "FROM" -> from(line, words, options);
          case "HEALTHCHECK" -> healthcheck(line, words, options);
          case "LABEL" -> new Instruction.Label(source(line), pairs(words, name));
          case "MAINTAINER" -> maintainer(line, words);
          case "ONBUILD" -> onBuild(line, words);
          case "RUN" -> run(line, words, options);
          case "SHELL" -> shell(line, words);
          case "STOPSIGNAL" -> new Instruction.StopSignal(source(line), words.rest());
          case "USER" -> new Instruction.User(source(line), words.rest());
          case "VOLUME" -> new Instruction.Volume(source(line), folders(words));
          default -> new Instruction.Workdir(source(line), words.rest());
        };
    options.refuseOthers();
    return instruction;
  }

  private Source source(LogicalLine line) {
    return new Source(line.text().strip(), line.at(0), lines.number());
  }

  private static String example(String keyword) {
    return switch (keyword) {
      case "ADD", "COPY" -> keyword + " SOURCE... TARGET";
      case "ARG" -> "ARG NAME[=DEFAULT]";
      case "ENV", "LABEL" -> keyword + " NAME=VALUE...";
      case "EXPOSE" -> "EXPOSE PORT[/tcp|/udp]...";
      case "FROM" -> "FROM IMAGE [AS NAME]";
      case "HEALTHCHECK" -> "HEALTHCHECK [OPTIONS] CMD COMMAND, or HEALTHCHECK NONE";
      case "MAINTAINER" -> "MAINTAINER NAME";
      case "ONBUILD" -> "ONBUILD INSTRUCTION";
      case "SHELL" -> "SHELL [\"PROGRAM\", \"ARGUMENT\"]";
      case "STOPSIGNAL" -> "STOPSIGNAL SIGTERM";
      case "USER" -> "USER NAME[:GROUP]";
      case "VOLUME", "WORKDIR" -> keyword + " /FOLDER";
      default -> keyword + " COMMAND, or " + keyword + " [\"PROGRAM\", \"ARGUMENT\"]";
    };
  }

  /** {@code --name=value} before an instruction's own words. */
  private final class Options {
    private final String keyword;
    private final Map<String, List<Word>> given = new TreeMap<>();
    private final Map<String, Position> places = new TreeMap<>();
    private final List<String> known = new ArrayList<>();

    Options(String keyword, Words words) {
      this.keyword = keyword;
      for (Optional<Word> option = words.option(); option.isPresent(); option = words.option()) {
        Word word = option.get();
        int equals = word.text().indexOf('=');
        String name = equals < 0 ? word.text() : word.text().substring(0, equals);
        Position at = word.at();
        Word value =
            equals < 0
                ? new Word("", at)
                : new Word(
                    word.text().substring(equals + 1),
                    new Position(at.line(), at.column() + equals + 1));
        places.putIfAbsent(name, at);
        given.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      }
    }

    Optional<Word> one(String name) {
      List<Word> values = all(name);
      if (values.size() > 1) {
        throw wrong(values.get(1).at(), name + " is given twice");
      }
      if (!values.isEmpty() && values.getFirst().text().isEmpty()) {
        throw wrong(values.getFirst().at(), "%s needs a value: %s=...".formatted(name, name));
      }
      return values.stream().findFirst();
    }

    List<Word> all(String name) {
      known.add(name);
      return given.getOrDefault(name, List.of());
    }

    /** What the instruction has not asked for, it does not know. */
    void refuseOthers() {
      for (Map.Entry<String, Position> place : places.entrySet()) {
        if (!known.contains(place.getKey())) {
          throw wrong(
              place.getValue(),
              "%s knows no option %s%s"
                  .formatted(
                      keyword,
                      place.getKey(),
                      Nearest.to(place.getKey(), known)
                          .map(near -> " (did you mean " + near + "?)")
                          .orElse(
                              known.isEmpty() ? "" : "; it knows " + String.join(", ", known))));
        }
      }
    }
  }

  // Instructions.

  private Instruction from(LogicalLine line, Words words, Options options) {
    List<Word> all = words.allPlain();
    boolean named = all.size() == 3 && all.get(1).text().equalsIgnoreCase("AS");
    if (all.size() != 1 && !named) {
      throw wrong(all.get(1).at(), "FROM takes an image, and perhaps AS NAME");
    }
    Optional<String> name = Optional.empty();
    if (named) {
      Word word = all.get(2);
      name = Optional.of(word.text().toLowerCase(Locale.ROOT));
      if (!STAGE_NAME.matcher(name.get()).matches()) {
        throw wrong(
            word.at(),
            "stage name \"%s\": a letter, then letters, digits, dots, dashes and underscores"
                .formatted(word.text()));
      }
    }
    return new From(source(line), all.getFirst(), options.one("--platform"), name);
  }

  private Instruction run(LogicalLine line, Words words, Options options) {
    Optional<Word> network = options.one("--network");
    boolean exec = json(words.ahead()).isPresent();
    List<Heredoc> heredocs = exec ? List.of() : heredocs(line, words.ahead());
    return new Instruction.Run(source(line), command(words), heredocs, network);
  }

  private Instruction copy(LogicalLine line, Words words, Options options, boolean unpacks) {
    final Optional<Word> from = unpacks ? Optional.empty() : options.one("--from");
    final Optional<Word> owner = options.one("--chown");
    final Optional<Word> mode = options.one("--chmod");
    final List<Word> excluded = options.all("--exclude");
    // It changes how layers are cached elsewhere, and nothing in them.
    var _ = options.all("--link");
    Position start = words.here();
    Optional<List<String>> array = json(words.ahead());
    List<Word> all;
    if (array.isPresent()) {
      all = array.get().stream().map(text -> new Word(text, start)).toList();
    } else {
      all = words.allPlain();
    }
    if (all.size() < 2) {
      throw wrong(
          start,
          (unpacks ? "ADD" : "COPY")
              + " takes one or more sources and a target: one word is missing");
    }
    List<Heredoc> heredocs = new ArrayList<>();
    List<Word> sources = new ArrayList<>();
    for (Word word : all.subList(0, all.size() - 1)) {
      Optional<Heredoc> heredoc = array.isPresent() ? Optional.empty() : heredoc(word);
      heredoc.ifPresentOrElse(heredocs::add, () -> sources.add(word));
    }
    if (!heredocs.isEmpty() && from.isPresent()) {
      throw wrong(from.get().at(), "a heredoc comes from nowhere else: leave --from out");
    }
    return new Instruction.Copy(
        source(line), unpacks, sources, heredocs, all.getLast(), from, owner, mode, excluded);
  }

  private Instruction arg(LogicalLine line, Words words) {
    List<Declaration> arguments = new ArrayList<>();
    for (Word word : words.allQuoted()) {
      int equals = word.text().indexOf('=');
      Word name = equals < 0 ? word : part(word, 0, equals);
      checkName(name, "build argument");
      arguments.add(
          new Declaration(
              name,
              equals < 0
                  ? Optional.empty()
                  : Optional.of(part(word, equals + 1, word.text().length()))));
    }
    return new Instruction.Arg(source(line), arguments);
  }

  private void checkName(Word name, String what) {
    if (!VARIABLE.matcher(name.text()).matches()) {
      throw wrong(
          name.at(),
          "%s \"%s\": a letter or underscore, then letters, digits and underscores"
              .formatted(what, name.text()));
    }
  }

  private static Word part(Word word, int from, int to) {
    return new Word(
        word.text().substring(from, to), new Position(word.at().line(), word.at().column() + from));
  }

  /** {@code NAME=VALUE...}, or the old form for one: {@code NAME VALUE}. */
  private List<Pair> pairs(Words words, String keyword) {
    String ahead = words.ahead();
    Word first = words.quoted();
    if (first.text().indexOf('=') < 0) {
      if (words.atEnd()) {
        throw wrong(first.at(), "%s %s: =VALUE is missing".formatted(keyword, ahead));
      }
      return List.of(new Pair(first, words.rest()));
    }
    List<Word> all = new ArrayList<>(List.of(first));
    all.addAll(words.allQuoted());
    List<Pair> pairs = new ArrayList<>();
    for (Word word : all) {
      int equals = word.text().indexOf('=');
      if (equals < 1) {
        throw wrong(
            word.at(),
            "\"%s\" is not NAME=VALUE; a value with blanks needs quotes".formatted(word.text()));
      }
      pairs.add(new Pair(part(word, 0, equals), part(word, equals + 1, word.text().length())));
    }
    return pairs;
  }

  private List<Word> folders(Words words) {
    Position start = words.here();
    return json(words.ahead())
        .map(array -> array.stream().map(text -> new Word(text, start)).toList())
        .orElseGet(words::allPlain);
  }

  private Instruction shell(LogicalLine line, Words words) {
    List<String> argv =
        json(words.ahead())
            .filter(array -> !array.isEmpty())
            .orElseThrow(
                () -> wrong(words.here(), "SHELL takes a JSON array: SHELL [\"/bin/sh\", \"-c\"]"));
    return new Instruction.Shell(source(line), argv);
  }

  private Instruction maintainer(LogicalLine line, Words words) {
    warnings.add(
        new Dockerfile.Warning(
            line.at(0), "MAINTAINER is out of use: LABEL org.opencontainers.image.authors=..."));
    return new Instruction.Maintainer(source(line), words.rest().text());
  }

  private Instruction onBuild(LogicalLine line, Words words) {
    Position at = words.here();
    Word trigger = words.rest();
    String keyword = trigger.text().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
    if (keyword.equals("ONBUILD") || keyword.equals("FROM") || keyword.equals("MAINTAINER")) {
      throw wrong(at, keyword + " cannot be kept for later by ONBUILD");
    }
    // It is kept as text; what is wrong with it is said now.
    LogicalLine kept = new LogicalLine();
    kept.add(trigger.text(), at.line(), at.column());
    int before = lines.number();
    Instruction parsed = instruction(kept);
    boolean heredoc = lines.number() > before;
    if (heredoc) {
      throw wrong(at, "ONBUILD keeps one line: a heredoc cannot be part of it");
    }
    return new Instruction.OnBuild(source(line), parsed.source().text());
  }

  private Instruction healthcheck(LogicalLine line, Words words, Options options) {
    Word kind = words.plain();
    if (kind.text().equalsIgnoreCase("NONE") && words.atEnd()) {
      return new Instruction.Healthcheck(source(line), Optional.empty());
    }
    if (!kind.text().equalsIgnoreCase("CMD") || words.atEnd()) {
      throw wrong(kind.at(), "HEALTHCHECK takes CMD COMMAND, or NONE");
    }
    Optional<Word> retries = options.one("--retries");
    return new Instruction.Healthcheck(
        source(line),
        Optional.of(
            new Instruction.Probe(
                command(words),
                options.one("--interval").map(this::duration),
                options.one("--timeout").map(this::duration),
                options.one("--start-period").map(this::duration),
                options.one("--start-interval").map(this::duration),
                retries.isEmpty() ? OptionalInt.empty() : OptionalInt.of(count(retries.get())))));
  }

  private Duration duration(Word word) {
    return GoDuration.parse(word.text())
        .orElseThrow(() ->
            wrong(word.at(), "\"%s\" is no duration: such as 30s, 1m30s".formatted(word.text())));
  }

  private int count(Word word) {
    if (!word.text().matches("\\d{1,6}")) {
      throw wrong(word.at(), "\"%s\" is no number".formatted(word.text()));
    }
    return Integer.parseInt(word.text());
  }

  // Commands and heredocs.

  private Command command(Words words) {
    Position at = words.here();
    Word rest = words.rest();
    Optional<List<String>> array = json(rest.text());
    if (array.isPresent()) {
      if (array.get().isEmpty()) {
        throw wrong(at, "an empty array names no program");
      }
      return new Command.ExecForm(array.get());
    }
    if (rest.text().matches("\\[\\s*['\"].*")) {
      warnings.add(
          new Dockerfile.Warning(
              at, "not a JSON array, so the shell gets it as it is: use double quotes"));
    }
    return new Command.ShellForm(rest.text());
  }

  private static Optional<List<String>> json(String text) {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode array = JSON.readTree(text);
      List<String> strings = new ArrayList<>();
      for (JsonNode item : array) {
        if (!item.isString()) {
          return Optional.empty();
        }
        strings.add(item.asString());
      }
      return array.isArray() ? Optional.of(strings) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private List<Heredoc> heredocs(LogicalLine line, String shell) {
    Words words = new Words(line, lines.escape(), line.text().length() - shell.length());
    List<Heredoc> heredocs = new ArrayList<>();
    for (Word word : words.allQuoted()) {
      heredoc(word).ifPresent(heredocs::add);
    }
    return heredocs;
  }

  private Optional<Heredoc> heredoc(Word word) {
    Matcher matcher = HEREDOC.matcher(word.text());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String written = matcher.group(2);
    String name = written.replaceAll("[\"'\\\\]", "");
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            lines.heredoc(name, name.equals(written), !matcher.group(1).isEmpty(), word.at()));
  }
}
