package dev.terrarium.engine.build;

import dev.terrarium.engine.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that the result of an instruction depends on, by name: its line, the layers below, build
 * arguments, settings, files. The same inputs have the same result, or so the cache believes.
 *
 * @param values in the order in which a difference is looked for
 * @param files digests of the files that are copied, by path, to say which of them changed
 */
record Inputs(Map<String, String> values, Map<String, String> files) {
  static final String LINE = "line";
  static final String BELOW = "below";
  static final String ARGUMENT = "arg ";
  static final String SETTING = "setting ";
  static final String FILES = "files ";

  Inputs {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** Under which the result is kept. */
  String key() {
    StringBuilder all = new StringBuilder();
    values.forEach((name, value) ->
        all.append(name.length())
            .append(':')
            .append(name)
            .append(value.length())
            .append(':')
            .append(value));
    return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
  }
}
