package dev.terrarium.app.cli;

import dev.terrarium.engine.bundle.Bundle;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.spec.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives an image out. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write an image into a tar file that skopeo, umoci, podman and docker read, or into a folder"
          + " that runc and crun run."
    })
final class ImageExportCommand implements Callable<Integer> {

  /** In which form it leaves. */
  enum Form {
    OCI,
    DOCKER,
    BUNDLE
  }

  private final Streams streams;

  @Parameters(paramLabel = "IMAGE")
  private String reference = "";

  @Parameters(paramLabel = "FILE|DIR")
  private Path to = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "oci|docker|bundle",
      description = {
        "An OCI layout, what docker load reads, or an OCI runtime bundle: a folder with config.json"
            + " and rootfs. Default: oci."
      })
  private Form form = Form.OCI;

  @Option(
      names = "--rootless",
      description = "A bundle in a user namespace; by itself where you are not root.")
  private boolean rootless;

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "CMD",
      description = "What a bundle runs in place of the image's own command.")
  private List<String> command = new ArrayList<>();

  ImageExportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = to.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw Failure.of(to + ": there is no folder " + folder);
    }
    if (form != Form.BUNDLE && (rootless || !command.isEmpty())) {
      throw Failure.usage("--rootless and CMD are for --format bundle");
    }
    StoreAccess.withStore(store -> {
      try (ProgressLine progress = new ProgressLine(streams)) {
        switch (form) {
          case OCI -> store.export(reference, to, ImageStore.Format.OCI, progress);
          case DOCKER -> store.export(reference, to, ImageStore.Format.DOCKER, progress);
          case BUNDLE -> bundle(store, progress);
        }
      }
    });
    return ExitCodes.OK;
  }

  private void bundle(ImageStore store, ProgressLine progress) throws IOException {
    Image image = store.image(reference);
    ContainerSpec spec = Bundle.usual(image, Rights.current().privileged() && !rootless);
    if (!command.isEmpty()) {
      spec =
          spec.withProgram(
              new dev.terrarium.engine.spec.Program(
                  command, spec.program().env(), spec.program().workdir(), spec.program().user()));
    }
    Map<String, Integer> compromises = Bundle.write(store, image, spec, to, progress);
    progress.close();
    compromises.forEach(
        (what, count) -> streams.say("terrarium image export: " + count + " × " + what));
  }
}
