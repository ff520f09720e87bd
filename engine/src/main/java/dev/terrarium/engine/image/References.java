package dev.terrarium.engine.image;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The names of images: a small file for each, replaced as a whole. */
final class References {
  private static final String GRAMMAR = "[A-Za-z0-9][A-Za-z0-9._/:@-]{0,199}";

  private final Path folder;
  private final Path beside;

  /**
   * Over a folder.
   *
   * @param beside where unfinished ones are; on the same file system
   */
  References(Path folder, Path beside) {
    this.folder = folder;
    this.beside = beside;
  }

  /**
   * Checks a name that is to be given.
   *
   * @throws IllegalArgumentException with what would be right
   */
  static String valid(String reference) {
    if (!reference.matches(GRAMMAR) || reference.contains("..")) {
      throw new IllegalArgumentException(
          "image name \"%s\": use letters, digits and . _ / : @ -, a letter or digit first, such as team/web:1"
              .formatted(reference));
    }
    return reference;
  }

  Map<String, Digest> all() throws IOException {
    Map<String, Digest> all = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (var files = Files.newDirectoryStream(folder, "[!.]*")) {
      for (Path file : files) {
        String name = URLDecoder.decode(file.getFileName().toString(), StandardCharsets.UTF_8);
        read(file).ifPresent(digest -> all.put(name, digest));
      }
    }
    return all;
  }

  /** What that name stands for; a name without a tag also finds the one tagged latest. */
  Optional<Digest> find(String reference) throws IOException {
    Optional<Digest> exact = read(file(reference));
    return exact.isPresent() || reference.substring(reference.lastIndexOf('/') + 1).contains(":")
        ? exact
        : read(file(reference + ":latest"));
  }

  private static Optional<Digest> read(Path file) throws IOException {
    try {
      return Optional.of(Digest.parse(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new ImageException(file + ": " + e.getMessage(), e);
    }
  }

  void put(String reference, Digest manifest) throws IOException {
    Files.createDirectories(folder);
    Files.createDirectories(beside);
    Path fresh = Files.createTempFile(beside, "reference-", "");
    try {
      try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap((manifest + "\n").getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      Files.move(
          fresh,
          file(reference),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  boolean remove(String reference) throws IOException {
    return Files.deleteIfExists(file(reference));
  }

  private Path file(String reference) {
    return folder.resolve(URLEncoder.encode(reference, StandardCharsets.UTF_8));
  }
}
