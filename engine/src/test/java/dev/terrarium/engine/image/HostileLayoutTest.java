package dev.terrarium.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Archive;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.tar.TarLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layouts whose documents lie: each is refused in one line, and nothing of it stays. */
@Timeout(60)
class HostileLayoutTest {
  private static final int FUZZ = Integer.getInteger("terrarium.fuzz", 300) / 3;

  @TempDir Path folder;
  private Path layout;
  private Path state;

  @BeforeEach
  void open() throws IOException {
    Host.requiresRoot();
    state = folder.resolve("state");
    layout = Files.createDirectories(folder.resolve("layout"));
    Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  private ImageStore store() {
    return new ImageStore(new StateFolder(state), state.resolve("beside"), true);
  }

  private Digest blob(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), bytes);
    return digest;
  }

  private static String descriptor(String type, Digest digest, long size, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(type, digest, size, more);
  }

  private String document(String type, String json, String more) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return descriptor(type, blob(bytes), bytes.length, more);
  }

  private void index(String... descriptors) throws IOException {
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(String.join(",", descriptors)));
  }

  /** An image of one layer with one file, for that architecture. */
  private String image(String architecture, Digest diffId, Digest blob, long size)
      throws IOException {
    String config =
        document(
            Descriptor.CONFIG,
            "{\"architecture\":\"%s\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
                .formatted(architecture, diffId),
            "");
    return document(
        Descriptor.MANIFEST,
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
            .formatted(config, descriptor(Descriptor.LAYER_GZIP, blob, size, "")),
        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"},\"annotations\":{\"%s\":\"web\"}"
            .formatted(architecture, Descriptor.NAME));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private String image(String architecture) throws IOException {
    byte[] plain = new Archive().file("arch", architecture).bytes();
    byte[] packed = gzip(plain);
    return image(architecture, Digest.of(plain), blob(packed), packed.length);
  }

  private static ImageStore.Import forPlatform(String platform) {
    return new ImageStore.Import(Optional.empty(), Optional.empty(), platform, TarLimits.USUAL);
  }

  private void refused(String saying) throws IOException {
    assertThatThrownBy(() -> store().take(layout, forPlatform("linux/amd64"), Progress.NONE))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(saying)
        .message()
        .doesNotContain("\n");
    assertThat(store().images()).isEmpty();
    nothingIn(state.resolve("images/layers"));
  }

  private static void nothingIn(Path place) throws IOException {
    if (Files.exists(place)) {
      assertThat(place).isEmptyDirectory();
    }
  }

  @Test
  void ofSeveralPlatformsTheWantedOneIsTaken() throws IOException {
    String amd = image("amd64");
    String arm = image("arm64");
    index(
        document(
            Descriptor.INDEX,
            "{\"schemaVersion\":2,\"manifests\":[%s,%s]}".formatted(amd, arm),
            ",\"annotations\":{\"%s\":\"web\"}".formatted(Descriptor.NAME)));
    for (String architecture : new String[] {"amd64", "arm64"}) {
      Image taken =
          store().take(layout, forPlatform("linux/" + architecture), Progress.NONE).image();
      assertThat(taken.config().platform()).isEqualTo("linux/" + architecture);
      assertThat(store().folders(taken).getFirst().resolve("arch")).hasContent(architecture);
    }
    assertThatThrownBy(() -> store().take(layout, forPlatform("linux/riscv64"), Progress.NONE))
        .hasMessageContaining("no image for linux/riscv64")
        .hasMessageContaining("linux/amd64, linux/arm64");
  }

  @Test
  void anIndexThatNamesItselfEnds() throws IOException {
    // A digest of itself is not to be had; one that claims to be is not what its digest says.
    Digest claimed = Digest.of("myself".getBytes(StandardCharsets.UTF_8));
    String inner =
        "{\"schemaVersion\":2,\"manifests\":[%s]}"
            .formatted(descriptor(Descriptor.INDEX, claimed, 9, ""));
    Files.writeString(layout.resolve("blobs/sha256").resolve(claimed.hex()), inner);
    index(descriptor(Descriptor.INDEX, claimed, inner.length(), ""));
    refused("not what its digest says");
  }

  @Test
  void indexesWithinIndexesEnd() throws IOException {
    String inner = image("amd64");
    for (int depth = 0; depth < 12; depth++) {
      inner =
          document(
              Descriptor.INDEX, "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(inner), "");
    }
    index(inner);
    refused("indexes within indexes");
  }

  @Test
  void aHugeDocumentIsNotRead() throws IOException {
    Files.writeString(layout.resolve("index.json"), " ".repeat(5 << 20) + "{}");
    refused("a document may have 4194304");
  }

  @Test
  void deepJsonIsNoDeepStack() throws IOException {
    Files.writeString(
        layout.resolve("index.json"),
        "{\"manifests\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    refused("not JSON");
  }

  @Test
  void aManifestOfTooManyLayersIsRefused() throws IOException {
    Digest some = blob(new byte[] {1});
    String layer = descriptor(Descriptor.LAYER, some, 1, "") + ",";
    String config = document(Descriptor.CONFIG, "{}", "");
    index(
        document(
            Descriptor.MANIFEST,
            "{\"config\":%s,\"layers\":[%s]}"
                .formatted(config, layer.repeat(600).replaceAll(",$", "")),
            ""));
    refused("600 layers; overlayfs takes 500");
  }

  @Test
  void aLayerWithAnotherDigestIsNotKept() throws IOException {
    byte[] plain = new Archive().file("x", "y").bytes();
    byte[] packed = gzip(plain);
    Digest claimed = Digest.of("something else".getBytes(StandardCharsets.UTF_8));
    Files.write(layout.resolve("blobs/sha256").resolve(claimed.hex()), packed);
    index(image("amd64", Digest.of(plain), claimed, packed.length));
    refused("its content has the digest");
  }

  @Test
  void aLayerThatIsAnotherOneUncompressedIsNotKept() throws IOException {
    byte[] packed = gzip(new Archive().file("x", "y").bytes());
    index(
        image(
            "amd64",
            Digest.of("other".getBytes(StandardCharsets.UTF_8)),
            blob(packed),
            packed.length));
    refused("uncompressed: its content has the digest");
  }

  @Test
  void aDigestThatIsAPathLeadsNowhere() throws IOException {
    index(
        "{\"mediaType\":\"%s\",\"digest\":\"sha256:../../../../etc/passwd\",\"size\":1}"
            .formatted(Descriptor.MANIFEST));
    refused("not 64 hexadecimal digits");
  }

  @Test
  void aBlobThatIsASymbolicLinkIsNotFollowed() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "{\"a\":1}");
    Digest digest = Digest.of(Files.readAllBytes(secret));
    Files.createSymbolicLink(layout.resolve("blobs/sha256").resolve(digest.hex()), secret);
    index(descriptor(Descriptor.MANIFEST, digest, 7, ""));
    refused("it has no file blobs/sha256/");
  }

  @Test
  void aBombWithinALayerEndsAtItsLimit() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      byte[] header = new Archive().file("x", "").bytes();
      out.write(header, 0, header.length);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        // Behind the archive's end mark, where nobody looks but the digest.
        out.write(zeros);
      }
    }
    byte[] packed = bomb.toByteArray();
    index(image("amd64", Digest.of(packed), blob(packed), packed.length));
    ImageStore.Import careful =
        new ImageStore.Import(
            Optional.empty(),
            Optional.empty(),
            "linux/amd64",
            new TarLimits(1000, 10 << 20, 4095, 1 << 20));
    assertThatThrownBy(() -> store().take(layout, careful, Progress.NONE))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("more than 10485760 bytes behind the archive's end");
  }

  /** Whole files of an image with bytes changed: each is taken in as it was, or refused clearly. */
  @Test
  void damagedFilesAreRefusedInOneLine() throws IOException {
    index(image("amd64"));
    ImageStore maker =
        new ImageStore(new StateFolder(folder.resolve("m")), folder.resolve("m/b"), true);
    Image whole = maker.take(layout, forPlatform("linux/amd64"), Progress.NONE).image();
    int refusals = 0;
    for (ImageStore.Format format : ImageStore.Format.values()) {
      Path file = folder.resolve("image.tar");
      maker.export(whole.reference(), file, format, Progress.NONE);
      byte[] bytes = Files.readAllBytes(file);
      for (int seed = 0; seed < FUZZ; seed++) {
        Random random = new Random(seed);
        byte[] damaged = bytes.clone();
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(4) == 0) {
          damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
        }
        Files.write(file, damaged);
        try {
          Image taken = store().take(file, forPlatform("linux/amd64"), Progress.NONE).image();
          store().remove(taken.reference());
        } catch (IOException | IllegalArgumentException e) {
          refusals++;
          String said = String.valueOf(e.getMessage());
          assertThat(said).as("%s, seed %d", format, seed).isNotBlank().isNotEqualTo("null");
          assertThat(said.chars().allMatch(c -> c >= ' ' && c != 0x7f))
              .as("%s, seed %d: %s", format, seed, said)
              .isTrue();
        } catch (RuntimeException e) {
          throw new AssertionError(format + ", seed " + seed, e);
        }
        assertThat(store().images()).as("%s, seed %d", format, seed).isEmpty();
        nothingIn(state.resolve("beside"));
      }
    }
    assertThat(refusals).isGreaterThan(FUZZ / 2);
  }
}
