package dev.terrarium.engine.layer;

import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A layer's archive, member by member, as an honest or a hostile author would write it. */
public final class Archive {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TarWriter writer = new TarWriter(out);

  public Archive file(String path, String content) throws IOException {
    return put(path, TarEntry.Type.FILE, "", 0644, content);
  }

  public Archive folder(String path) throws IOException {
    return put(path, TarEntry.Type.FOLDER, "", 0755, "");
  }

  public Archive symlink(String path, String target) throws IOException {
    return put(path, TarEntry.Type.SYMLINK, target, 0777, "");
  }

  public Archive hardLink(String path, String target) throws IOException {
    return put(path, TarEntry.Type.HARD_LINK, target, 0644, "");
  }

  public Archive whiteout(String path) throws IOException {
    int slash = path.lastIndexOf('/') + 1;
    return file(path.substring(0, slash) + ".wh." + path.substring(slash), "");
  }

  public Archive opaque(String folder) throws IOException {
    return file(folder + "/.wh..wh..opq", "");
  }

  public Archive put(String path, TarEntry.Type type, String link, int mode, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    writer.put(
        new TarEntry(
            path,
            type,
            link,
            mode,
            0,
            0,
            bytes.length,
            1_700_000_000,
            0,
            0,
            0,
            Map.of(),
            List.of(),
            false),
        new ByteArrayInputStream(bytes));
    return this;
  }

  public byte[] bytes() throws IOException {
    writer.close();
    return out.toByteArray();
  }
}
