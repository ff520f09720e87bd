package dev.terrarium.lessons.format;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.lessons.format.Located.Text;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what a container is to be, and how much it may use. */
final class StartFields {

  static final Set<String> KEYS =
      ordered(
          "namespaces",
          "root",
          "proc",
          "hostname",
          "argv",
          "init-layer",
          "volumes",
          "hardening",
          "limits");

  static final Set<String> LIMITS = ordered("memory", "cpus", "pids", "counted");

  private static final Set<String> NAMESPACES =
      Arrays.stream(NamespaceType.values())
          .map(NamespaceType::procName)
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,9})([kmg]?)");

  private final String file;
  private final Problems problems;

  StartFields(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  Action start(Fields fields) {
    List<NamespaceType> namespaces =
        fields.words("namespaces", NAMESPACES).stream()
            .map(name -> NamespaceType.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    String root = fields.word("root", ordered("lesson", "host"), "lesson");
    String proc =
        fields.word("proc", ordered("new", "host", "none"), root.equals("host") ? "none" : "new");
    List<String> argv = fields.texts("argv").stream().map(Text::value).toList();
    boolean initLayer = fields.truth("init-layer");
    List<Text> volumes = fields.texts("volumes");
    for (Text volume : volumes) {
      if (!volume.value().startsWith("/") || volume.value().length() < 2) {
        problems.add(
            file,
            volume.line(),
            "\"volumes\" are absolute paths inside the container, such as \"/data\"");
      }
    }
    if (root.equals("host") && (initLayer || !volumes.isEmpty())) {
      problems.add(
          file,
          fields.line(initLayer ? "init-layer" : "volumes"),
          "the host's root takes neither an init layer nor volumes; \"root\" must be \"lesson\"");
    }
    Limits limits =
        fields
            .get("limits")
            .map(value -> limits(Fields.of(file, "\"limits\"", value, LIMITS, problems)))
            .orElse(Limits.NONE);
    return new Action.Start(
        namespaces,
        root,
        proc,
        fields.optionalText("hostname"),
        argv.isEmpty() ? List.of("/bin/sh") : argv,
        initLayer,
        volumes.stream().map(Text::value).toList(),
        fields.word("hardening", ordered("none", "usual"), "none").equals("usual"),
        limits);
  }

  /** What is not named is not limited. */
  Limits limits(Fields fields) {
    Limits limits = fields.truth("counted") ? Limits.COUNTED : Limits.NONE;
    Optional<Long> memory = fields.optionalText("memory").flatMap(text -> bytes(fields, text));
    if (memory.isPresent()) {
      limits = limits.withMemoryBytes(memory.get());
    }
    Optional<Double> cpus = fields.optionalText("cpus").flatMap(text -> share(fields, text));
    if (cpus.isPresent()) {
      limits = limits.withCpus(cpus.get());
    }
    if (fields.has("pids")) {
      int pids = fields.whole("pids");
      if (pids < 1) {
        problems.add(file, fields.line("pids"), "\"pids\" must be a whole number from 1");
      }
      limits = limits.withPids(pids);
    }
    return limits;
  }

  private Optional<Long> bytes(Fields fields, String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      problems.add(
          file,
          fields.line("memory"),
          "\"memory\" must be a number of bytes with k, m or g, such as \"64m\"");
      return Optional.empty();
    }
    int power = "kmg".indexOf(size.group(2)) + 1;
    return Optional.of(Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power));
  }

  private Optional<Double> share(Fields fields, String text) {
    try {
      double cpus = Double.parseDouble(text);
      if (cpus > 0 && cpus < 1e6) {
        return Optional.of(cpus);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    problems.add(
        file,
        fields.line("cpus"),
        "\"cpus\" must be processors' worth of time as a text, such as \"0.2\"");
    return Optional.empty();
  }

  private static Set<String> ordered(String... words) {
    return new LinkedHashSet<>(Arrays.asList(words));
  }
}
