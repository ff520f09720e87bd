package dev.terrarium.app.cli;

import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.cgroup.CgroupUsage.Cpu;
import dev.terrarium.engine.cgroup.CgroupUsage.Memory;
import dev.terrarium.engine.cgroup.CgroupUsage.Pids;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a container has used, as its cgroup counts it. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Say what a running container has used of processor, memory, processes and disks, and how"
          + " often its limits held it back."
    })
final class StatsCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--json", description = "All that is counted, as JSON.")
  private boolean json;

  @Parameters(paramLabel = "NAME", description = "The container.")
  private String name = "";

  StatsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Containers containers = new Containers();
    CgroupUsage usage = containers.cgroup(containers.running(name)).usage();
    if (json) {
      Json.print(streams.out(), usage);
    } else {
      usage.cpu().ifPresent(cpu -> line("cpu", cpu(cpu)));
      usage.memory().ifPresent(memory -> line("memory", memory(memory)));
      usage.pids().ifPresent(pids -> line("pids", pids(pids)));
      usage.io().forEach(io -> line("io", io(io)));
    }
    return ExitCodes.OK;
  }

  private void line(String subject, List<String> parts) {
    streams.out().printf(Locale.ROOT, "%-7s %s%n", subject, String.join(", ", parts));
  }

  private static List<String> cpu(Cpu cpu) {
    List<String> parts = new ArrayList<>();
    parts.add(Durations.ofMicros(cpu.micros()));
    parts.add("user " + Durations.ofMicros(cpu.userMicros()));
    parts.add("system " + Durations.ofMicros(cpu.systemMicros()));
    if (cpu.periods() > 0) {
      parts.add(
          "throttled in %d of %d periods, for %s"
              .formatted(
                  cpu.throttledPeriods(),
                  cpu.periods(),
                  Durations.ofMicros(cpu.throttledMicros())));
    }
    return parts;
  }

  private static List<String> memory(Memory memory) {
    List<String> parts = new ArrayList<>();
    parts.add(
        memory.limitBytes().isPresent()
            ? "%s of %s"
                .formatted(Sizes.of(memory.bytes()), Sizes.of(memory.limitBytes().getAsLong()))
            : Sizes.of(memory.bytes()));
    memory.peakBytes().ifPresent(peak -> parts.add("at most " + Sizes.of(peak)));
    if (memory.swapBytes() > 0) {
      parts.add("swapped out " + Sizes.of(memory.swapBytes()));
    }
    if (memory.limitHits() > 0) {
      parts.add("at its limit %d times".formatted(memory.limitHits()));
    }
    if (memory.oomKills() > 0) {
      parts.add("killed for want of memory: " + memory.oomKills());
    }
    return parts;
  }

  private static List<String> pids(Pids pids) {
    List<String> parts = new ArrayList<>();
    parts.add(
        pids.limit().isPresent()
            ? "%d of %d".formatted(pids.count(), pids.limit().getAsLong())
            : Long.toString(pids.count()));
    if (pids.refused() > 0) {
      parts.add("refused %d times".formatted(pids.refused()));
    }
    return parts;
  }

  private static List<String> io(CgroupUsage.Io io) {
    return List.of(
        io.device(),
        "read %s in %d".formatted(Sizes.of(io.readBytes()), io.reads()),
        "written %s in %d".formatted(Sizes.of(io.writtenBytes()), io.writes()));
  }
}
