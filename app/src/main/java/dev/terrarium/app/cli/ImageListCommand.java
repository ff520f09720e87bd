package dev.terrarium.app.cli;

import dev.terrarium.engine.image.Image;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The images that are there. */
@Command(name = "ls", mixinStandardHelpOptions = true, description = "List the images.")
final class ImageListCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  ImageListCommand(Streams streams) {
    this.streams = streams;
  }

  /** One line of the list. */
  record Entry(
      String name, String digest, String platform, String created, int layers, long storedBytes) {
    static Entry of(Image image) {
      return new Entry(
          image.reference(),
          image.manifest().toString(),
          image.config().platform(),
          image.config().created(),
          image.layers().size(),
          image.storedBytes());
    }
  }

  @Override
  public Integer call() throws IOException {
    StoreAccess.withStore(store -> {
      List<Entry> entries = store.images().stream().map(Entry::of).toList();
      if (json) {
        Json.print(streams.out(), entries);
        return;
      }
      line("NAME", "DIGEST", "PLATFORM", "LAYERS", "STORED");
      for (Entry entry : entries) {
        line(
            entry.name(),
            entry.digest().substring(7, 19),
            entry.platform(),
            Integer.toString(entry.layers()),
            Sizes.of(entry.storedBytes()));
      }
    });
    return ExitCodes.OK;
  }

  private void line(String name, String digest, String platform, String layers, String stored) {
    streams
        .out()
        .printf(
            Locale.ROOT,
            "%s  %-12s  %-14s  %6s  %9s%n",
            TextWidth.fit(name, 32),
            digest,
            platform,
            layers,
            stored);
  }
}
