package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.layer.ImageTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the layers of an image do. */
@Command(
    name = "layers",
    mixinStandardHelpOptions = true,
    description = {
      "What each layer stores, by how much the visible tree grows with it, and what is stored and"
          + " never seen."
    })
final class ImageLayersCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "IMAGE")
  private String reference = "";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  ImageLayersCommand(Streams streams) {
    this.streams = streams;
  }

  /** What one layer does, base first. */
  record LayerLine(
      int number,
      String diffId,
      String createdBy,
      long storedBytes,
      long contributionBytes,
      long totalBytes,
      int added,
      int changed,
      int removed) {}

  /** What an image's layers do. */
  record LayerReport(
      String name, List<LayerLine> layers, long wastedBytes, List<WasteLine> waste) {}

  /** Content that is stored and never seen. */
  record WasteLine(String path, long bytes, int layer, int hiddenBy) {}

  @Override
  public Integer call() throws IOException {
    StoreAccess.withStore(store -> {
      Image image = store.image(reference);
      LayerReport report = report(image, ImageTree.of(store.entries(image)));
      if (json) {
        Json.print(streams.out(), report);
      } else {
        print(report);
      }
    });
    return ExitCodes.OK;
  }

  private static LayerReport report(Image image, ImageTree tree) {
    List<LayerLine> lines = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Image.Layer layer = image.layers().get(i);
      ImageTree.Share share = tree.shares().get(i);
      lines.add(
          new LayerLine(
              i + 1,
              layer.diffId().toString(),
              layer.createdBy(),
              share.stored(),
              share.contribution(),
              share.total(),
              share.added(),
              share.changed(),
              share.removed()));
    }
    List<WasteLine> waste =
        tree.waste().stream()
            .sorted((a, b) -> Long.compare(b.bytes(), a.bytes()))
            .map(lost ->
                new WasteLine(
                    lost.path().shown(), lost.bytes(), lost.layer() + 1, lost.hiddenBy() + 1))
            .toList();
    return new LayerReport(image.reference(), lines, tree.wastedBytes(), waste);
  }

  private void print(LayerReport report) {
    streams
        .out()
        .println("LAYER     STORED  CONTRIBUTION      TOTAL   ADDED CHANGED REMOVED  CREATED BY");
    for (LayerLine line : report.layers()) {
      streams
          .out()
          .printf(
              Locale.ROOT,
              "%5d  %9s  %12s  %9s  %6d %7d %7d  %s%n",
              line.number(),
              Sizes.of(line.storedBytes()),
              Sizes.signed(line.contributionBytes()),
              Sizes.of(line.totalBytes()),
              line.added(),
              line.changed(),
              line.removed(),
              VisibleText.of(line.createdBy(), 60));
    }
    if (report.waste().isEmpty()) {
      return;
    }
    streams.out().printf("%nstored and never seen: %s%n", Sizes.of(report.wastedBytes()));
    report.waste().stream()
        .limit(20)
        .forEach(lost ->
            streams
                .out()
                .printf(
                    Locale.ROOT,
                    "  %9s  %s (stored by layer %d, hidden by layer %d)%n",
                    Sizes.of(lost.bytes()),
                    lost.path(),
                    lost.layer(),
                    lost.hiddenBy()));
    if (report.waste().size() > 20) {
      streams.out().printf("  ... and %d more; --json lists all%n", report.waste().size() - 20);
    }
  }
}
