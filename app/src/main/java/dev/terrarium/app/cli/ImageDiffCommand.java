package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.compare.Comparison;
import dev.terrarium.engine.compare.Side;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.TreeDiff;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What one tree has otherwise than another. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What the second has that the first has not (A), has otherwise (C) and has no more (D). Each"
          + " is IMAGE, IMAGE#2 for an image up to its second layer, or container:NAME."
    })
final class ImageDiffCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "A")
  private String first = "";

  @Parameters(paramLabel = "B")
  private String second = "";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "How that one file differs, line by line.")
  private @Nullable String path;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  ImageDiffCommand(Streams streams) {
    this.streams = streams;
  }

  /** One path that differs. */
  record Line(String change, String path, long beforeBytes, long afterBytes) {
    static Line of(TreeDiff.Change change) {
      return new Line(
          change.kind().name().substring(0, 1),
          "/" + change.path().shown(),
          change.before(),
          change.after());
    }
  }

  @Override
  public Integer call() throws IOException {
    Overlay overlay = Overlay.of(Rights.current().privileged());
    StoreAccess.withStore(store -> {
      try (Side before = Side.of(first, store, overlay);
          Side after = Side.of(second, store, overlay)) {
        Comparison comparison = new Comparison(before, after);
        if (path == null) {
          print(comparison.paths().stream().map(Line::of).toList());
        } else {
          print(comparison.content(RawPath.of(path)));
        }
      }
    });
    return ExitCodes.OK;
  }

  private void print(List<Line> lines) {
    if (json) {
      Json.print(streams.out(), lines);
    } else {
      lines.forEach(line -> streams.out().println(line.change() + " " + line.path()));
    }
  }

  private void print(Comparison.Content content) {
    if (json) {
      Json.print(streams.out(), content);
      return;
    }
    switch (content) {
      case Comparison.Content.Same _ -> streams.say("/" + path + " is the same in both");
      case Comparison.Content.Text(List<String> unified) ->
          unified.stream()
              .flatMap(String::lines)
              .forEach(line -> streams.out().println(harmless(line)));
      case Comparison.Content.Other(String before, String after) -> {
        streams.out().println("A " + before);
        streams.out().println("B " + after);
      }
    }
  }

  /** A file of an image must not be able to command the terminal; a tab is a tab. */
  private static String harmless(String line) {
    return Arrays.stream(line.split("\t", -1))
        .map(VisibleText::of)
        .collect(Collectors.joining("\t"));
  }
}
