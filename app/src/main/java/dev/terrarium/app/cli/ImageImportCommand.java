package dev.terrarium.app.cli;

import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.image.Platform;
import dev.terrarium.engine.tar.TarLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an image in. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Take in an image: an OCI layout (folder or tar), what docker save writes, or a root file"
          + " system (folder or tar); compressed or not."
    })
final class ImageImportCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "FILE|DIR", description = "Where it is.")
  private Path from = Path.of("");

  @Option(
      names = {"-t", "--name"},
      paramLabel = "NAME",
      description = "What it is called here. Default: its own name, or the file's.")
  private @Nullable String name;

  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "Which of several images that the archive holds.")
  private @Nullable String wanted;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Which of several platforms. Default: this host's.")
  private @Nullable String platform;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description = "The most that a layer may unpack to, such as 20g. Default: 64g.")
  private @Nullable String most;

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description = "The most members that a layer may have. Default: 2000000.")
  private long entries = TarLimits.USUAL.entries();

  ImageImportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ImageStore.Import how =
        new ImageStore.Import(
            Optional.ofNullable(name),
            Optional.ofNullable(wanted),
            platform == null ? Platform.host() : platform,
            limits());
    StoreAccess.withStore(store -> {
      ImageStore.Imported imported;
      try (ProgressLine progress = new ProgressLine(streams)) {
        imported = store.take(from, how, progress);
      }
      imported
          .compromises()
          .forEach((what, count) -> streams.say("terrarium image import: " + count + " × " + what));
      String made = imported.image().config().platform();
      if (platform == null && !(made + "/").startsWith(Platform.host() + "/")) {
        streams.say(
            "terrarium image import: it is for %s; programs of it do not run here, on %s"
                .formatted(made, Platform.host()));
      }
      streams.out().println(imported.image().reference());
    });
    return ExitCodes.OK;
  }

  private TarLimits limits() {
    TarLimits usual = TarLimits.USUAL;
    long bytes = most == null ? usual.bytes() : Sizes.parse("--max-bytes", most);
    if (entries < 1) {
      throw Failure.usage("--max-entries is a positive number");
    }
    return new TarLimits(entries, bytes, usual.name(), usual.header());
  }
}
