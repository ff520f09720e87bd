package dev.terrarium.engine.build;

import dev.terrarium.engine.dockerfile.Dockerfile;
import dev.terrarium.engine.dockerfile.Instruction;
import dev.terrarium.engine.dockerfile.Substitution;
import dev.terrarium.engine.image.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The build arguments: those that are given, those that FROM sees, and those that a stage has
 * declared. Source: Dockerfile reference, "ARG".
 */
final class Arguments {
  /** RUN sees them without ARG; they are part of no image and of no cache. */
  private static final List<String> PROXIES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

  static final String EPOCH = "SOURCE_DATE_EPOCH";

  private final Map<String, String> given;

  /** What FROM sees, and what {@code ARG NAME} without a value means in a stage. */
  private final Map<String, String> global = new TreeMap<>(platform());

  Arguments(Dockerfile file, Map<String, String> given) {
    this.given = given;
    for (Instruction.Arg arg : file.global()) {
      for (Instruction.Declaration declared : arg.arguments()) {
        Substitution words = new Substitution(file, name -> Optional.ofNullable(global.get(name)));
        value(declared, words).ifPresent(value -> global.put(declared.name().text(), value));
      }
    }
  }

  private static Map<String, String> platform() {
    Map<String, String> platform = new TreeMap<>();
    for (String side : List.of("TARGET", "BUILD")) {
      platform.put(side + "PLATFORM", Platform.host());
      platform.put(side + "OS", "linux");
      platform.put(side + "ARCH", Platform.architecture());
      platform.put(side + "VARIANT", "");
    }
    return platform;
  }

  /** What one is: as it is given, else as it is declared. */
  private Optional<String> value(Instruction.Declaration declared, Substitution words) {
    String name = declared.name().text();
    return Optional.ofNullable(given.get(name)).or(() -> declared.value().map(words::of));
  }

  /** For the words of FROM. */
  Function<String, Optional<String>> ofFrom() {
    return name -> Optional.ofNullable(global.get(name));
  }

  /** What an ARG in a stage makes of a name; empty if it is declared and has no value. */
  Optional<String> declare(Instruction.Declaration declared, Substitution words) {
    return value(declared, words).or(() -> Optional.ofNullable(global.get(declared.name().text())));
  }

  /** Those that RUN sees without being asked. */
  Map<String, String> proxies() {
    Map<String, String> proxies = new LinkedHashMap<>();
    for (String name : PROXIES) {
      for (String spelling : List.of(name, name.toLowerCase(Locale.ROOT))) {
        if (given.containsKey(spelling)) {
          proxies.put(spelling, given.get(spelling));
        }
      }
    }
    return proxies;
  }

  /** Those that were given and that no ARG asks for. */
  static List<String> superfluous(Map<String, String> given, Set<String> declared) {
    return given.keySet().stream()
        .filter(name -> !declared.contains(name))
        .filter(name -> !name.equals(EPOCH))
        .filter(name -> PROXIES.stream().noneMatch(name::equalsIgnoreCase))
        .sorted()
        .toList();
  }
}
