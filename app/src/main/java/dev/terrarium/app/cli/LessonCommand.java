package dev.terrarium.app.cli;

import dev.terrarium.assets.Language;
import dev.terrarium.assets.Messages;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.text.Nearest;
import dev.terrarium.lessons.Course;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.play.FactHub;
import dev.terrarium.lessons.play.LessonPlayer;
import dev.terrarium.lessons.play.LivePlayer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A lesson in the terminal. */
@Command(
    name = "lesson",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Play a lesson here, on this host. A number and Enter answers a prediction, Enter goes on;"
          + " :hint, :back and :quit do what they say; at your turn, lines go to the container's"
          + " shell."
    })
final class LessonCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "Which, as ./terrarium lessons lists it. Default: the first.")
  private @Nullable String id;

  @Option(
      names = "--auto",
      description = "Play by itself: take each first option, type the solution, go on.")
  private boolean auto;

  @Mixin private LanguageOption language = new LanguageOption();

  @Option(names = "--json", description = "One JSON object a line for each thing that happens.")
  private boolean json;

  LessonCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Language chosen = language.chosen();
    Lesson lesson = find(Course.load().lessons());
    LessonScreen screen =
        json
            ? new LessonJson(lesson, chosen.code(), streams.out())
            : new LessonText(lesson, new Messages(chosen), streams.out(), !auto);
    FactHub facts = new FactHub();
    try (Engine engine = Engine.open(StateFolder.standard().path(), facts);
        LessonPlayer player = LivePlayer.open(engine, facts, lesson)) {
      return new LessonSession(player, screen, auto).play(streams.in());
    }
  }

  private Lesson find(List<Lesson> lessons) {
    if (id == null) {
      return lessons.getFirst();
    }
    String wanted = id;
    List<String> known = lessons.stream().map(Lesson::id).toList();
    return lessons.stream()
        .filter(lesson -> lesson.id().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            Failure.of(
                "there is no lesson '%s'%s; ./terrarium lessons lists them"
                    .formatted(
                        wanted,
                        Nearest.to(wanted, known)
                            .map(near -> " (did you mean '" + near + "'?)")
                            .orElse(""))));
  }
}
