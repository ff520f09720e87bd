package dev.terrarium.app.images;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.layer.LayerEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The beginning of a file in a layer, as something that can be looked at.
 *
 * @param kind what the text is
 * @param text the content, safe to show
 * @param cut whether there is more
 */
record FilePreview(Kind kind, String text, boolean cut) {

  /** How the content is shown. */
  enum Kind {
    TEXT,
    BYTES,
    LINK,
    NOTHING
  }

  private static final int MOST_TEXT = 64 << 10;
  private static final int MOST_BYTES = 2 << 10;
  private static final int BYTES_A_LINE = 16;
  private static final int LONGEST_LINE = 400;

  static final FilePreview NONE = new FilePreview(Kind.NOTHING, "", false);

  /**
   * Reads it.
   *
   * @param layer the folder into which the layer is unpacked
   */
  static FilePreview of(Path layer, LayerEntry entry) throws IOException {
    return switch (entry.type()) {
      case FILE, HARD_LINK -> read(layer, entry.path());
      case SYMLINK -> new FilePreview(Kind.LINK, RawPath.shown(entry.link()), false);
      case FOLDER, CHARACTER, BLOCK, FIFO -> NONE;
    };
  }

  private static FilePreview read(Path layer, RawPath path) throws IOException {
    byte[] bytes = new byte[MOST_TEXT + 1];
    int length = 0;
    try (RawFiles files = new RawFiles()) {
      int folder = files.openFolder(layer);
      int file = files.open(folder, path.bytes(), RawFiles.O_RDONLY, 0);
      int got = files.read(file, bytes, 0, bytes.length);
      while (got > 0 && length + got < bytes.length) {
        length += got;
        got = files.read(file, bytes, length, bytes.length - length);
      }
      length += got;
      files.close(file);
      files.close(folder);
    }
    boolean cut = length > MOST_TEXT;
    return of(Arrays.copyOf(bytes, Math.min(length, MOST_TEXT)), cut);
  }

  /** Text if it is that, else bytes. */
  static FilePreview of(byte[] bytes, boolean cut) {
    String text = text(bytes, cut);
    return text.isEmpty() && bytes.length > 0
        ? new FilePreview(Kind.BYTES, dump(bytes), cut || bytes.length > MOST_BYTES)
        : new FilePreview(Kind.TEXT, text, cut);
  }

  /** Empty if it is no text. */
  private static String text(byte[] bytes, boolean cut) {
    // A character may have been cut in two.
    for (int drop = 0; drop <= (cut ? 3 : 0); drop++) {
      try {
        String text =
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, 0, Math.max(0, bytes.length - drop)))
                .toString();
        return text.indexOf('\0') >= 0 ? "" : visible(text);
      } catch (CharacterCodingException e) {
        // Perhaps with one byte less.
      }
    }
    return "";
  }

  private static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    text.lines()
        .forEach(line ->
            shown.append(VisibleText.of(line.replace("\t", "    "), LONGEST_LINE)).append('\n'));
    return shown.toString();
  }

  private static String dump(byte[] bytes) {
    StringBuilder dump = new StringBuilder();
    for (int from = 0; from < Math.min(bytes.length, MOST_BYTES); from += BYTES_A_LINE) {
      dump.append(String.format(Locale.ROOT, "%06x  ", from));
      StringBuilder letters = new StringBuilder();
      for (int i = from; i < from + BYTES_A_LINE; i++) {
        if (i < bytes.length) {
          dump.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
          letters.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
        } else {
          dump.append("   ");
        }
      }
      dump.append(' ').append(letters).append('\n');
    }
    return dump.toString();
  }
}
