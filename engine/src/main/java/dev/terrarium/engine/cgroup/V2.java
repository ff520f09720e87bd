package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Version 2: one hierarchy, and a cgroup either has processes or hands controllers down. Source:
 * kernel document admin-guide/cgroup-v2.
 *
 * @param base the folder below which cgroups are made
 * @param controllers that it may hand down
 */
public record V2(Path base, Set<String> controllers) implements Driver {
  static final String SUBTREE_CONTROL = "cgroup.subtree_control";

  /** Microseconds; the kernel's default. */
  private static final int PERIOD = 100_000;

  private static final int USUAL_WEIGHT = 100;

  public V2 {
    controllers = Set.copyOf(controllers);
  }

  private Path folder(String cgroup) {
    return base.resolve(cgroup);
  }

  @Override
  public List<Path> folders(String cgroup) {
    return List.of(folder(cgroup));
  }

  /**
   * A controller's files are there only where the cgroup above hands it down, and that one its own
   * above: so the first cgroup below the base asks the base as well.
   */
  @Override
  public List<Edit> makeInner(String cgroup) {
    List<Edit> edits = new ArrayList<>();
    edits.add(new Edit.Mkdir(folder(cgroup)));
    if (Path.of(cgroup).getNameCount() == 1) {
      edits.add(handDown(base));
    }
    edits.add(handDown(folder(cgroup)));
    return edits;
  }

  private Edit handDown(Path folder) {
    String wanted =
        CONTROLLERS.stream()
            .filter(controllers::contains)
            .map(controller -> "+" + controller)
            .collect(Collectors.joining(" "));
    return new Edit.Write(folder.resolve(SUBTREE_CONTROL), wanted);
  }

  @Override
  public List<Edit> makeLeaf(String cgroup) {
    return List.of(new Edit.Mkdir(folder(cgroup)));
  }

  @Override
  public List<Edit> enter(String cgroup, int pid) {
    return List.of(write(cgroup, "cgroup.procs", Integer.toString(pid)));
  }

  @Override
  public List<Edit> limit(String cgroup, Limits from, Limits to) {
    List<Edit> edits = new ArrayList<>();
    if (!from.cpus().equals(to.cpus())) {
      edits.add(write(cgroup, "cpu.max", quota(to.cpus()) + " " + PERIOD));
    }
    if (!from.cpuWeight().equals(to.cpuWeight())) {
      edits.add(write(cgroup, "cpu.weight", Integer.toString(to.cpuWeight().orElse(USUAL_WEIGHT))));
    }
    if (!from.cpuset().equals(to.cpuset())) {
      edits.add(write(cgroup, "cpuset.cpus", to.cpuset().orElse("")));
    }
    if (!from.memoryBytes().equals(to.memoryBytes())) {
      edits.add(write(cgroup, "memory.max", orMax(to.memoryBytes())));
    }
    if (!from.swapBytes().equals(to.swapBytes())) {
      edits.add(write(cgroup, "memory.swap.max", orMax(to.swapBytes())));
    }
    if (!from.pids().equals(to.pids())) {
      edits.add(write(cgroup, "pids.max", orMax(to.pids())));
    }
    for (Limits.Io throttle : Throttles.changed(from, to)) {
      edits.add(write(cgroup, "io.max", line(throttle)));
    }
    return edits;
  }

  private static String quota(OptionalDouble cpus) {
    return cpus.isEmpty() ? "max" : Long.toString(Math.round(cpus.getAsDouble() * PERIOD));
  }

  private static String orMax(OptionalLong value) {
    return value.isEmpty() ? "max" : Long.toString(value.getAsLong());
  }

  private static String line(Limits.Io throttle) {
    return "%s rbps=%s wbps=%s riops=%s wiops=%s"
        .formatted(
            throttle.device(),
            orMax(throttle.readBytes()),
            orMax(throttle.writeBytes()),
            orMax(throttle.readOperations()),
            orMax(throttle.writeOperations()));
  }

  private Edit write(String cgroup, String file, String value) {
    return new Edit.Write(folder(cgroup).resolve(file), value);
  }

  @Override
  public List<String> problems(Limits limits) {
    return Needs.of(limits, "io").entrySet().stream()
        .filter(need -> !controllers.contains(need.getKey()))
        .map(need ->
            "%s needs the %s controller, which %s does not have: %s"
                .formatted(need.getValue(), need.getKey(), base, Remedy.noController(base)))
        .toList();
  }

  /** No controller and no file: a program. That takes root's rights on the host. */
  @Override
  public boolean guardsDevices() {
    return true;
  }

  @Override
  public Optional<Edit> freeze(String cgroup, boolean frozen) {
    return Optional.of(freeze(folder(cgroup), frozen));
  }

  static Edit freeze(Path folder, boolean frozen) {
    return new Edit.Write(folder.resolve("cgroup.freeze"), frozen ? "1" : "0");
  }

  @Override
  public boolean frozen(String cgroup) {
    return frozen(folder(cgroup));
  }

  static boolean frozen(Path folder) {
    return CgroupFile.keyed(folder.resolve("cgroup.events")).getOrDefault("frozen", 0L) == 1;
  }

  @Override
  public Limits limits(String cgroup) {
    Path folder = folder(cgroup);
    return new Limits(
        cpus(CgroupFile.text(folder.resolve("cpu.max"))),
        weight(CgroupFile.number(folder.resolve("cpu.weight"))),
        CgroupFile.text(folder.resolve("cpuset.cpus")).filter(cpus -> !cpus.isEmpty()),
        CgroupFile.number(folder.resolve("memory.max")),
        CgroupFile.number(folder.resolve("memory.swap.max")),
        CgroupFile.number(folder.resolve("pids.max")),
        throttles(folder),
        true);
  }

  /** From {@code QUOTA PERIOD}. */
  private static OptionalDouble cpus(Optional<String> max) {
    String[] words = max.orElse("max").split(" ");
    OptionalLong quota = CgroupFile.number(words[0]);
    return quota.isEmpty() || words.length < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) quota.getAsLong() / Long.parseLong(words[1]));
  }

  private static OptionalInt weight(OptionalLong weight) {
    return weight.isEmpty() || weight.getAsLong() == USUAL_WEIGHT
        ? OptionalInt.empty()
        : OptionalInt.of((int) weight.getAsLong());
  }

  private static List<Limits.Io> throttles(Path folder) {
    return CgroupFile.nested(folder.resolve("io.max")).entrySet().stream()
        .map(entry ->
            new Limits.Io(
                entry.getKey(),
                limit(entry.getValue(), "rbps"),
                limit(entry.getValue(), "wbps"),
                limit(entry.getValue(), "riops"),
                limit(entry.getValue(), "wiops")))
        .toList();
  }

  private static OptionalLong limit(Map<String, Long> values, String key) {
    Long value = values.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public CgroupUsage usage(String cgroup) {
    Path folder = folder(cgroup);
    return new CgroupUsage(
        cpu(folder), memory(folder), pids(folder), io(folder), PressureFiles.read(folder));
  }

  /** Time is counted in every cgroup, periods where the cpu controller is. */
  static Optional<CgroupUsage.Cpu> cpu(Path folder) {
    Map<String, Long> stat = CgroupFile.keyed(folder.resolve("cpu.stat"));
    return stat.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CgroupUsage.Cpu(
                stat.getOrDefault("usage_usec", 0L),
                stat.getOrDefault("user_usec", 0L),
                stat.getOrDefault("system_usec", 0L),
                stat.getOrDefault("nr_periods", 0L),
                stat.getOrDefault("nr_throttled", 0L),
                stat.getOrDefault("throttled_usec", 0L)));
  }

  private static Optional<CgroupUsage.Memory> memory(Path folder) {
    OptionalLong now = CgroupFile.number(folder.resolve("memory.current"));
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> events = CgroupFile.keyed(folder.resolve("memory.events"));
    return Optional.of(
        new CgroupUsage.Memory(
            now.getAsLong(),
            CgroupFile.number(folder.resolve("memory.peak")),
            CgroupFile.number(folder.resolve("memory.max")),
            CgroupFile.number(folder.resolve("memory.swap.current")).orElse(0),
            events.getOrDefault("max", 0L),
            events.getOrDefault("oom_kill", 0L)));
  }

  /** The same in both versions. */
  static Optional<CgroupUsage.Pids> pids(Path folder) {
    OptionalLong count = CgroupFile.number(folder.resolve("pids.current"));
    return count.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CgroupUsage.Pids(
                count.getAsLong(),
                CgroupFile.number(folder.resolve("pids.max")),
                CgroupFile.keyed(folder.resolve("pids.events")).getOrDefault("max", 0L)));
  }

  private static List<CgroupUsage.Io> io(Path folder) {
    return CgroupFile.nested(folder.resolve("io.stat")).entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(entry ->
            new CgroupUsage.Io(
                entry.getKey(),
                entry.getValue().getOrDefault("rbytes", 0L),
                entry.getValue().getOrDefault("wbytes", 0L),
                entry.getValue().getOrDefault("rios", 0L),
                entry.getValue().getOrDefault("wios", 0L)))
        .toList();
  }

  @Override
  public MemoryStat memoryStat(String cgroup) {
    Map<String, Long> stat = CgroupFile.keyed(folder(cgroup).resolve("memory.stat"));
    return new MemoryStat(
        stat.getOrDefault("anon", 0L),
        stat.getOrDefault("file", 0L),
        stat.getOrDefault("shmem", 0L),
        stat.getOrDefault("file_mapped", 0L),
        stat.getOrDefault("file_dirty", 0L),
        stat.getOrDefault("file_writeback", 0L),
        stat.getOrDefault("active_anon", 0L),
        stat.getOrDefault("inactive_anon", 0L),
        stat.getOrDefault("active_file", 0L),
        stat.getOrDefault("inactive_file", 0L),
        stat.getOrDefault("unevictable", 0L),
        stat.getOrDefault("slab_reclaimable", 0L),
        stat.getOrDefault("slab_unreclaimable", 0L));
  }

  @Override
  public String processors(String cgroup) {
    return CgroupFile.text(folder(cgroup).resolve("cpuset.cpus.effective")).orElse("");
  }
}
