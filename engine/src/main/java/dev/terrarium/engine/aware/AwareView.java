package dev.terrarium.engine.aware;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Computes the cgroup-aware files of one container, again and again: averages and idle time are
 * carried on from one look to the next. What its cgroup does not count, for want of a controller,
 * has no file. Not thread-safe.
 */
public final class AwareView {
  private static final int USER_HZ = 100;

  private final Cgroup cgroup;
  private final Path root;
  private final Path proc;
  private final double started;
  private final int depth;

  /** Those of the cgroups above hold as well, and are nobody's to change while it runs. */
  private final List<Limits> above;

  private Clock clock = Clock.BEGIN;
  private Load load = Load.NONE;
  private double loadAge;
  private Tasks tasks = Tasks.NONE;
  private String cpuinfo = "";
  private List<Integer> cpuinfoOf = List.of();

  /**
   * The view of a container.
   *
   * @param root of the host
   * @param first the container's first process, on the host
   * @throws IOException if that process is gone
   */
  public AwareView(Cgroup cgroup, Path root, int first) throws IOException {
    this.cgroup = cgroup;
    this.root = root;
    this.proc = root.resolve("proc");
    this.started = started(first);
    this.depth = Tasks.depth(proc, first);
    this.above =
        Stream.concat(ancestors(Path.of(cgroup.path())), Stream.of(""))
            .map(cgroup.driver()::limits)
            .toList();
  }

  private static Stream<String> ancestors(Path path) {
    return Stream.iterate(path.getParent(), above -> above != null, Path::getParent)
        .map(Path::toString);
  }

  /** Field 22 of proc_pid_stat(5), in seconds since the host's start. */
  private double started(int pid) throws IOException {
    String stat = Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Double.parseDouble(fields[22 - 3]) / USER_HZ;
  }

  private double age() throws IOException {
    double up = Double.parseDouble(Files.readString(proc.resolve("uptime")).split(" ")[0]);
    return Math.max(0, up - started);
  }

  /** Lets time pass while all its processes are stopped. */
  public void rest() throws IOException {
    pass(0);
  }

  private void pass(int active) throws IOException {
    double age = age();
    load = load.after(age - loadAge, active);
    loadAge = age;
  }

  /**
   * What its files say now.
   *
   * @return less than all, if something is not counted; nothing, if the cgroup is gone
   * @throws IOException if the host's own files cannot be read
   */
  public Map<AwareFile, String> look() throws IOException {
    Map<AwareFile, String> texts = new EnumMap<>(AwareFile.class);
    if (cgroup.folders().stream().noneMatch(Files::isDirectory)) {
      return texts;
    }
    CgroupUsage usage = cgroup.usage();
    Limits own = cgroup.driver().limits(cgroup.path());
    usage.memory().ifPresent(memory -> memory(texts, memory, own));
    Processors processors = processors(own);
    texts.put(AwareFile.CPUINFO, cpuinfo(processors));
    texts.put(AwareFile.ONLINE, processors.online());
    tasks = Tasks.of(proc, cgroup.members(), depth, tasks.last());
    pass(tasks.active());
    texts.put(AwareFile.LOADAVG, load.text(tasks));
    if (usage.cpu().isPresent()) {
      clock = clock.after(loadAge, usage.cpu().get(), processors.capacity());
      texts.put(AwareFile.UPTIME, clock.uptime());
      texts.put(AwareFile.STAT, clock.stat(processors.count(), tasks, btime()));
    }
    if (cgroup.driver().controllers().stream().anyMatch(List.of("io", "blkio")::contains)) {
      texts.put(AwareFile.DISKSTATS, Diskstats.text(lines("diskstats"), usage.io()));
    }
    return texts;
  }

  private void memory(Map<AwareFile, String> texts, CgroupUsage.Memory memory, Limits own) {
    Meminfo meminfo =
        new Meminfo(
            lines("meminfo"),
            memory,
            cgroup.driver().memoryStat(cgroup.path()),
            least(levels(own).map(Limits::memoryBytes)),
            least(levels(own).map(Limits::swapBytes)));
    texts.put(AwareFile.MEMINFO, meminfo.text());
    texts.put(AwareFile.SWAPS, meminfo.swaps());
  }

  private Processors processors(Limits own) throws IOException {
    String cpuset = cgroup.driver().processors(cgroup.path());
    if (cpuset.isEmpty()) {
      cpuset = Files.readString(root.resolve("sys/devices/system/cpu/online"));
    }
    OptionalDouble quota =
        levels(own).map(Limits::cpus).flatMapToDouble(OptionalDouble::stream).min();
    return Processors.of(cpuset, quota);
  }

  private Stream<Limits> levels(Limits own) {
    return Stream.concat(Stream.of(own), above.stream());
  }

  private static OptionalLong least(Stream<OptionalLong> limits) {
    return limits.flatMapToLong(OptionalLong::stream).min();
  }

  /** The kernel asks every processor for its speed when this is read: only if it must be. */
  private String cpuinfo(Processors processors) throws IOException {
    if (!cpuinfoOf.equals(processors.numbers())) {
      cpuinfo = processors.cpuinfo(Files.readString(proc.resolve("cpuinfo")));
      cpuinfoOf = processors.numbers();
    }
    return cpuinfo;
  }

  private String btime() {
    return lines("stat").stream()
        .filter(line -> line.startsWith("btime "))
        .findFirst()
        .orElse("btime 0");
  }

  /** None if the host has no such file. */
  private List<String> lines(String file) {
    try {
      return Files.readAllLines(proc.resolve(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
