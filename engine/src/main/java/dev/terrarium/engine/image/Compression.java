package dev.terrarium.engine.image;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** How a layer is packed, told by its first bytes, whatever its media type says. */
public enum Compression {
  NONE(Descriptor.LAYER),
  GZIP(Descriptor.LAYER_GZIP),
  ZSTD(Descriptor.LAYER_ZSTD);

  private static final int BUFFER = 1 << 16;

  private final String mediaType;

  Compression(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /** Looks at the first bytes and leaves them to be read. */
  public static Compression of(BufferedInputStream in) throws IOException {
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
      return GZIP;
    }
    boolean zstd =
        magic.length == 4
            && (magic[0] & 0xff) == 0x28
            && (magic[1] & 0xff) == 0xb5
            && (magic[2] & 0xff) == 0x2f
            && (magic[3] & 0xff) == 0xfd;
    return zstd ? ZSTD : NONE;
  }

  /** What was packed. */
  public InputStream open(InputStream packed) throws IOException {
    return switch (this) {
      case NONE -> packed;
      case GZIP -> new GZIPInputStream(packed, BUFFER);
      case ZSTD -> new BufferedInputStream(new ZstdInputStream(packed), BUFFER);
    };
  }
}
