package dev.terrarium.lessons.format;

import dev.terrarium.lessons.format.ProseMarkdown.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one language's prose and holds it against the steps: every step has all its parts, in
 * order, and nothing else stands there. That makes two languages that both pass equal in shape.
 */
final class ProseReader {

  private static final String PREDICT = "predict";
  private static final String AFTER = "after";
  private static final String YOUR_TURN = "your-turn";
  private static final String HINTS = "hints";

  /** The words of a lesson in one language. */
  record Words(String title, Map<String, StepProse> steps) {}

  private final String file;
  private final List<LessonStep> steps;
  private final Problems problems;
  private final KnownValues knownValues = new KnownValues();

  private ProseReader(String file, List<LessonStep> steps, Problems problems) {
    this.file = file;
    this.steps = steps;
    this.problems = problems;
  }

  static Words read(String file, String markdown, List<LessonStep> steps, Problems problems) {
    return new ProseReader(file, steps, problems).words(ProseMarkdown.sections(markdown));
  }

  private Words words(List<Section> sections) {
    String title = title(sections);
    Map<String, List<Section>> byStep = byStep(sections);
    Set<String> expected = new LinkedHashSet<>();
    steps.forEach(step -> expected.add(step.id()));
    byStep.forEach((id, parts) -> {
      if (!expected.contains(id)) {
        problem(
            parts.getFirst(),
            "lesson.json has no step \"" + id + "\"; " + Problems.didYouMean(id, expected));
      }
    });
    List<String> order = byStep.keySet().stream().filter(expected::contains).toList();
    List<String> rightOrder = expected.stream().filter(byStep::containsKey).toList();
    for (int i = 0; i < order.size(); i++) {
      if (!order.get(i).equals(rightOrder.get(i))) {
        problem(
            byStep.getOrDefault(order.get(i), List.of()).getFirst(),
            "step \""
                + order.get(i)
                + "\" stands where lesson.json has \""
                + rightOrder.get(i)
                + "\"");
        break;
      }
    }
    Map<String, StepProse> prose = new HashMap<>();
    for (LessonStep step : steps) {
      KnownValues.Known known = knownValues.next(step);
      List<Section> parts = byStep.get(step.id());
      if (parts == null) {
        problems.add(
            file, 1, "the step \"" + step.id() + "\" has no heading \"## … {#" + step.id() + "}\"");
      } else {
        prose.put(step.id(), step(step, parts, known));
      }
    }
    return new Words(title, prose);
  }

  private String title(List<Section> sections) {
    if (sections.isEmpty() || sections.getFirst().level() != 1) {
      problems.add(file, 1, "the first line must be the lesson's title: # Title");
      return "";
    }
    Section first = sections.getFirst();
    if (!first.body().isEmpty()) {
      problem(first, "text under the title belongs to a step: ## Title {#step-id}");
    }
    return first.title();
  }

  /** Each step's heading followed by the headings of its parts, by step id, in the file's order. */
  private Map<String, List<Section>> byStep(List<Section> sections) {
    Map<String, List<Section>> byStep = new LinkedHashMap<>();
    List<Section> parts = new ArrayList<>();
    for (Section section : sections.subList(Math.min(1, sections.size()), sections.size())) {
      if (section.level() == 2 && section.id().isPresent()) {
        parts = new ArrayList<>();
        parts.add(section);
        if (byStep.put(section.id().get(), parts) != null) {
          problem(section, "two headings have the id {#" + section.id().get() + "}");
        }
      } else if (section.level() == 3 && section.id().isPresent() && !parts.isEmpty()) {
        parts.add(section);
      } else {
        problem(
            section,
            "a heading must be \"## Title {#step-id}\" or, below one, \"### Title {#part}\"");
      }
    }
    return byStep;
  }

  private StepProse step(LessonStep step, List<Section> sections, KnownValues.Known known) {
    Section heading = sections.getFirst();
    Map<String, Section> parts = parts(step, sections);
    if (heading.body().isEmpty()) {
      problem(heading, "step \"" + step.id() + "\" tells nothing before it runs");
    }
    Optional<Section> predict = Optional.ofNullable(parts.get(PREDICT));
    Optional<Section> hints = Optional.ofNullable(parts.get(HINTS));
    predict.ifPresent(section -> fits(section, step));
    hints.ifPresent(section -> onlyList(section, "hints"));

    values(heading, heading.title() + heading.body(), known.before());
    predict.ifPresent(section -> values(section, section.title() + section.body(), known.before()));
    part(parts, YOUR_TURN).ifPresent(section -> values(section, section.body(), known.acted()));
    hints.ifPresent(section -> values(section, section.body(), known.acted()));
    part(parts, AFTER).ifPresent(section -> values(section, section.body(), known.after()));

    return new StepProse(
        heading.title(),
        heading.body(),
        part(parts, AFTER).map(Section::body).orElse(""),
        predict.map(Section::title),
        predict.map(Section::items).orElse(List.of()),
        part(parts, YOUR_TURN).map(Section::body),
        hints.map(Section::items).orElse(List.of()));
  }

  private Map<String, Section> parts(LessonStep step, List<Section> sections) {
    Set<String> expected = new LinkedHashSet<>();
    step.prediction().ifPresent(ignored -> expected.add(PREDICT));
    step.yourTurn()
        .ifPresent(ignored -> {
          expected.add(YOUR_TURN);
          expected.add(HINTS);
        });
    expected.add(AFTER);
    Map<String, Section> parts = new HashMap<>();
    for (Section section : sections.subList(1, sections.size())) {
      String id = section.id().orElse("");
      if (!expected.contains(id)) {
        problem(
            section,
            "step \""
                + step.id()
                + "\" has no part {#"
                + id
                + "}; "
                + Problems.didYouMean(id, expected));
      } else if (parts.put(id, section) != null) {
        problem(section, "step \"" + step.id() + "\" has two parts {#" + id + "}");
      }
    }
    for (String id : expected) {
      Section section = parts.get(id);
      if (section == null) {
        problem(
            sections.getFirst(),
            "step \"" + step.id() + "\" needs the part \"### … {#" + id + "}\"");
      } else if (section.body().isEmpty()) {
        problem(section, "the part {#" + id + "} of step \"" + step.id() + "\" is empty");
      }
    }
    return parts;
  }

  private void fits(Section section, LessonStep step) {
    int expected = step.prediction().map(p -> p.options().size()).orElse(0);
    onlyList(section, "options");
    if (section.onlyList() && section.items().size() != expected) {
      problem(
          section,
          "step \""
              + step.id()
              + "\" has "
              + expected
              + " options in lesson.json but "
              + section.items().size()
              + " here");
    }
  }

  private void onlyList(Section section, String what) {
    if (!section.onlyList()) {
      problem(section, "the " + what + " must be one list and nothing else");
    }
  }

  private void values(Section section, String text, Set<String> known) {
    for (String name : Placeholders.names(text)) {
      if (!known.contains(name)) {
        problem(
            section,
            "{{"
                + name
                + "}} is not known here; "
                + (known.isEmpty() ? "nothing is yet" : Problems.didYouMean(name, known)));
      }
    }
  }

  private static Optional<Section> part(Map<String, Section> parts, String id) {
    return Optional.ofNullable(parts.get(id));
  }

  private void problem(Section section, String message) {
    problems.add(file, section.line(), message);
  }
}
