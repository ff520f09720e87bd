package dev.terrarium.lessons.format;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Live values in prose and commands: {@code {{name}}}. */
public final class Placeholders {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([A-Za-z0-9]+)\\s*}}");

  private Placeholders() {}

  /** The names that a text speaks of, in order. */
  public static Set<String> names(String text) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** Puts the values in; what is not known yet is shown by its name, as in {@code <child>}. */
  public static String fill(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> {
          String name = match.group(1);
          return Matcher.quoteReplacement(values.getOrDefault(name, "<" + name + ">"));
        });
  }
}
