package dev.terrarium.engine.bench;

import dev.terrarium.engine.image.Platform;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Images of a known size, as {@code docker save} writes them, the same each time. */
final class SyntheticImage {
  private static final int BUFFER = 1 << 17;

  private final Path folder;
  private final List<String> diffIds = new ArrayList<>();
  private final List<Path> layers = new ArrayList<>();

  private SyntheticImage(Path folder) {
    this.folder = folder;
  }

  /**
   * A layer of some large files, one of 60,000 small ones, and one that deletes a tenth of them.
   */
  static Path realistic(Path folder) throws IOException {
    SyntheticImage image = new SyntheticImage(folder);
    image.layer(false, archive -> files(archive, "usr", 400, 100_000, 300_000));
    image.layer(false, archive -> files(archive, "data", 60_000, 500, 6_160));
    image.layer(
        false,
        archive -> {
          for (int i = 0; i < 60; i++) {
            put(archive, "data/.wh.%03d".formatted(i), TarEntry.Type.FILE, new byte[0]);
          }
        });
    return image.save("realistic.tar");
  }

  /** One layer that is so many bytes unpacked, and hardly any packed. */
  static Path large(Path folder, long bytes) throws IOException {
    SyntheticImage image = new SyntheticImage(folder);
    image.layer(
        true,
        archive ->
            archive.put(
                entry("zeros", TarEntry.Type.FILE, bytes),
                new java.io.InputStream() {
                  private long left = bytes;

                  @Override
                  public int read() {
                    return left-- > 0 ? 0 : -1;
                  }

                  @Override
                  public int read(byte[] into, int from, int length) {
                    if (left == 0) {
                      return -1;
                    }
                    int got = (int) Math.min(left, length);
                    java.util.Arrays.fill(into, from, from + got, (byte) 0);
                    left -= got;
                    return got;
                  }
                }));
    return image.save("large.tar");
  }

  private interface Filling {
    void into(TarWriter archive) throws IOException;
  }

  private void layer(boolean packed, Filling filling) throws IOException {
    Path file = folder.resolve("layer" + layers.size() + ".tar");
    MessageDigest sha256 = sha256();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        OutputStream stored = packed ? new GZIPOutputStream(out, BUFFER) : out;
        OutputStream plain =
            new BufferedOutputStream(new DigestOutputStream(stored, sha256), BUFFER);
        TarWriter archive = new TarWriter(plain)) {
      filling.into(archive);
    }
    layers.add(file);
    diffIds.add("sha256:" + HexFormat.of().formatHex(sha256.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Half of each is noise and half is text, in folders of a hundred. */
  private static void files(TarWriter archive, String top, int count, int least, int most)
      throws IOException {
    Random random = new Random(1);
    byte[] text =
        "The quick brown fox jumps over the lazy dog.\n"
            .repeat(most / 45 + 1)
            .getBytes(StandardCharsets.US_ASCII);
    put(archive, top, TarEntry.Type.FOLDER, new byte[0]);
    for (int i = 0; i < count; i++) {
      if (i % 100 == 0) {
        put(archive, "%s/%03d".formatted(top, i / 100), TarEntry.Type.FOLDER, new byte[0]);
      }
      byte[] content = new byte[random.nextInt(least, most)];
      byte[] noise = new byte[content.length / 2];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, content, 0, noise.length);
      System.arraycopy(text, 0, content, noise.length, content.length - noise.length);
      put(archive, "%s/%03d/f%05d".formatted(top, i / 100, i), TarEntry.Type.FILE, content);
    }
  }

  private static void put(TarWriter archive, String path, TarEntry.Type type, byte[] content)
      throws IOException {
    archive.put(entry(path, type, content.length), new ByteArrayInputStream(content));
  }

  private static TarEntry entry(String path, TarEntry.Type type, long size) {
    int mode = type == TarEntry.Type.FOLDER ? 0755 : 0644;
    return new TarEntry(
        path, type, "", mode, 0, 0, size, 1_700_000_000, 0, 0, 0, Map.of(), List.of(), false);
  }

  private Path save(String name) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        TarWriter archive = new TarWriter(out)) {
      put(archive, "config.json", TarEntry.Type.FILE, config().getBytes(StandardCharsets.UTF_8));
      for (Path layer : layers) {
        try (InputStream in = Files.newInputStream(layer)) {
          archive.put(
              entry(layer.getFileName().toString(), TarEntry.Type.FILE, Files.size(layer)), in);
        }
        Files.delete(layer);
      }
      String manifest =
          "[{\"Config\":\"config.json\",\"RepoTags\":[\"terrarium/bench:1\"],\"Layers\":[%s]}]"
              .formatted(
                  quoted(layers.stream().map(layer -> layer.getFileName().toString()).toList()));
      put(archive, "manifest.json", TarEntry.Type.FILE, manifest.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private String config() {
    String history =
        diffIds.stream()
            .map(id -> "{\"created_by\":\"a benchmark\"}")
            .collect(Collectors.joining(","));
    return "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]},\"history\":[%s]}"
        .formatted(Platform.architecture(), quoted(diffIds), history);
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
  }
}
