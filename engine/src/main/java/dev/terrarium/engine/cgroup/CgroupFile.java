package dev.terrarium.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the files of a cgroup hold. Whatever cannot be read (no such controller, pressure accounting
 * switched off, the cgroup gone meanwhile) is empty. Source: kernel document admin-guide/cgroup-v2,
 * "Format".
 */
final class CgroupFile {
  /**
   * The most that version 1 can count to is one page less than a long, and stands for no limit;
   * pages have up to 64 KiB.
   */
  private static final long V1_UNLIMITED = Long.MAX_VALUE - 0xffff;

  private CgroupFile() {}

  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Words on one line; none if there is no such file. */
  static Set<String> words(Path file) {
    return text(file)
        .filter(text -> !text.isEmpty())
        .map(text -> Set.of(text.split("\\s+")))
        .orElse(Set.of());
  }

  /** One number; empty for {@code max}, and for what means no limit in version 1. */
  static OptionalLong number(Path file) {
    return text(file).map(CgroupFile::number).orElse(OptionalLong.empty());
  }

  static OptionalLong number(String text) {
    try {
      long value = Long.parseLong(text);
      return value < 0 || value >= V1_UNLIMITED ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Lines of a key and a number; of others nothing. */
  static Map<String, Long> keyed(Path file) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : lines(file)) {
      String[] words = line.split(" ");
      if (words.length == 2) {
        number(words[1]).ifPresent(value -> values.put(words[0], value));
      }
    }
    return values;
  }

  /** Lines of a key and pairs {@code KEY=NUMBER}; what is {@code max} is left out. */
  static Map<String, Map<String, Long>> nested(Path file) {
    Map<String, Map<String, Long>> all = new LinkedHashMap<>();
    for (String line : lines(file)) {
      String[] words = line.split(" ");
      Map<String, Long> values = new LinkedHashMap<>();
      for (String word : words) {
        int equals = word.indexOf('=');
        if (equals > 0) {
          number(word.substring(equals + 1))
              .ifPresent(value -> values.put(word.substring(0, equals), value));
        }
      }
      all.put(words[0], values);
    }
    return all;
  }

  static List<String> lines(Path file) {
    return text(file).map(text -> text.lines().toList()).orElse(List.of());
  }
}
