package dev.terrarium.app.images;

import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The image that a beginner's Dockerfile makes: one line deletes what another has brought. */
final class SampleImage {

  private static final int CHARACTER_DEVICE = 0020000;

  private final ImageStore store;
  private final Path beside;
  private Optional<Image> image = Optional.empty();

  private SampleImage(ImageStore store, Path beside) {
    this.store = store;
    this.beside = beside;
  }

  interface Content {
    void fill(Path layer) throws IOException;
  }

  /** Four layers: a base, a large download, an edited file, and the download deleted. */
  static Image in(ImageStore store, Path beside, String reference) throws IOException {
    SampleImage sample = new SampleImage(store, beside);
    sample.layer(
        "FROM scratch: ADD rootfs.tar /",
        "",
        layer -> {
          write(layer.resolve("etc/motd"), "Welcome to the terrarium.\n");
          write(layer.resolve("etc/profile"), "export PATH=/usr/bin:/bin\n");
          write(layer.resolve("usr/bin/greet"), "#!/bin/sh\necho hello\n");
          Files.createDirectories(layer.resolve("opt"));
        });
    sample.layer(
        "RUN wget https://example.org/sdk.tar.gz -O /opt/sdk.tar.gz",
        "",
        layer -> write(layer.resolve("opt/sdk.tar.gz"), "0123456789abcdef".repeat(1 << 16)));
    sample.layer(
        "RUN echo 'export EDITOR=vi' >> /etc/profile",
        "",
        layer ->
            write(layer.resolve("etc/profile"), "export PATH=/usr/bin:/bin\nexport EDITOR=vi\n"));
    return sample.layer(
        "RUN rm /opt/sdk.tar.gz",
        reference,
        layer -> {
          Files.createDirectories(layer.resolve("opt"));
          try (RawFiles files = new RawFiles()) {
            int opt = files.openFolder(layer.resolve("opt"));
            files.mknod(opt, "sdk.tar.gz", CHARACTER_DEVICE, 0);
            files.close(opt);
          }
        });
  }

  private Image layer(String createdBy, String reference, Content content) throws IOException {
    Path layer = Files.createTempDirectory(beside, "layer");
    content.fill(layer);
    Image made =
        store.commit(
            image,
            image
                .map(Image::config)
                .orElseGet(() -> ImageConfig.empty("amd64").with("Cmd", List.of("/usr/bin/greet"))),
            layer,
            path -> true,
            createdBy,
            Instant.parse("2026-01-01T00:00:00Z"),
            reference.isEmpty() ? Optional.empty() : Optional.of(reference),
            Progress.NONE);
    image = Optional.of(made);
    return made;
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
