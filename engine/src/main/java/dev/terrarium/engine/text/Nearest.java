package dev.terrarium.engine.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class Nearest {
  private Nearest() {}

  /** The candidate that needs the fewest changed letters, if that is at most a third of them. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The same as a question in brackets, after a blank; empty if nothing is near. */
  public static String question(String word, Collection<String> candidates) {
    return to(word, candidates).map(near -> " (did you mean " + near + "?)").orElse("");
  }

  /** Letters put in, left out, exchanged, or swapped with their neighbour: Damerau's distance. */
  static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int fewest = steps[i - 1][j - 1] + (same ? 0 : 1);
        fewest = Math.min(fewest, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          fewest = Math.min(fewest, steps[i - 2][j - 2] + 1);
        }
        steps[i][j] = fewest;
      }
    }
    return steps[a.length()][b.length()];
  }
}
