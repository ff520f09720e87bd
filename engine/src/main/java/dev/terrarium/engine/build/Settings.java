package dev.terrarium.engine.build;

import dev.terrarium.engine.dockerfile.Command;
import dev.terrarium.engine.dockerfile.Instruction;
import dev.terrarium.engine.dockerfile.Instruction.Pair;
import dev.terrarium.engine.dockerfile.Substitution;
import dev.terrarium.engine.dockerfile.Word;
import dev.terrarium.engine.image.ImageConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Instructions that change how the image is run and no file in it. Pure. Source: OCI image-spec,
 * config; Docker image specification v1.2 for what OCI leaves out (Healthcheck, OnBuild, Shell).
 */
final class Settings {
  static final List<String> USUAL_SHELL = List.of("/bin/sh", "-c");

  /** What a root without a word about it has. */
  static final String USUAL_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A changed configuration.
   *
   * @param meaning the instruction as the history has it, its variables replaced
   */
  record Change(ImageConfig config, String meaning) {}

  private final ImageConfig config;
  private final Substitution words;

  /**
   * For one instruction.
   *
   * @param words replaces variables
   */
  Settings(ImageConfig config, Substitution words) {
    this.config = config;
    this.words = words;
  }

  static List<String> shell(ImageConfig config) {
    List<String> own = config.list("Shell");
    return own.isEmpty() ? USUAL_SHELL : own;
  }

  Change env(Instruction.Env env) {
    // All of a line see what was before it.
    Map<String, String> fresh = pairs(env.variables());
    return new Change(
        config.with("Env", withVariables(config.env(), fresh)), "ENV " + shown(fresh));
  }

  /** A variable keeps its place when it gets another value. */
  static List<String> withVariables(List<String> before, Map<String, String> fresh) {
    Map<String, String> all = new LinkedHashMap<>();
    before.forEach(variable -> {
      int equals = variable.indexOf('=');
      all.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    });
    all.putAll(fresh);
    return all.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  Change label(Instruction.Label label) {
    Map<String, String> fresh = pairs(label.labels());
    ImageConfig changed = config;
    for (Map.Entry<String, String> entry : fresh.entrySet()) {
      changed = changed.withEntry("Labels", entry.getKey(), Optional.of(entry.getValue()));
    }
    return new Change(changed, "LABEL " + shown(fresh));
  }

  private Map<String, String> pairs(List<Pair> pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    pairs.forEach(pair -> values.put(words.of(pair.name()), words.of(pair.value())));
    return values;
  }

  private static String shown(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  Change user(Instruction.User user) {
    String name = words.of(user.user());
    return new Change(config.with("User", name), "USER " + name);
  }

  Change stopSignal(Instruction.StopSignal stop) {
    String signal = words.of(stop.signal());
    return new Change(config.with("StopSignal", signal), "STOPSIGNAL " + signal);
  }

  Change expose(Instruction.Expose expose) {
    List<String> ports = new ArrayList<>();
    for (Word word : expose.ports()) {
      for (String port : words.wordsOf(word)) {
        if (!port.matches("\\d{1,5}(-\\d{1,5})?(/(tcp|udp|sctp))?")) {
          throw new IllegalArgumentException(
              "\"%s\" is no port: PORT, FROM-TO, with /tcp, /udp or /sctp".formatted(port));
        }
        ports.addAll(each(port));
      }
    }
    ImageConfig changed = config;
    for (String port : ports) {
      changed = changed.withEntry("ExposedPorts", port, Optional.empty());
    }
    return new Change(changed, "EXPOSE [" + String.join(" ", ports) + "]");
  }

  private static List<String> each(String port) {
    String protocol = port.contains("/") ? port.substring(port.indexOf('/')) : "/tcp";
    String[] ends = port.replaceAll("/.*", "").split("-", 2);
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[ends.length - 1]);
    if (last < first || last > 65535) {
      throw new IllegalArgumentException("\"%s\" is no range of ports".formatted(port));
    }
    return IntStream.rangeClosed(first, last).mapToObj(number -> number + protocol).toList();
  }

  Change volume(Instruction.Volume volume) {
    List<String> folders = volume.folders().stream().map(words::of).toList();
    ImageConfig changed = config;
    for (String folder : folders) {
      if (folder.isBlank()) {
        throw new IllegalArgumentException("VOLUME of nothing: name a folder, VOLUME /data");
      }
      changed = changed.withEntry("Volumes", folder, Optional.empty());
    }
    return new Change(changed, "VOLUME [" + String.join(" ", folders) + "]");
  }

  Change cmd(Instruction.Cmd cmd) {
    List<String> argv = cmd.command().argv(shell(config));
    return new Change(config.with("Cmd", argv), "CMD " + shown(argv));
  }

  /**
   * An entrypoint ends what the base image's command was for.
   *
   * @param ownCmd whether the stage itself has said CMD
   */
  Change entrypoint(Instruction.Entrypoint entrypoint, boolean ownCmd) {
    List<String> argv = entrypoint.command().argv(shell(config));
    ImageConfig changed = config.with("Entrypoint", argv);
    return new Change(ownCmd ? changed : changed.without("Cmd"), "ENTRYPOINT " + shown(argv));
  }

  Change shell(Instruction.Shell shell) {
    return new Change(
        config.with("Shell", shell.argv()), "SHELL [" + String.join(" ", shell.argv()) + "]");
  }

  private static String shown(List<String> argv) {
    return argv.stream()
        .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }

  Change healthcheck(Instruction.Healthcheck check) {
    Map<String, Object> value = new LinkedHashMap<>();
    if (check.probe().isEmpty()) {
      value.put("Test", List.of("NONE"));
    } else {
      Instruction.Probe probe = check.probe().get();
      value.put("Test", test(probe.command()));
      duration(value, "Interval", probe.interval());
      duration(value, "Timeout", probe.timeout());
      duration(value, "StartPeriod", probe.startPeriod());
      duration(value, "StartInterval", probe.startInterval());
      probe.retries().ifPresent(retries -> value.put("Retries", retries));
    }
    return new Change(
        config.withRaw("Healthcheck", JSON.writeValueAsString(value)), check.source().text());
  }

  private static List<String> test(Command command) {
    return switch (command) {
      case Command.ShellForm(String script) -> List.of("CMD-SHELL", script);
      case Command.ExecForm(List<String> argv) -> {
        List<String> test = new ArrayList<>(List.of("CMD"));
        test.addAll(argv);
        yield test;
      }
    };
  }

  /** In nanoseconds. */
  private static void duration(Map<String, Object> value, String key, Optional<Duration> given) {
    given.ifPresent(duration -> value.put(key, duration.toNanos()));
  }

  Change onBuild(Instruction.OnBuild onBuild) {
    List<String> triggers = new ArrayList<>(config.list("OnBuild"));
    triggers.add(onBuild.trigger());
    return new Change(config.with("OnBuild", triggers), "ONBUILD " + onBuild.trigger());
  }

  Change maintainer(Instruction.Maintainer maintainer) {
    return new Change(config.withAuthor(maintainer.name()), "MAINTAINER " + maintainer.name());
  }

  /** Absolute, without dots. */
  static String workdir(String before, String folder) {
    String all = folder.startsWith("/") ? folder : before + "/" + folder;
    return "/" + String.join("/", normal(all));
  }

  private static List<String> normal(String path) {
    List<String> kept = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
    }
    return kept;
  }
}
