package dev.terrarium.lessons.format;

import dev.terrarium.lessons.format.Located.Items;
import dev.terrarium.lessons.format.Located.Members;
import dev.terrarium.lessons.format.Located.Text;
import dev.terrarium.lessons.format.Located.Whole;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One JSON object, read key by key. Wrong and missing keys become problems and reading goes on with
 * an empty value, so that one look finds all of them.
 */
final class Fields {

  private final String file;
  private final String what;
  private final Members members;
  private final Problems problems;

  private Fields(String file, String what, Members members, Problems problems) {
    this.file = file;
    this.what = what;
    this.members = members;
    this.problems = problems;
  }

  /**
   * Takes a value as an object that has no other keys than these.
   *
   * @param what it is called in messages, such as {@code a step}
   */
  static Fields of(String file, String what, Located value, Set<String> keys, Problems problems) {
    Members members;
    if (value instanceof Members found) {
      members = found;
    } else {
      problems.add(file, value.line(), what + " must be an object { … }, not " + name(value));
      members = new Members(value.line(), Map.of());
    }
    members
        .entries()
        .forEach((key, entry) -> {
          if (!keys.contains(key)) {
            problems.add(
                file,
                entry.line(),
                "unknown key \"" + key + "\" in " + what + "; " + right(key, keys));
          }
        });
    return new Fields(file, what, members, problems);
  }

  private static String right(String key, Set<String> keys) {
    return keys.isEmpty() ? "it takes none" : Problems.didYouMean(key, keys);
  }

  int line() {
    return members.line();
  }

  int line(String key) {
    Located value = members.entries().get(key);
    return value == null ? line() : value.line();
  }

  boolean has(String key) {
    return members.entries().containsKey(key);
  }

  Set<String> keys() {
    return members.entries().keySet();
  }

  Optional<Located> get(String key) {
    return Optional.ofNullable(members.entries().get(key));
  }

  Located require(String key) {
    return get(key)
        .orElseGet(() -> {
          problems.add(file, line(), what + " needs the key \"" + key + "\"");
          return new Members(line(), Map.of());
        });
  }

  /** A text that must be there and must not be blank. */
  String text(String key) {
    if (!has(key)) {
      require(key);
      return "";
    }
    return optionalText(key).orElse("");
  }

  Optional<String> optionalText(String key) {
    Optional<Located> found = get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get() instanceof Text text && !text.value().isBlank()) {
      return Optional.of(text.value());
    }
    wrong(key, "a text that is not empty", found.get());
    return Optional.empty();
  }

  /** One of a closed list of words. */
  String word(String key, Set<String> words, String fallback) {
    Optional<String> found = optionalText(key);
    if (found.isEmpty()) {
      return fallback;
    }
    if (!words.contains(found.get())) {
      problems.add(
          file,
          line(key),
          "\""
              + key
              + "\" cannot be \""
              + found.get()
              + "\"; "
              + Problems.didYouMean(found.get(), words));
      return fallback;
    }
    return found.get();
  }

  /** True or false; false if the key is not there. */
  boolean truth(String key) {
    Optional<Located> found = get(key);
    if (found.isEmpty()) {
      return false;
    }
    if (found.get() instanceof Located.Other other
        && (other.source().equals("true") || other.source().equals("false"))) {
      return other.source().equals("true");
    }
    wrong(key, "true or false", found.get());
    return false;
  }

  int whole(String key) {
    Located found = require(key);
    if (found instanceof Whole whole) {
      return whole.value();
    }
    if (has(key)) {
      wrong(key, "a whole number", found);
    }
    return 0;
  }

  /** A list; empty if the key is not there. */
  List<Located> items(String key) {
    Optional<Located> found = get(key);
    if (found.isEmpty()) {
      return List.of();
    }
    if (found.get() instanceof Items items) {
      return items.values();
    }
    wrong(key, "a list [ … ]", found.get());
    return List.of();
  }

  /** A list of texts; empty if the key is not there. */
  List<Text> texts(String key) {
    List<Text> texts = new ArrayList<>();
    for (Located item : items(key)) {
      if (item instanceof Text text && !text.value().isBlank()) {
        texts.add(text);
      } else {
        problems.add(
            file,
            item.line(),
            "\"" + key + "\" must be a list of texts; one of them is " + name(item));
      }
    }
    return texts;
  }

  /** A list of texts, all of them different, each one of a closed list of words. */
  List<String> words(String key, Set<String> words) {
    Set<String> chosen = new LinkedHashSet<>();
    for (Text text : texts(key)) {
      if (!words.contains(text.value())) {
        problems.add(
            file,
            text.line(),
            "\""
                + key
                + "\" cannot hold \""
                + text.value()
                + "\"; "
                + Problems.didYouMean(text.value(), words));
      } else if (!chosen.add(text.value())) {
        problems.add(file, text.line(), "\"" + text.value() + "\" stands there twice");
      }
    }
    return List.copyOf(chosen);
  }

  private void wrong(String key, String expected, Located found) {
    problems.add(
        file, found.line(), "\"" + key + "\" must be " + expected + ", not " + name(found));
  }

  private static String name(Located value) {
    return switch (value) {
      case Members ignored -> "an object";
      case Items ignored -> "a list";
      case Text text ->
          text.value().isBlank() ? "an empty text" : "the text \"" + text.value() + "\"";
      case Whole whole -> "the number " + whole.value();
      case Located.Other other -> other.source();
    };
  }
}
