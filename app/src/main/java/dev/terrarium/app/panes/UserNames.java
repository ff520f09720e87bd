package dev.terrarium.app.panes;

import dev.terrarium.app.text.VisibleText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that a passwd file gives to user ids. The kernel knows only numbers; a name is what one
 * file says, and a container brings a file of its own. Source: passwd(5).
 */
record UserNames(Map<Integer, String> names) {

  static final UserNames NONE = new UserNames(Map.of());

  private static final int LONGEST = 32;

  UserNames {
    names = Map.copyOf(names);
  }

  /** Reads the lines of a passwd file; lines that make no sense are skipped. */
  static UserNames parse(List<String> lines) {
    Map<Integer, String> names = new HashMap<>();
    for (String line : lines) {
      List<String> fields = List.of(line.split(":", -1));
      if (fields.size() >= 4 && !fields.getFirst().isEmpty() && fields.get(2).matches("\\d{1,9}")) {
        names.putIfAbsent(
            Integer.parseInt(fields.get(2)), VisibleText.of(fields.getFirst(), LONGEST));
      }
    }
    return new UserNames(names);
  }

  /** The name of that user id, or the number itself, as {@code ps} does it. */
  String of(int uid) {
    return names.getOrDefault(uid, Integer.toString(uid));
  }
}
