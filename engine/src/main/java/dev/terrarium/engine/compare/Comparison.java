package dev.terrarium.engine.compare;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.layer.TreeDiff;
import dev.terrarium.engine.tar.TarEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the second of two trees has otherwise than the first. */
public final class Comparison {
  /** Larger files are compared, but not line by line, in bytes. */
  private static final int MOST_TEXT = 4 << 20;

  private static final int CONTEXT = 3;

  private final Side first;
  private final Side second;

  public Comparison(Side first, Side second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Every path that differs, folders before what is in them. Files of which the archives say the
   * same, as many builders with fixed times write them, are compared byte by byte.
   */
  public List<TreeDiff.Change> paths() throws IOException {
    return TreeDiff.of(
        first.tree(),
        second.tree(),
        (path, before, after) ->
            before.entry().type() != TarEntry.Type.FILE
                || before.entry().size() == 0
                || first.origin(path).equals(second.origin(path))
                || first.sameContent(path, second));
  }

  /** How one path differs in the two trees. */
  public sealed interface Content {
    /** Nothing there differs. */
    record Same() implements Content {}

    /** Text: the lines of a unified diff, without their line ends. */
    record Text(List<String> unified) implements Content {
      public Text {
        unified = List.copyOf(unified);
      }
    }

    /** Of no use line by line: what it is here and what there. */
    record Other(String before, String after) implements Content {}
  }

  /**
   * Compares what is at one path.
   *
   * @throws IllegalArgumentException if neither has it
   */
  public Content content(RawPath path) throws IOException {
    Optional<Stat> before = first.stat(path);
    Optional<Stat> after = second.stat(path);
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException(
          "/%s: neither %s nor %s has it".formatted(path.shown(), first.name(), second.name()));
    }
    Optional<List<String>> old = lines(first, before, path);
    Optional<List<String>> fresh = lines(second, after, path);
    if (old.isPresent() && fresh.isPresent()) {
      return text(path, before, after, old.get(), fresh.get());
    }
    boolean files =
        before.filter(Stat::isFile).isPresent() && after.filter(Stat::isFile).isPresent();
    String was = described(first, before, path);
    String is = described(second, after, path);
    boolean same = files ? first.sameContent(path, second) : was.equals(is);
    return same ? new Content.Same() : new Content.Other(was, is);
  }

  private Content text(
      RawPath path,
      Optional<Stat> before,
      Optional<Stat> after,
      List<String> old,
      List<String> fresh) {
    if (old.equals(fresh) && before.isPresent() == after.isPresent()) {
      return new Content.Same();
    }
    String none = "/dev/null";
    return new Content.Text(
        UnifiedDiffUtils.generateUnifiedDiff(
            before.isEmpty() ? none : first.name() + " /" + path.shown(),
            after.isEmpty() ? none : second.name() + " /" + path.shown(),
            old,
            DiffUtils.diff(old, fresh),
            CONTEXT));
  }

  /** Its lines, if it is text; none if nothing is there. */
  private static Optional<List<String>> lines(Side side, Optional<Stat> stat, RawPath path)
      throws IOException {
    if (stat.isEmpty()) {
      return Optional.of(List.of());
    }
    if (!stat.get().isFile() || stat.get().size() > MOST_TEXT) {
      return Optional.empty();
    }
    byte[] content = side.content(path, MOST_TEXT);
    for (byte b : content) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(content))
              .toString();
      return Optional.of(split(text));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** A last line without a line end differs from one with it; diff(1) says so like this. */
  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    String rest = lines.removeLast();
    if (!rest.isEmpty()) {
      lines.add(rest + "\n\\ No newline at end of file");
    }
    return lines;
  }

  private static String described(Side side, Optional<Stat> stat, RawPath path) throws IOException {
    if (stat.isEmpty()) {
      return "nothing";
    }
    return switch (stat.get().type()) {
      case Stat.FOLDER -> "a folder";
      case Stat.SYMLINK -> "a symbolic link to " + RawPath.shown(side.link(path));
      case Stat.CHARACTER, Stat.BLOCK ->
          "a device %d:%d"
              .formatted(stat.get().special() >>> 32, stat.get().special() & 0xffff_ffffL);
      case Stat.FIFO -> "a fifo";
      default ->
          stat.get().size() > MOST_TEXT
              ? "a file of %d bytes".formatted(stat.get().size())
              : "a binary file of %d bytes".formatted(stat.get().size());
    };
  }
}
