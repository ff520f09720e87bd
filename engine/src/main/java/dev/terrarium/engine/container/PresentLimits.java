package dev.terrarium.engine.container;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.capability.ProcessCapabilities;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a running process is kept from, as the kernel tells it: whoever joins it is to be kept from
 * the same. Nobody need remember how it was made. Source: proc_pid_status(5),
 * proc_pid_oom_score_adj(5), user_namespaces(7).
 *
 * @param hardening its bounding set, if it lacks something; no_new_privs; whether it is under a
 *     filter of system calls that refuses some; its OOM score
 * @param ids empty without a user namespace of its own
 */
record PresentLimits(Hardening hardening, Optional<IdMap> ids) {

  /**
   * Reads them.
   *
   * @param heard whether one of its filters only listens
   * @throws IOException if the process is gone
   */
  static PresentLimits of(int pid, boolean heard) throws IOException {
    Path process = Path.of("/proc", Integer.toString(pid));
    List<String> status = Files.readAllLines(process.resolve("status"));
    Hardening hardening =
        new Hardening(
            capabilities(
                ProcessCapabilities.parse(status).bounding(), ProcessCapabilities.of(own())),
            value(status, "NoNewPrivs:").equals("1"),
            value(status, "Seccomp:").equals("2") && filters(status) > (heard ? 1 : 0),
            java.util.Map.of(),
            score(process),
            true,
            // It goes into the same cgroup.
            false);
    boolean apart = !ProcessLinks.apart(pid, EnumSet.of(NamespaceType.USER)).isEmpty();
    return new PresentLimits(hardening, apart ? Optional.of(ids(process)) : Optional.empty());
  }

  /** How many there are; kernels that do not say so are older than those that listen. */
  private static int filters(List<String> status) {
    String count = value(status, "Seccomp_filters:");
    return count.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(count);
  }

  private static int own() {
    return (int) ProcessHandle.current().pid();
  }

  private static String value(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(key.length()).strip())
        .orElse("");
  }

  /** Named, unless it is all that anybody could have. */
  private static Optional<Set<String>> capabilities(
      CapabilitySet bounding, ProcessCapabilities engine) {
    if (engine.bounding().and(bounding).equals(engine.bounding())) {
      return Optional.empty();
    }
    return Optional.of(bounding.names().stream().collect(Collectors.toSet()));
  }

  private static OptionalInt score(Path process) throws IOException {
    int score = readScore(process);
    return score == readScore(Path.of("/proc/self")) ? OptionalInt.empty() : OptionalInt.of(score);
  }

  private static int readScore(Path process) throws IOException {
    return Integer.parseInt(Files.readString(process.resolve("oom_score_adj")).strip());
  }

  /** A single mapping is one line for one id. */
  static IdMap ids(Path process) throws IOException {
    List<String> lines = Files.readAllLines(process.resolve("uid_map"));
    boolean single = lines.size() == 1 && lines.getFirst().strip().endsWith(" 1");
    return single ? IdMap.SINGLE : IdMap.RANGES;
  }

  /**
   * The steps by which the program gives up the same.
   *
   * @param heard whether it is to be listened to as well
   */
  List<Step> steps(Program program, Stdio stdio, boolean heard) {
    Set<NamespaceType> own =
        ids.isPresent() ? EnumSet.of(NamespaceType.USER) : EnumSet.noneOf(NamespaceType.class);
    ContainerSpec likewise =
        ContainerSpec.of("exec", own, new Root.Host(), Proc.HOST, program.argv())
            .withNamespaces(Namespaces.of(own).withIds(ids.orElse(IdMap.SINGLE)))
            .withProgram(program)
            .withStdio(stdio)
            .withHardening(hardening)
            .withWire(heard);
    return HardeningChapter.of(likewise);
  }
}
