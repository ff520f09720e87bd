package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.fact.BuildLayer;
import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.json.RecordJson;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Shows a build while it goes on. */
final class BuildProgress implements Consumer<Fact> {
  /** How it is shown. */
  enum Form {
    PLAIN,
    JSON
  }

  private static final int WIDEST = 2000;

  private final Streams streams;
  private final Form form;

  /** What was printed of a line that is not at its end yet, by where to. */
  private final Map<Boolean, String> begun = new TreeMap<>();

  /** Loaded by those who ask for it, and by no other. */
  private static final class Mapper {
    static final JsonMapper JSON = RecordJson.mapper(new SimpleModule("progress"));
  }

  BuildProgress(Streams streams, Form form) {
    this.streams = streams;
    this.form = form;
  }

  @Override
  public void accept(Fact fact) {
    if (fact instanceof Fact.OfBuild told) {
      synchronized (this) {
        switch (form) {
          case PLAIN -> show(told);
          case JSON -> {
            streams.out().println(Mapper.JSON.writerFor(Fact.class).writeValueAsString(told));
            streams.out().flush();
          }
        }
      }
    }
  }

  private void show(Fact.OfBuild fact) {
    switch (fact) {
      case Fact.BuildBegan began ->
          began.warnings().forEach(warning -> streams.say("warning: " + VisibleText.of(warning)));
      case Fact.InstructionBegan began -> streams.say(head(began.step()));
      case Fact.InstructionCached cached -> streams.say("  cached");
      case Fact.InstructionRuns runs ->
          streams.say("  runs because " + VisibleText.of(runs.why().sentence(), WIDEST));
      case Fact.InstructionPrinted printed -> print(printed.error(), printed.text());
      case Fact.InstructionDone done -> {
        endLines();
        done.layer().ifPresent(layer -> streams.say("  " + layer(layer)));
      }
      case Fact.InstructionFailed failed -> {
        endLines();
        failed
            .usable()
            .ifPresent(image ->
                streams.say(
                    "  failed; the layers before it are an image: ./terrarium run %s -- sh"
                        .formatted(image)));
      }
      case Fact.BuildEnded ended ->
          ended.manifest().ifPresent(digest -> streams.say("image " + digest));
    }
  }

  private static String head(BuildStep step) {
    return "[%s %d/%d] %s"
        .formatted(step.stage(), step.number(), step.total(), VisibleText.of(step.text(), WIDEST));
  }

  private static String layer(BuildLayer layer) {
    return "layer %s stores %s, the image %s: %d added, %d changed, %d removed"
        .formatted(
            layer.diffId().substring("sha256:".length(), "sha256:".length() + 12),
            Sizes.of(layer.share().stored()),
            Sizes.signed(layer.share().contribution()),
            layer.share().added(),
            layer.share().changed(),
            layer.share().removed());
  }

  private void print(boolean error, String text) {
    String all = begun.getOrDefault(error, "") + text;
    int end = all.lastIndexOf('\n') + 1;
    all.substring(0, end).lines().forEach(this::line);
    begun.put(error, all.substring(end));
    if (all.length() - end > WIDEST) {
      endLines();
    }
  }

  private void endLines() {
    begun.values().stream().filter(rest -> !rest.isEmpty()).forEach(this::line);
    begun.clear();
  }

  private void line(String line) {
    streams.say("  | " + VisibleText.of(line, WIDEST));
  }
}
