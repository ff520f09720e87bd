package dev.terrarium.lessons.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects problems while reading goes on, so that a teacher sees all of them at once. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();

  void add(String file, int line, String message) {
    found.add(new Problem(file, line, message));
  }

  void throwIfAny() throws LessonFormatException {
    if (!found.isEmpty()) {
      throw new LessonFormatException(found);
    }
  }

  /** Says which of the right words was probably meant, or all of them if none comes near. */
  static String didYouMean(String wrong, Collection<String> right) {
    return nearest(wrong, right)
        .map(word -> "did you mean \"" + word + "\"?")
        .orElseGet(() -> "possible: " + String.join(", ", right));
  }

  private static Optional<String> nearest(String wrong, Collection<String> right) {
    int limit = Math.max(2, wrong.length() / 2);
    return right.stream()
        .filter(word -> distance(wrong, word) <= limit)
        .min(Comparator.comparingInt(word -> distance(wrong, word)));
  }

  /** The least number of inserted, deleted and replaced characters (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
