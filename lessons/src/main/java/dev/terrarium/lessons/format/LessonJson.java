package dev.terrarium.lessons.format;

import dev.terrarium.lessons.format.ExpressionText.Wants;
import dev.terrarium.lessons.format.Located.Members;
import dev.terrarium.lessons.format.Located.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Reads lesson.json strictly: an unknown key is an error that names the right one. */
final class LessonJson {

  static final String FILE = "lesson.json";

  /** The parts of the course, in order. */
  static final List<String> PARTS = List.of("eyes", "limits", "files", "together", "own");

  private static final Set<String> LESSON_KEYS = ordered("$schema", "order", "part", "steps");
  private static final Set<String> STEP_KEYS =
      ordered("id", "view", "do", "predict", "your-turn", "by-hand");
  private static final Set<String> ACTIONS =
      ordered(
          "start",
          "ask",
          "type",
          "mount-proc",
          "signal",
          "await",
          "keep",
          "limit",
          "pause",
          "resume",
          "stop");
  private static final String ID = "[a-z0-9]+(-[a-z0-9]+)*";
  private static final String NAME = "[a-z][A-Za-z0-9]*";

  /** What lesson.json alone says; the prose comes from elsewhere. */
  record Outline(
      int order, String part, List<LessonStep> steps, List<ExpressionText> expressions) {}

  private final String file;
  private final Problems problems;
  private final List<ExpressionText> expressions = new ArrayList<>();
  private final Set<String> kept = new LinkedHashSet<>();
  private final StartFields starts;
  private String step = "";

  /** A step that names no view keeps the one before. */
  private View view = View.PROCESSES;

  private LessonJson(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
    this.starts = new StartFields(file, problems);
  }

  static Outline read(String file, String json, Problems problems) throws LessonFormatException {
    return new LessonJson(file, problems).lesson(Located.parse(file, json));
  }

  private Outline lesson(Located root) {
    Fields fields = Fields.of(file, "a lesson", root, LESSON_KEYS, problems);
    int order = fields.whole("order");
    String part = fields.word("part", ordered(PARTS.toArray(String[]::new)), "own");
    fields.require("steps");
    List<LessonStep> steps = new ArrayList<>();
    Set<String> ids = new TreeSet<>();
    for (Located item : fields.items("steps")) {
      LessonStep read = step(item);
      if (!read.id().isEmpty() && !ids.add(read.id())) {
        problems.add(file, item.line(), "two steps are called \"" + read.id() + "\"");
      }
      steps.add(read);
    }
    if (fields.has("steps") && steps.isEmpty()) {
      problems.add(file, fields.line("steps"), "a lesson needs at least one step");
    }
    return new Outline(order, part, steps, expressions);
  }

  private LessonStep step(Located value) {
    Fields fields = Fields.of(file, "a step", value, STEP_KEYS, problems);
    step = fields.text("id");
    if (!step.isEmpty() && !step.matches(ID)) {
      problems.add(
          file,
          fields.line("id"),
          "the id \""
              + step
              + "\" must be small letters, digits and dashes, such as \"first-look\"");
    }
    view = View.of(fields.word("view", View.words(), view.word()));
    List<Action> actions = new ArrayList<>();
    for (Located item : fields.items("do")) {
      actions.addAll(action(item));
    }
    Optional<Prediction> prediction = fields.get("predict").map(this::prediction);
    Optional<YourTurn> yourTurn = fields.get("your-turn").map(this::yourTurn);
    List<String> byHand = fields.texts("by-hand").stream().map(this::command).toList();
    if (!step.isEmpty() && actions.isEmpty() && yourTurn.isEmpty()) {
      problems.add(
          file,
          fields.line(),
          "step \"" + step + "\" does nothing; it needs \"do\" or \"your-turn\"");
    }
    return new LessonStep(step, view, actions, prediction, yourTurn, byHand);
  }

  private String command(Text text) {
    known(text.value(), text.line());
    return text.value();
  }

  /** A line for a terminal; live values in it must be known when it is typed. */
  private String typed(Fields fields, String key) {
    String line = fields.text(key);
    known(line, fields.line(key));
    return line;
  }

  private void known(String text, int line) {
    for (String name : Placeholders.names(text)) {
      if (!kept.contains(name) && !KnownValues.BUILT_IN.contains(name)) {
        problems.add(
            file, line, "{{" + name + "}} is not known here; nothing has been kept as that");
      }
    }
  }

  private Prediction prediction(Located value) {
    Fields fields = Fields.of(file, "\"predict\"", value, ordered("observe", "options"), problems);
    String observe = expression(fields, "predict.", "observe", Wants.TEXT);
    fields.require("options");
    List<Text> options = fields.texts("options");
    if (fields.has("options") && options.size() < 2) {
      problems.add(file, fields.line("options"), "\"options\" must be at least two expressions");
    }
    for (int i = 0; i < options.size(); i++) {
      note("predict.options[" + i + "]", Wants.TEXT, options.get(i).value(), options.get(i).line());
    }
    return new Prediction(observe, options.stream().map(Text::value).toList());
  }

  private YourTurn yourTurn(Located value) {
    Fields fields =
        Fields.of(file, "\"your-turn\"", value, ordered("check", "solution", "keep"), problems);
    String check = expression(fields, "your-turn.", "check", Wants.TRUTH);
    String solution = typed(fields, "solution");
    List<Action.Keep> keep =
        fields.get("keep").map(names -> keep("your-turn.keep.", names)).orElse(List.of());
    return new YourTurn(check, solution, keep);
  }

  private List<? extends Action> action(Located value) {
    Fields action = Fields.of(file, "an action", value, ACTIONS, problems);
    if (action.keys().size() != 1) {
      if (value instanceof Members) {
        problems.add(
            file,
            value.line(),
            "an action is an object with one key, one of: " + String.join(", ", ACTIONS));
      }
      return List.of();
    }
    String verb = action.keys().iterator().next();
    Located body = action.require(verb);
    return switch (verb) {
      case "start" -> one(body, verb, StartFields.KEYS, (fields, at) -> starts.start(fields));
      case "ask" -> one(body, verb, ordered("line", "keep"), this::ask);
      case "type" ->
          one(body, verb, ordered("line"), (fields, at) -> new Action.Type(typed(fields, "line")));
      case "mount-proc" -> one(body, verb, ordered("at"), this::mountProc);
      case "signal" -> one(body, verb, ordered("pid", "signal"), this::signal);
      case "await" ->
          one(
              body,
              verb,
              ordered("until"),
              (fields, at) -> new Action.Await(expression(fields, at, "until", Wants.TRUTH)));
      case "keep" -> keep("do.keep.", body);
      case "limit" ->
          one(
              body,
              verb,
              StartFields.LIMITS,
              (fields, at) -> new Action.Limit(starts.limits(fields)));
      case "pause" -> one(body, verb, Set.of(), (fields, at) -> new Action.Pause());
      case "resume" -> one(body, verb, Set.of(), (fields, at) -> new Action.Resume());
      case "stop" -> one(body, verb, Set.of(), (fields, at) -> new Action.Stop());
      default -> List.of();
    };
  }

  private List<Action> one(
      Located body, String verb, Set<String> keys, BiFunction<Fields, String, Action> read) {
    Fields fields = Fields.of(file, "\"" + verb + "\"", body, keys, problems);
    return List.of(read.apply(fields, "do." + verb + "."));
  }

  private Action ask(Fields fields, String at) {
    String line = typed(fields, "line");
    Optional<String> name = fields.optionalText("keep");
    name.ifPresent(found -> remember(found, fields.line("keep")));
    return new Action.Ask(line, name);
  }

  private Action mountProc(Fields fields, String at) {
    String path = fields.optionalText("at").orElse("/proc");
    if (!path.startsWith("/")) {
      problems.add(file, fields.line("at"), "\"at\" must be an absolute path, such as \"/proc\"");
    }
    return new Action.MountProc(path);
  }

  private Action signal(Fields fields, String at) {
    String pid = expression(fields, at, "pid", Wants.NUMBER);
    return new Action.Signal(pid, fields.word("signal", SignalName.all(), "TERM"));
  }

  /** An object of names, each with the expression for its value. */
  private List<Action.Keep> keep(String at, Located body) {
    if (!(body instanceof Members members)) {
      problems.add(file, body.line(), "\"keep\" must be an object { \"name\": \"expression\", … }");
      return List.of();
    }
    List<Action.Keep> all = new ArrayList<>();
    for (Map.Entry<String, Located> entry : members.entries().entrySet()) {
      String name = entry.getKey();
      if (entry.getValue() instanceof Text text) {
        note(at + name, Wants.TEXT, text.value(), text.line());
        all.add(new Action.Keep(name, text.value()));
      } else {
        problems.add(
            file, entry.getValue().line(), "\"" + name + "\" must be an expression, as a text");
      }
      remember(name, entry.getValue().line());
    }
    return all;
  }

  private void remember(String name, int line) {
    if (!name.matches(NAME)) {
      problems.add(
          file,
          line,
          "the name \"" + name + "\" must be a letter, then letters and digits, such as \"child\"");
    } else if (KnownValues.BUILT_IN.contains(name)) {
      problems.add(file, line, "the name \"" + name + "\" is taken: every lesson has it");
    } else if (!kept.add(name)) {
      problems.add(file, line, "\"" + name + "\" is kept twice; a name keeps one value");
    }
  }

  private String expression(Fields fields, String at, String key, Wants wants) {
    String text = fields.text(key);
    if (!text.isEmpty()) {
      note(at + key, wants, text, fields.line(key));
    }
    return text;
  }

  private void note(String place, Wants wants, String text, int line) {
    expressions.add(new ExpressionText(step, place, wants, text, file, line, kept));
  }

  private static Set<String> ordered(String... words) {
    return new LinkedHashSet<>(Arrays.asList(words));
  }
}
