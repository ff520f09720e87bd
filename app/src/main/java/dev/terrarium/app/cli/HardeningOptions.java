package dev.terrarium.app.cli;

import dev.terrarium.engine.capability.Capability;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.syscall.ResourceLimit;
import dev.terrarium.engine.text.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a container's program is kept from. */
final class HardeningOptions {
  @Option(
      names = "--cap-add",
      paramLabel = "CAP",
      split = ",",
      description = "A capability beyond the usual 14, such as NET_ADMIN, or ALL.")
  private List<String> added = new ArrayList<>();

  @Option(
      names = "--cap-drop",
      paramLabel = "CAP",
      split = ",",
      description = "A capability less, or ALL; what is added stays.")
  private List<String> dropped = new ArrayList<>();

  @Option(names = "--no-seccomp", description = "No system call is refused by a filter.")
  private boolean noSeccomp;

  @Option(
      names = "--new-privileges",
      description = "Set-user-ID programs work: execve(2) may give more rights.")
  private boolean newPrivileges;

  @Option(
      names = {"--rlimit", "--ulimit"},
      paramLabel = "NAME=SOFT[:HARD]",
      description = "A limit of the process, such as nofile=64:128. Can be repeated.")
  private List<String> resourceLimits = new ArrayList<>();

  @Option(
      names = "--oom-score-adj",
      paramLabel = "N",
      description = "How gladly the kernel kills it when memory is short, -1000 to 1000.")
  private @Nullable Integer oomScore;

  /**
   * All of it.
   *
   * @param bare whether nothing is kept from it unless asked for
   */
  Hardening hardening(boolean bare) {
    Hardening hardening = bare ? Hardening.NONE : Hardening.USUAL;
    if (!added.isEmpty() || !dropped.isEmpty()) {
      hardening = hardening.withCapabilities(kept(hardening));
    }
    if (noSeccomp) {
      hardening = hardening.withDenyList(false);
    }
    if (newPrivileges) {
      hardening = hardening.withNoNewPrivileges(false);
    }
    if (!resourceLimits.isEmpty()) {
      hardening = hardening.withResourceLimits(limits());
    }
    return oomScore == null ? hardening : hardening.withOomScoreAdjust(oomScore);
  }

  private Set<String> kept(Hardening before) {
    Set<String> all = new TreeSet<>();
    for (Capability each : Capability.values()) {
      if (each.number() <= Capability.lastOfKernel()) {
        all.add(each.name());
      }
    }
    Set<String> kept = new TreeSet<>(before.capabilities().orElse(all));
    for (String word : dropped) {
      kept.removeAll(meant("--cap-drop", word, all));
    }
    for (String word : added) {
      kept.addAll(meant("--cap-add", word, all));
    }
    return kept;
  }

  private static Set<String> meant(String option, String word, Set<String> all) {
    String upper = word.toUpperCase(Locale.ROOT);
    if (upper.equals("ALL")) {
      return all;
    }
    String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    if (Capability.named(name).isEmpty()) {
      throw Failure.usage(
          "%s: '%s' is no capability%s; capabilities(7) lists them"
              .formatted(option, word, Nearest.question(name, all)));
    }
    return Set.of(name);
  }

  private Map<String, Rlimit> limits() {
    Map<String, Rlimit> limits = new TreeMap<>();
    for (String word : resourceLimits) {
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      List<String> known =
          Arrays.stream(ResourceLimit.values()).map(ResourceLimit::option).toList();
      if (!known.contains(option)) {
        throw Failure.usage(
            "--rlimit: '%s' is no limit of a process%s; it is one of %s"
                .formatted(option, Nearest.question(option, known), String.join(", ", known)));
      }
      String[] values = word.substring(equals + 1).split(":", -1);
      if (equals < 0 || values.length > 2) {
        throw Failure.usage(
            "--rlimit: '" + word + "' is not NAME=SOFT:HARD, such as nofile=64:128");
      }
      limits.put(
          "RLIMIT_" + option.toUpperCase(Locale.ROOT),
          new Rlimit(value(word, values[0]), value(word, values[values.length - 1])));
    }
    return limits;
  }

  private static long value(String word, String text) {
    if (text.equals("unlimited") || text.equals("-1")) {
      return Rlimit.UNLIMITED;
    }
    if (!text.matches("\\d{1,18}")) {
      throw Failure.usage(
          "--rlimit: '%s': '%s' is neither a number nor unlimited".formatted(word, text));
    }
    return Long.parseLong(text);
  }
}
