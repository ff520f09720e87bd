package dev.terrarium.app.cli;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.image.Platform;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.TreeDiff;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.tar.TarLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The images of this host: what is there, what is in it, in and out. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "List, import, export, look into and remove images.")
final class ImageCommand implements Runnable {
  private final Streams streams;

  @Spec private @Nullable CommandSpec spec;

  ImageCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "a command is missing: ls, import, export, layers, diff, rm or prune");
    }
  }

  private interface Work {
    void with(ImageStore store) throws IOException;
  }

  /** What is unfinished lies in a run's folder, which is cleared up however this ends. */
  private static void withStore(Work work) throws IOException {
    StateFolder state = StateFolder.standard();
    Leftovers.sweep(state);
    try (Run run = Run.begin(state)) {
      work.with(
          new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged()));
    }
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

  @Command(name = "ls", mixinStandardHelpOptions = true, description = "List the images.")
  int ls(@Option(names = "--json", description = "As JSON.") boolean json) throws IOException {
    withStore(store -> {
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

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Take in an image: an OCI layout (folder or tar), what docker save writes, or a root file"
            + " system (folder or tar); compressed or not."
      })
  int take(
      @Parameters(paramLabel = "FILE|DIR", description = "Where it is.") Path from,
      @Option(
              names = {"-t", "--name"},
              paramLabel = "NAME",
              description = "What it is called here. Default: its own name, or the file's.")
          @Nullable String name,
      @Option(
              names = "--image",
              paramLabel = "NAME",
              description = "Which of several images that the archive holds.")
          @Nullable String wanted,
      @Option(
              names = "--platform",
              paramLabel = "OS/ARCH",
              description = "Which of several platforms. Default: this host's.")
          @Nullable String platform,
      @Option(
              names = "--max-bytes",
              paramLabel = "SIZE",
              description = "The most that a layer may unpack to, such as 20g. Default: 64g.")
          @Nullable String most)
      throws IOException {
    TarLimits usual = TarLimits.USUAL;
    TarLimits limits =
        most == null
            ? usual
            : new TarLimits(
                usual.entries(), Sizes.parse("--max-bytes", most), usual.name(), usual.header());
    ImageStore.Import how =
        new ImageStore.Import(
            Optional.ofNullable(name),
            Optional.ofNullable(wanted),
            platform == null ? Platform.host() : platform,
            limits);
    withStore(store -> {
      ImageStore.Imported imported;
      try (ProgressLine progress = new ProgressLine(streams)) {
        imported = store.take(from, how, progress);
      }
      imported
          .compromises()
          .forEach((what, count) -> streams.say("terrarium image import: " + count + " × " + what));
      streams.out().println(imported.image().reference());
    });
    return ExitCodes.OK;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Write an image into a tar file that skopeo, umoci, podman and docker read.")
  int export(
      @Parameters(paramLabel = "IMAGE") String reference,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--format",
              paramLabel = "oci|docker",
              defaultValue = "oci",
              description = "An OCI layout, or what docker load reads. Default: oci.")
          ImageStore.Format format)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw Failure.of(file + ": there is no folder " + folder);
    }
    withStore(store -> {
      try (ProgressLine progress = new ProgressLine(streams)) {
        store.export(reference, file, format, progress);
      }
    });
    return ExitCodes.OK;
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

  @Command(
      name = "layers",
      mixinStandardHelpOptions = true,
      description = {
        "What each layer stores, by how much the visible tree grows with it, and what is stored and"
            + " never seen."
      })
  int layers(
      @Parameters(paramLabel = "IMAGE") String reference,
      @Option(names = "--json", description = "As JSON.") boolean json)
      throws IOException {
    withStore(store -> {
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

  /** One difference between two trees. */
  record DiffLine(String change, String path) {}

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = {
        "What the second image has that the first has not (A), has otherwise (C) and has no more (D)."
      })
  int diff(
      @Parameters(paramLabel = "IMAGE") String first,
      @Parameters(paramLabel = "IMAGE") String second,
      @Option(names = "--json", description = "As JSON.") boolean json)
      throws IOException {
    withStore(store -> {
      List<DiffLine> lines =
          TreeDiff.of(tree(store, first), tree(store, second)).stream()
              .map(change ->
                  new DiffLine(change.kind().name().substring(0, 1), "/" + change.path().shown()))
              .toList();
      if (json) {
        Json.print(streams.out(), lines);
      } else {
        lines.forEach(line -> streams.out().println(line.change() + " " + line.path()));
      }
    });
    return ExitCodes.OK;
  }

  private static ImageTree tree(ImageStore store, String reference) throws IOException {
    return ImageTree.of(store.entries(store.image(reference)));
  }

  @Command(
      name = "rm",
      mixinStandardHelpOptions = true,
      description = "Forget images by name; prune throws away what nothing needs any more.")
  int rm(@Parameters(paramLabel = "IMAGE", arity = "1..*") List<String> references)
      throws IOException {
    withStore(store -> {
      for (String reference : references) {
        store.remove(reference);
      }
    });
    return ExitCodes.OK;
  }

  /** The layers of which some container's root is made at this moment. */
  private static Set<Path> mountedLayers() {
    Set<Path> mounted = new HashSet<>();
    new Observer()
        .observe().mounts().values().stream()
            .flatMap(List::stream)
            .filter(mount -> mount.fsType().equals("overlay"))
            .flatMap(
                mount -> Pattern.compile("[^:=,]+/diff").matcher(mount.superOptions()).results())
            .forEach(found -> mounted.add(Path.of(found.group())));
    return mounted;
  }

  @Command(
      name = "prune",
      mixinStandardHelpOptions = true,
      description = "Throw away what no image and no running container needs, and list it.")
  int prune() throws IOException {
    withStore(store -> {
      List<String> removed = store.collect(mountedLayers());
      removed.forEach(streams.out()::println);
      if (removed.isEmpty()) {
        streams.say("nothing was superfluous");
      }
    });
    return ExitCodes.OK;
  }
}
