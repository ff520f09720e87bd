package dev.terrarium.engine.build;

import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files that can be copied from, or are to be copied over. Nothing leads out of it. */
interface Tree {
  /** MAXSYMLINKS. Source: path_resolution(7). */
  int MOST_LINKS = 40;

  /**
   * What is at a path.
   *
   * @param type never a hard link
   * @param size in bytes, of a file
   * @param modified seconds since 1970
   * @param link where a symbolic link leads
   */
  record Entry(
      TarEntry.Type type, int mode, long uid, long gid, long size, long modified, String link) {
    boolean isFolder() {
      return type == TarEntry.Type.FOLDER;
    }

    boolean isFile() {
      return type == TarEntry.Type.FILE;
    }
  }

  /** What is there, a symbolic link itself included. */
  Optional<Entry> find(RawPath path) throws IOException;

  /** The names in a folder, in byte order. */
  List<String> names(RawPath folder) throws IOException;

  /** The content of a file. */
  InputStream open(RawPath file) throws IOException;

  /** Its extended attributes that are to be copied. */
  Map<String, byte[]> attributes(RawPath path) throws IOException;

  /**
   * The path that a path leads to, without symbolic links; the root is the end of every {@code ..}.
   * What is not there leads to itself.
   */
  default RawPath follow(RawPath path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>(RawPath.parts(path.bytes()));
    RawPath here = RawPath.ROOT;
    int links = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.pop();
      if (part.equals("..")) {
        here = here.parent();
        continue;
      }
      RawPath there = here.child(part);
      Optional<Entry> entry = find(there);
      if (entry.isEmpty() || entry.get().type() != TarEntry.Type.SYMLINK) {
        here = there;
        continue;
      }
      if (++links > MOST_LINKS) {
        throw new IOException(path.shown() + ": too many symbolic links");
      }
      if (entry.get().link().startsWith("/")) {
        here = RawPath.ROOT;
      }
      for (String step : RawPath.parts(entry.get().link()).reversed()) {
        ahead.push(step);
      }
    }
    return here;
  }
}
