package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Version 1: a hierarchy for each controller, or for a few, and a cgroup is a folder in each. On a
 * hybrid host the tree of version 2, which has no controllers then, still counts time and pressure,
 * and kills. Source: kernel document admin-guide/cgroup-v1.
 *
 * @param bases by controller, the folder below which cgroups are made
 * @param unified the same in the tree of version 2
 * @param processors of the base's cpuset: a new one has none, and can have no process until it has
 * @param memoryNodes likewise
 */
public record V1(
    Map<String, Path> bases, Optional<Path> unified, String processors, String memoryNodes)
    implements Driver {

  /** Microseconds; the kernel's default. */
  private static final int PERIOD = 100_000;

  /** What weight 100 of version 2 is in shares: the kernel converts so itself. */
  private static final int USUAL_SHARES = 1024;

  private static final String UNLIMITED = "-1";

  public V1 {
    bases = Map.copyOf(bases);
  }

  @Override
  public Set<String> controllers() {
    return bases.keySet();
  }

  /** That of the freezer, made last, is the first to be removed: the others are empty then. */
  @Override
  public List<Path> folders(String cgroup) {
    List<Optional<Path>> hierarchies = new ArrayList<>();
    CONTROLLERS.forEach(controller -> hierarchies.add(Optional.ofNullable(bases.get(controller))));
    hierarchies.add(hierarchies.size() - 1, unified);
    return hierarchies.stream()
        .flatMap(Optional::stream)
        .distinct()
        .map(base -> base.resolve(cgroup))
        .toList();
  }

  private Optional<Path> file(String controller, String cgroup, String file) {
    return Optional.ofNullable(bases.get(controller))
        .map(base -> base.resolve(cgroup).resolve(file));
  }

  /** Where a file of a controller is that has been asked for before. */
  private Path there(String controller, String cgroup, String file) {
    return file(controller, cgroup, file).orElseThrow();
  }

  @Override
  public List<Edit> makeInner(String cgroup) {
    return makeLeaf(cgroup);
  }

  @Override
  public List<Edit> makeLeaf(String cgroup) {
    List<Edit> edits = new ArrayList<>();
    folders(cgroup).forEach(folder -> edits.add(new Edit.Mkdir(folder)));
    if (bases.containsKey("cpuset")) {
      edits.add(write("cpuset", cgroup, "cpuset.mems", memoryNodes));
      edits.add(write("cpuset", cgroup, "cpuset.cpus", processors));
    }
    return edits;
  }

  @Override
  public List<Edit> enter(String cgroup, int pid) {
    return folders(cgroup).stream()
        .map(folder -> (Edit) new Edit.Write(folder.resolve("cgroup.procs"), Integer.toString(pid)))
        .toList();
  }

  private Edit write(String controller, String cgroup, String file, String value) {
    return new Edit.Write(there(controller, cgroup, file), value);
  }

  @Override
  public List<Edit> limit(String cgroup, Limits from, Limits to) {
    List<Edit> edits = new ArrayList<>();
    if (!from.cpus().equals(to.cpus())) {
      edits.add(write("cpu", cgroup, "cpu.cfs_quota_us", quota(to.cpus())));
    }
    if (!from.cpuWeight().equals(to.cpuWeight())) {
      edits.add(write("cpu", cgroup, "cpu.shares", shares(to.cpuWeight())));
    }
    if (!from.cpuset().equals(to.cpuset())) {
      edits.add(write("cpuset", cgroup, "cpuset.cpus", to.cpuset().orElse(processors)));
    }
    edits.addAll(memory(cgroup, from, to));
    if (!from.pids().equals(to.pids())) {
      String most = to.pids().isPresent() ? Long.toString(to.pids().getAsLong()) : "max";
      edits.add(write("pids", cgroup, "pids.max", most));
    }
    for (Limits.Io throttle : Throttles.changed(from, to)) {
      edits.addAll(throttle(cgroup, Throttles.of(from, throttle.device()), throttle));
    }
    return edits;
  }

  private static String quota(OptionalDouble cpus) {
    return cpus.isEmpty() ? UNLIMITED : Long.toString(Math.round(cpus.getAsDouble() * PERIOD));
  }

  private static String shares(OptionalInt weight) {
    return Long.toString(Math.max(2, Math.round(weight.orElse(100) * USUAL_SHARES / 100.0)));
  }

  /**
   * Memory with swap can never be limited to less than memory: what grows is written from the
   * outside in, what shrinks from the inside out.
   */
  private List<Edit> memory(String cgroup, Limits from, Limits to) {
    List<Edit> edits = new ArrayList<>();
    if (!from.memoryBytes().equals(to.memoryBytes())) {
      edits.add(write("memory", cgroup, "memory.limit_in_bytes", bytes(to.memoryBytes())));
    }
    OptionalLong before = withSwap(from);
    OptionalLong after = withSwap(to);
    if (!before.equals(after)) {
      Edit both = write("memory", cgroup, "memory.memsw.limit_in_bytes", bytes(after));
      boolean grows = after.orElse(Long.MAX_VALUE) > before.orElse(Long.MAX_VALUE);
      edits.add(grows ? 0 : edits.size(), both);
    }
    return edits;
  }

  private static OptionalLong withSwap(Limits limits) {
    return limits.swapBytes().isEmpty() || limits.memoryBytes().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(limits.memoryBytes().getAsLong() + limits.swapBytes().getAsLong());
  }

  private static String bytes(OptionalLong most) {
    return most.isEmpty() ? UNLIMITED : Long.toString(most.getAsLong());
  }

  /** One of the four files of a throttle, and what it limits. */
  private enum Throttle {
    READ_BYTES("read_bps"),
    WRITE_BYTES("write_bps"),
    READ_OPERATIONS("read_iops"),
    WRITE_OPERATIONS("write_iops");

    private final String file;

    Throttle(String name) {
      this.file = "blkio.throttle." + name + "_device";
    }

    OptionalLong of(Limits.Io io) {
      return switch (this) {
        case READ_BYTES -> io.readBytes();
        case WRITE_BYTES -> io.writeBytes();
        case READ_OPERATIONS -> io.readOperations();
        case WRITE_OPERATIONS -> io.writeOperations();
      };
    }
  }

  /** Zero takes a throttle away. */
  private List<Edit> throttle(String cgroup, Limits.Io from, Limits.Io to) {
    return Stream.of(Throttle.values())
        .filter(throttle -> !throttle.of(from).equals(throttle.of(to)))
        .map(throttle ->
            write("blkio", cgroup, throttle.file, to.device() + " " + throttle.of(to).orElse(0)))
        .toList();
  }

  @Override
  public List<String> problems(Limits limits) {
    List<String> problems = new ArrayList<>();
    Needs.of(limits, "blkio")
        .forEach((controller, what) -> {
          if (!bases.containsKey(controller)) {
            problems.add(
                "%s needs the %s controller, which no hierarchy has in which cgroups can be made: %s"
                    .formatted(what, controller, Remedy.noHierarchy(controller)));
          }
        });
    if (limits.swapBytes().isPresent()
        && file("memory", "", "memory.memsw.limit_in_bytes").stream().noneMatch(Files::exists)) {
      problems.add(
          "a limit of swap needs a kernel that accounts for swap: start it with swapaccount=1");
    }
    return problems;
  }

  @Override
  public boolean guardsDevices() {
    return bases.containsKey("devices");
  }

  /** First nothing is allowed any more, then some. */
  public List<Edit> devices(String cgroup, List<DeviceRule> allowed) {
    return Stream.concat(
            Stream.of(write("devices", cgroup, "devices.deny", "a")),
            allowed.stream().map(rule -> write("devices", cgroup, "devices.allow", rule.line())))
        .toList();
  }

  @Override
  public Optional<Edit> freeze(String cgroup, boolean frozen) {
    return file("freezer", cgroup, "freezer.state")
        .map(state -> (Edit) new Edit.Write(state, frozen ? "FROZEN" : "THAWED"))
        .or(() -> unified.map(base -> V2.freeze(base.resolve(cgroup), frozen)));
  }

  @Override
  public boolean frozen(String cgroup) {
    return text("freezer", cgroup, "freezer.state")
        .map("FROZEN"::equals)
        .orElseGet(() -> unified.filter(base -> V2.frozen(base.resolve(cgroup))).isPresent());
  }

  private Optional<String> text(String controller, String cgroup, String file) {
    return file(controller, cgroup, file).flatMap(CgroupFile::text);
  }

  private OptionalLong number(String controller, String cgroup, String file) {
    return text(controller, cgroup, file).map(CgroupFile::number).orElse(OptionalLong.empty());
  }

  private Map<String, Long> keyed(String controller, String cgroup, String file) {
    return file(controller, cgroup, file).map(CgroupFile::keyed).orElse(Map.of());
  }

  @Override
  public Limits limits(String cgroup) {
    OptionalLong memory = number("memory", cgroup, "memory.limit_in_bytes");
    OptionalLong withSwap = number("memory", cgroup, "memory.memsw.limit_in_bytes");
    return new Limits(
        cpus(cgroup),
        weight(number("cpu", cgroup, "cpu.shares")),
        text("cpuset", cgroup, "cpuset.cpus").filter(cpus -> !cpus.equals(processors)),
        memory,
        memory.isEmpty() || withSwap.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(withSwap.getAsLong() - memory.getAsLong()),
        number("pids", cgroup, "pids.max"),
        throttles(cgroup),
        true);
  }

  private OptionalDouble cpus(String cgroup) {
    OptionalLong quota = number("cpu", cgroup, "cpu.cfs_quota_us");
    OptionalLong period = number("cpu", cgroup, "cpu.cfs_period_us");
    return quota.isEmpty() || period.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) quota.getAsLong() / period.getAsLong());
  }

  private static OptionalInt weight(OptionalLong shares) {
    return shares.isEmpty() || shares.getAsLong() == USUAL_SHARES
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.round(shares.getAsLong() * 100.0 / USUAL_SHARES));
  }

  private List<Limits.Io> throttles(String cgroup) {
    Map<Throttle, Map<String, Long>> values = new LinkedHashMap<>();
    for (Throttle throttle : Throttle.values()) {
      values.put(throttle, keyed("blkio", cgroup, throttle.file));
    }
    return values.values().stream()
        .flatMap(devices -> devices.keySet().stream())
        .distinct()
        .map(device ->
            new Limits.Io(
                device,
                of(values, Throttle.READ_BYTES, device),
                of(values, Throttle.WRITE_BYTES, device),
                of(values, Throttle.READ_OPERATIONS, device),
                of(values, Throttle.WRITE_OPERATIONS, device)))
        .toList();
  }

  private static OptionalLong of(
      Map<Throttle, Map<String, Long>> values, Throttle throttle, String device) {
    Long value = values.getOrDefault(throttle, Map.of()).get(device);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public CgroupUsage usage(String cgroup) {
    return new CgroupUsage(
        cpu(cgroup),
        memory(cgroup),
        file("pids", cgroup, "").flatMap(V2::pids),
        io(cgroup),
        unified.map(base -> PressureFiles.read(base.resolve(cgroup))).orElse(Map.of()));
  }

  /** Of cpuacct, which counts in nanoseconds; without it the tree of version 2 counts as well. */
  private Optional<CgroupUsage.Cpu> cpu(String cgroup) {
    OptionalLong nanos = number("cpuacct", cgroup, "cpuacct.usage");
    Map<String, Long> periods = keyed("cpu", cgroup, "cpu.stat");
    if (nanos.isEmpty()) {
      return unified.flatMap(base -> V2.cpu(base.resolve(cgroup)));
    }
    return Optional.of(
        new CgroupUsage.Cpu(
            nanos.getAsLong() / 1000,
            number("cpuacct", cgroup, "cpuacct.usage_user").orElse(0) / 1000,
            number("cpuacct", cgroup, "cpuacct.usage_sys").orElse(0) / 1000,
            periods.getOrDefault("nr_periods", 0L),
            periods.getOrDefault("nr_throttled", 0L),
            periods.getOrDefault("throttled_time", 0L) / 1000));
  }

  private Optional<CgroupUsage.Memory> memory(String cgroup) {
    OptionalLong now = number("memory", cgroup, "memory.usage_in_bytes");
    if (now.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CgroupUsage.Memory(
            now.getAsLong(),
            number("memory", cgroup, "memory.max_usage_in_bytes"),
            number("memory", cgroup, "memory.limit_in_bytes"),
            keyed("memory", cgroup, "memory.stat").getOrDefault("total_swap", 0L),
            number("memory", cgroup, "memory.failcnt").orElse(0),
            keyed("memory", cgroup, "memory.oom_control").getOrDefault("oom_kill", 0L)));
  }

  /** Lines of {@code MAJOR:MINOR Read NUMBER}. */
  private List<CgroupUsage.Io> io(String cgroup) {
    Map<String, Long> bytes = perDevice(cgroup, "blkio.throttle.io_service_bytes_recursive");
    Map<String, Long> operations = perDevice(cgroup, "blkio.throttle.io_serviced_recursive");
    return bytes.keySet().stream()
        .map(key -> key.split(" ", 2)[0])
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(device ->
            new CgroupUsage.Io(
                device,
                bytes.getOrDefault(device + " Read", 0L),
                bytes.getOrDefault(device + " Write", 0L),
                operations.getOrDefault(device + " Read", 0L),
                operations.getOrDefault(device + " Write", 0L)))
        .toList();
  }

  private Map<String, Long> perDevice(String cgroup, String file) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : file("blkio", cgroup, file).map(CgroupFile::lines).orElse(List.of())) {
      String[] words = line.split(" ");
      if (words.length == 3) {
        values.put(words[0] + " " + words[1], Long.parseLong(words[2]));
      }
    }
    return values;
  }

  @Override
  public MemoryStat memoryStat(String cgroup) {
    Map<String, Long> stat = keyed("memory", cgroup, "memory.stat");
    return new MemoryStat(
        stat.getOrDefault("total_rss", 0L),
        stat.getOrDefault("total_cache", 0L),
        stat.getOrDefault("total_shmem", 0L),
        stat.getOrDefault("total_mapped_file", 0L),
        stat.getOrDefault("total_dirty", 0L),
        stat.getOrDefault("total_writeback", 0L),
        stat.getOrDefault("total_active_anon", 0L),
        stat.getOrDefault("total_inactive_anon", 0L),
        stat.getOrDefault("total_active_file", 0L),
        stat.getOrDefault("total_inactive_file", 0L),
        stat.getOrDefault("total_unevictable", 0L),
        0,
        0);
  }

  @Override
  public String processors(String cgroup) {
    return text("cpuset", cgroup, "cpuset.effective_cpus").orElse("");
  }
}
