package dev.terrarium.app.cli;

import dev.terrarium.assets.Messages;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonStep;
import dev.terrarium.lessons.format.Placeholders;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.play.PlayerState;
import dev.terrarium.lessons.play.PlayerState.Moment;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lesson as a person reads it in a terminal. */
final class LessonText implements LessonScreen {
  private final Lesson lesson;
  private final Messages messages;
  private final PrintWriter out;
  private final boolean attended;

  /**
   * A screen.
   *
   * @param attended whether somebody is there to be asked
   */
  LessonText(Lesson lesson, Messages messages, PrintWriter out, boolean attended) {
    this.attended = attended;
    this.lesson = lesson;
    this.messages = messages;
    this.out = out;
  }

  @Override
  public void ready(PlayerState state) {
    StepProse prose = prose(state);
    heading(
        messages.text("terminal.step", state.step() + 1, lesson.steps().size())
            + "  "
            + PlainProse.line(prose.title(), state.values()));
    paragraph(prose.before(), state.values());
    Optional<String> question = prose.question().filter(any -> !prose.options().isEmpty());
    if (question.isEmpty()) {
      ask("terminal.run");
      return;
    }
    out.println(PlainProse.of(question.get(), state.values()));
    for (int i = 0; i < prose.options().size(); i++) {
      out.println("  " + (i + 1) + ") " + PlainProse.line(prose.options().get(i), state.values()));
    }
    out.println();
    ask("terminal.choose", prose.options().size());
  }

  @Override
  public void ran(PlayerState state) {
    StepProse prose = prose(state);
    Verdict verdict = state.verdicts().get(state.step());
    if (verdict != null) {
      out.println(verdict(prose, verdict, state.values()));
      out.println();
    }
    if (state.phase() == PlayerState.Phase.DONE) {
      paragraph(prose.after(), state.values());
    }
    moment(state).ifPresent(moment -> evidence(moment, state.values()));
    if (state.phase() == PlayerState.Phase.DONE) {
      prompt(state);
    }
  }

  @Override
  public void yourTurn(PlayerState state) {
    prose(state).yourTurn().ifPresent(text -> paragraph(text, state.values()));
    ask("terminal.yourTurn");
  }

  @Override
  public void answered(String output) {
    say(output);
  }

  @Override
  public void hint(PlayerState state, int number) {
    List<String> hints = prose(state).hints();
    if (number >= hints.size()) {
      note("terminal.noHint");
    } else {
      note("terminal.hint", PlainProse.line(hints.get(number), state.values()));
    }
  }

  @Override
  public void holds(PlayerState state) {
    out.println(messages.text("terminal.holds"));
    out.println();
    paragraph(prose(state).after(), state.values());
    moment(state).ifPresent(moment -> evidence(moment, state.values()));
    prompt(state);
  }

  @Override
  public void failed(PlayerState state) {
    note("terminal.failed", state.failure().orElse("?"));
    ask("terminal.again");
  }

  @Override
  public void rebuilding(PlayerState state) {
    note("terminal.rebuilding");
  }

  @Override
  public void finished(PlayerState state) {
    long right = state.verdicts().values().stream().filter(Verdict::right).count();
    note("terminal.score", right, state.verdicts().size());
    note("terminal.finished");
  }

  @Override
  public void note(String key, Object... arguments) {
    say(messages.text(key, arguments));
  }

  private void ask(String key, Object... arguments) {
    if (attended) {
      note(key, arguments);
    } else {
      out.flush();
    }
  }

  private void prompt(PlayerState state) {
    boolean last = state.step() == lesson.steps().size() - 1;
    ask(last ? "terminal.finish" : "terminal.next");
  }

  /** What the host looked like after the step, and the calls that made it so. */
  private void evidence(Moment moment, Map<String, String> values) {
    List<String> sides =
        switch (lesson.steps().get(moment.step()).view()) {
          case FILES -> LayerTable.of(moment.belongings().layers());
          case PROCESSES, LIMITS -> processes(moment);
        };
    if (!sides.isEmpty()) {
      sides.forEach(out::println);
      out.println();
    }
    if (!moment.calls().isEmpty()) {
      out.println(messages.text("terminal.calls"));
      for (SyscallEvent call : moment.calls()) {
        out.println("  " + Trace.line(call));
      }
      out.println();
    }
    LessonStep step = lesson.steps().get(moment.step());
    if (!step.byHand().isEmpty()) {
      out.println(messages.text("terminal.byHand"));
      step.byHand().forEach(line -> out.println("  " + Placeholders.fill(line, values)));
      out.println();
    }
  }

  private List<String> processes(Moment moment) {
    return moment.containerPid().isEmpty()
        ? List.of()
        : TwoTables.of(
            moment.after(),
            moment.containerPid().getAsInt(),
            messages.text("terminal.host"),
            messages.text("terminal.container"));
  }

  private String verdict(StepProse prose, Verdict verdict, Map<String, String> values) {
    if (verdict.right()) {
      return messages.text("terminal.right", option(prose, verdict.chosen(), values));
    }
    String kernel = verdict.correct().map(c -> option(prose, c, values)).orElse(verdict.observed());
    return messages.text("terminal.wrong", option(prose, verdict.chosen(), values), kernel);
  }

  private static String option(StepProse prose, int number, Map<String, String> values) {
    return number < prose.options().size()
        ? PlainProse.line(prose.options().get(number), values)
        : Integer.toString(number + 1);
  }

  private static Optional<Moment> moment(PlayerState state) {
    return state.moments().reversed().stream()
        .filter(moment -> moment.step() == state.step())
        .findFirst();
  }

  private StepProse prose(PlayerState state) {
    return lesson.prose(messages.language().code(), state.step());
  }

  private void heading(String text) {
    out.println();
    out.println(text);
    out.println("─".repeat(TextWidth.of(text)));
  }

  private void paragraph(String markdown, Map<String, String> values) {
    if (!markdown.isBlank()) {
      out.println(PlainProse.of(markdown, values));
      out.println();
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
