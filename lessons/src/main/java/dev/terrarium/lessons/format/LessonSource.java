package dev.terrarium.lessons.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of one lesson, read whole.
 *
 * @param id the folder's name
 * @param shown the folder as problems name it
 * @param texts by file name
 */
record LessonSource(String id, String shown, Map<String, String> texts) {

  private static final String ROOT = "/lessons/";

  /** A folder anywhere. */
  static LessonSource folder(Path folder) throws LessonFormatException {
    Path whole = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(whole)) {
      throw problem(folder.toString(), "not a folder; a lesson is a folder with a lesson.json");
    }
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(whole)) {
      for (Path file : files.sorted().toList()) {
        texts.put(file.getFileName().toString(), text(file));
      }
    } catch (MalformedInputException e) {
      throw problem(folder.toString(), "a file in it is not UTF-8");
    } catch (IOException e) {
      throw problem(folder.toString(), "cannot be read: " + e.getMessage());
    }
    Path name = whole.getFileName();
    return new LessonSource(name == null ? "" : name.toString(), folder.toString(), texts);
  }

  private static String text(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readString(file) : "";
  }

  /** One of the lessons that ship with Terrarium; its files come from the class path. */
  static LessonSource builtIn(String id, List<String> languages) {
    Map<String, String> texts = new TreeMap<>();
    texts.put(LessonJson.FILE, resource(id + "/" + LessonJson.FILE));
    for (String language : languages) {
      texts.put(language + ".md", resource(id + "/" + language + ".md"));
    }
    return new LessonSource(id, "lessons/" + id, texts);
  }

  static String resource(String name) {
    try (InputStream stream = LessonSource.class.getResourceAsStream(ROOT + name)) {
      if (stream == null) {
        throw new IllegalStateException("the class path has no " + ROOT + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String path(String file) {
    return shown + "/" + file;
  }

  private static LessonFormatException problem(String folder, String message) {
    return new LessonFormatException(List.of(new Problem(folder, 1, message)));
  }
}
