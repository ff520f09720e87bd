package dev.terrarium.engine.commit;

import dev.terrarium.engine.image.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of a Dockerfile that changes no file. Source: Dockerfile reference, and docker-commit(1),
 * {@code --change}.
 *
 * @param instruction in upper case
 * @param rest what follows it
 */
record ConfigChange(String instruction, String rest) {
  private static final List<String> KNOWN =
      List.of(
          "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException with what would be right
   */
  static ConfigChange parse(String line) {
    String[] words = line.strip().split("\\s+", 2);
    String instruction = words[0].toUpperCase(Locale.ROOT);
    if (!KNOWN.contains(instruction)) {
      throw new IllegalArgumentException(
          "change \"%s\": it begins with %s".formatted(line, String.join(", ", KNOWN)));
    }
    if (words.length < 2 || words[1].isBlank()) {
      throw new IllegalArgumentException(
          "change \"%s\": nothing follows %s".formatted(line, instruction));
    }
    return new ConfigChange(instruction, words[1].strip());
  }

  /** The configuration with it. */
  ImageConfig applyTo(ImageConfig config) {
    return switch (instruction) {
      case "CMD" -> config.with("Cmd", command());
      case "ENTRYPOINT" -> config.with("Entrypoint", command());
      case "ENV" -> config.with("Env", environment(config.env()));
      case "EXPOSE" -> entries(config, "ExposedPorts", words(), true);
      case "VOLUME" -> entries(config, "Volumes", array().orElseGet(this::words), false);
      case "LABEL" -> labels(config);
      case "STOPSIGNAL" -> config.with("StopSignal", rest);
      case "USER" -> config.with("User", rest);
      default -> config.with("WorkingDir", workdir(config));
    };
  }

  /** A JSON array is the words themselves; anything else is a line for a shell. */
  private List<String> command() {
    return array().orElseGet(() -> List.of("/bin/sh", "-c", rest));
  }

  private Optional<List<String>> array() {
    if (!rest.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(rest);
      if (json.isArray() && json.valueStream().allMatch(JsonNode::isString)) {
        return Optional.of(json.valueStream().map(JsonNode::asString).toList());
      }
    } catch (JacksonException e) {
      // As Docker does: what looks like an array and is none is a line for a shell.
    }
    return Optional.empty();
  }

  private String workdir(ImageConfig config) {
    if (rest.startsWith("/")) {
      return rest;
    }
    return (config.workdir().isEmpty() ? "/" : config.workdir() + "/") + rest;
  }

  private static ImageConfig entries(
      ImageConfig config, String key, List<String> names, boolean ports) {
    ImageConfig changed = config;
    for (String name : names) {
      String entry = ports && !name.contains("/") ? name + "/tcp" : name;
      changed = changed.withEntry(key, entry, Optional.empty());
    }
    return changed;
  }

  private ImageConfig labels(ImageConfig config) {
    ImageConfig changed = config;
    for (String pair : pairs()) {
      int equals = pair.indexOf('=');
      changed =
          changed.withEntry(
              "Labels", pair.substring(0, equals), Optional.of(pair.substring(equals + 1)));
    }
    return changed;
  }

  private List<String> environment(List<String> before) {
    List<String> variables = new ArrayList<>(before);
    for (String pair : pairs()) {
      String key = pair.substring(0, pair.indexOf('=') + 1);
      variables.removeIf(variable -> variable.startsWith(key));
      variables.add(pair);
    }
    return variables;
  }

  /** {@code KEY=VALUE} and more of them, or, as in older files, {@code KEY VALUE}. */
  private List<String> pairs() {
    List<String> words = words();
    if (words.getFirst().indexOf('=') <= 0) {
      String[] two = rest.split("\\s+", 2);
      if (two.length < 2 || two[0].startsWith("=")) {
        throw new IllegalArgumentException(
            "change \"%s %s\": not KEY=VALUE".formatted(instruction, rest));
      }
      return List.of(two[0] + "=" + two[1]);
    }
    for (String word : words) {
      if (word.indexOf('=') <= 0) {
        throw new IllegalArgumentException(
            "change \"%s %s\": \"%s\" is not KEY=VALUE".formatted(instruction, rest, word));
      }
    }
    return words;
  }

  /** Split at blanks; quotes and backslashes keep them together. */
  private List<String> words() {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
        continue;
      }
      inWord = true;
      if (c == '\\' && quote != '\'' && i + 1 < rest.length()) {
        i++;
        word.append(rest.charAt(i));
      } else if (quote == c) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException(
          "change \"%s %s\": a quote %c is not closed".formatted(instruction, rest, quote));
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  @Override
  public String toString() {
    return instruction + " " + rest;
  }
}
