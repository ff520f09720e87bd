package dev.terrarium.app.cli;

import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.PlayerState;
import dev.terrarium.lessons.play.PlayerState.Verdict;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lesson as a program reads it: one JSON object on a line for each thing that happens. */
final class LessonJson implements LessonScreen {
  private final Lesson lesson;
  private final String language;
  private final PrintWriter out;

  LessonJson(Lesson lesson, String language, PrintWriter out) {
    this.lesson = lesson;
    this.language = language;
    this.out = out;
  }

  @Override
  public void ready(PlayerState state) {
    Map<String, Object> line = line("ready", state);
    line.put("title", lesson.prose(language, state.step()).title());
    line.put("options", lesson.prose(language, state.step()).options());
    print(line);
  }

  @Override
  public void ran(PlayerState state) {
    Map<String, Object> line = line("ran", state);
    Verdict verdict = state.verdicts().get(state.step());
    if (verdict != null) {
      line.put("verdict", verdict);
    }
    evidence(line, state);
    print(line);
  }

  @Override
  public void yourTurn(PlayerState state) {
    print(line("your-turn", state));
  }

  @Override
  public void answered(String output) {
    print(new LinkedHashMap<>(Map.of("event", "answered", "output", output)));
  }

  @Override
  public void hint(PlayerState state, int number) {
    List<String> hints = lesson.prose(language, state.step()).hints();
    Map<String, Object> line = line("hint", state);
    line.put("hint", number < hints.size() ? hints.get(number) : "");
    print(line);
  }

  @Override
  public void holds(PlayerState state) {
    Map<String, Object> line = line("holds", state);
    evidence(line, state);
    print(line);
  }

  @Override
  public void failed(PlayerState state) {
    Map<String, Object> line = line("failed", state);
    line.put("failure", state.failure().orElse(""));
    print(line);
  }

  @Override
  public void rebuilding(PlayerState state) {
    print(line("rebuilding", state));
  }

  @Override
  public void finished(PlayerState state) {
    Map<String, Object> line = line("finished", state);
    line.put("right", state.verdicts().values().stream().filter(Verdict::right).count());
    line.put("predictions", state.verdicts().size());
    print(line);
  }

  @Override
  public void note(String key, Object... arguments) {
    // A program needs no prompts.
  }

  private void evidence(Map<String, Object> line, PlayerState state) {
    line.put("values", state.values());
    state.moments().reversed().stream()
        .filter(moment -> moment.step() == state.step())
        .findFirst()
        .ifPresent(moment -> {
          moment.containerPid().ifPresent(pid -> line.put("containerPid", pid));
          line.put("calls", moment.calls().stream().map(Trace.Entry::of).toList());
          line.put("heard", moment.heard().stream().map(Trace.HeardEntry::of).toList());
        });
  }

  private Map<String, Object> line(String event, PlayerState state) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("lesson", lesson.id());
    line.put("step", state.step() + 1);
    line.put("id", lesson.steps().get(state.step()).id());
    return line;
  }

  private void print(Map<String, Object> line) {
    Json.line(out, line);
  }
}
