package dev.terrarium.engine.step;

import java.util.Locale;

/**
 * The stable names of steps, worked out once per kind: they are asked for between any two system
 * calls.
 */
final class StepNames {
  private static final ClassValue<String> NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> kind) {
          return kind.getSimpleName()
              .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
              .toLowerCase(Locale.ROOT);
        }
      };

  private StepNames() {}

  static String of(Class<? extends Step> kind) {
    return NAMES.get(kind);
  }
}
