package dev.terrarium.lessons.format;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What of host and container is looked at side by side. */
public enum View {
  /** Who runs. */
  PROCESSES,
  /** What the layers hold, and what is seen of it. */
  FILES,
  /** What the cgroup's files say. */
  LIMITS;

  /** As lesson.json names it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Set<String> words() {
    return Arrays.stream(values())
        .map(View::word)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static View of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
