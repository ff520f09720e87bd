package dev.terrarium.engine.build;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files that stand in the Dockerfile itself. */
final class InlineTree implements Tree {
  private final Map<RawPath, byte[]> files = new TreeMap<>();
  private final long modified;

  InlineTree(long modified) {
    this.modified = modified;
  }

  void put(RawPath path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Entry> find(RawPath path) {
    return Optional.ofNullable(files.get(path))
        .map(content -> new Entry(TarEntry.Type.FILE, 0644, 0, 0, content.length, modified, ""));
  }

  @Override
  public List<String> names(RawPath folder) {
    return files.keySet().stream().map(RawPath::name).toList();
  }

  @Override
  public InputStream open(RawPath file) {
    byte[] content = files.get(file);
    return content == null ? InputStream.nullInputStream() : new ByteArrayInputStream(content);
  }

  @Override
  public Map<String, byte[]> attributes(RawPath path) {
    return Map.of();
  }
}
