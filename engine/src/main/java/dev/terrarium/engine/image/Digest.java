package dev.terrarium.engine.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of some bytes that follows from the bytes. Source: OCI image-spec, descriptor,
 * "Digests".
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex in lower case
 */
public record Digest(String algorithm, String hex) {

  public Digest {
    int length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha512" -> 128;
          default ->
              throw new IllegalArgumentException(
                  "digest algorithm \"%s\": known are sha256 and sha512".formatted(algorithm));
        };
    if (hex.length() != length || !hex.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0)) {
      throw new IllegalArgumentException(
          "digest \"%s:%s\": not %d hexadecimal digits".formatted(algorithm, hex, length));
    }
  }

  /**
   * From its usual form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("digest \"" + text + "\": not ALGORITHM:HEX");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The SHA-256 of those bytes. */
  public static Digest of(byte[] bytes) {
    MessageDigest sha256 = sha256();
    sha256.update(bytes);
    return finish(sha256);
  }

  /** A finished SHA-256. */
  static Digest finish(MessageDigest sha256) {
    return new Digest("sha256", HexFormat.of().formatHex(sha256.digest()));
  }

  static MessageDigest sha256() {
    return messageDigest("SHA-256");
  }

  /** What computes digests of this one's kind. */
  MessageDigest messageDigest() {
    return messageDigest(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
  }

  private static MessageDigest messageDigest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has " + name, e);
    }
  }

  /** Twelve digits, as people compare them. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
