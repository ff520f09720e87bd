package dev.terrarium.engine.aware;

import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.cgroup.MemoryStat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Memory, as a cgroup has it. Source: proc_meminfo(5); kernel documents admin-guide/cgroup-v2,
 * "Memory Interface Files", and admin-guide/cgroup-v1/memory.
 *
 * @param host lines of the host's {@code /proc/meminfo}
 * @param usage {@code memory.current}, or {@code memory.usage_in_bytes}
 * @param stat {@code memory.stat}
 * @param most the least of the limits that hold, {@code memory.max} or {@code
 *     memory.limit_in_bytes}, in bytes
 * @param mostSwap {@code memory.swap.max}, or what {@code memory.memsw.limit_in_bytes} is more than
 *     the limit of memory, in bytes
 */
record Meminfo(
    List<String> host,
    CgroupUsage.Memory usage,
    MemoryStat stat,
    OptionalLong most,
    OptionalLong mostSwap) {

  Meminfo {
    host = List.copyOf(host);
  }

  /**
   * {@code /proc/meminfo}. MemTotal is the limit, or the host's memory if that is less. MemFree is
   * what the limit leaves, MemAvailable adds what the kernel would take back first: page cache and
   * slab. Both say nothing of whether the host has as much. Lines that describe the kernel rather
   * than count memory stay as they are; those that the cgroup does not count are left out, because
   * they could only be the host's.
   */
  String text() {
    Map<String, Long> own = own();
    StringBuilder text = new StringBuilder();
    for (String line : host) {
      String name = line.substring(0, Math.max(0, line.indexOf(':')));
      Long bytes = own.get(name);
      if (bytes != null) {
        text.append(String.format(Locale.ROOT, "%-16s%10d kB\n", name + ":", bytes / 1024));
      } else if (name.startsWith("Huge") || name.equals("VmallocTotal")) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private Map<String, Long> own() {
    long total = Math.min(most.orElse(Long.MAX_VALUE), hosts("MemTotal"));
    long free = Math.max(0, total - usage.bytes());
    long fileCache = stat.activeFile() + stat.inactiveFile();
    Map<String, Long> own = new LinkedHashMap<>();
    own.put("MemTotal", total);
    own.put("MemFree", free);
    own.put("MemAvailable", Math.min(total, free + fileCache + stat.slabReclaimable()));
    own.put("Buffers", 0L);
    own.put("Cached", stat.file());
    own.put("SwapCached", 0L);
    own.put("Active", stat.activeAnon() + stat.activeFile());
    own.put("Inactive", stat.inactiveAnon() + stat.inactiveFile());
    own.put("Active(anon)", stat.activeAnon());
    own.put("Inactive(anon)", stat.inactiveAnon());
    own.put("Active(file)", stat.activeFile());
    own.put("Inactive(file)", stat.inactiveFile());
    own.put("Unevictable", stat.unevictable());
    own.put("SwapTotal", swapTotal());
    own.put("SwapFree", Math.max(0, swapTotal() - usage.swapBytes()));
    own.put("Dirty", stat.dirty());
    own.put("Writeback", stat.writeback());
    own.put("AnonPages", stat.anon());
    own.put("Mapped", stat.mapped());
    own.put("Shmem", stat.shmem());
    own.put("KReclaimable", stat.slabReclaimable());
    own.put("Slab", stat.slabReclaimable() + stat.slabUnreclaimable());
    own.put("SReclaimable", stat.slabReclaimable());
    own.put("SUnreclaim", stat.slabUnreclaimable());
    return own;
  }

  /** {@code /proc/swaps}: one line for all swap, which is of no particular device. */
  String swaps() {
    String head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    return swapTotal() == 0
        ? head
        : head
            + String.format(
                Locale.ROOT,
                "%-40s%-16s%-15d %-15d 0\n",
                "none",
                "virtual",
                swapTotal() / 1024,
                Math.min(swapTotal(), usage.swapBytes()) / 1024);
  }

  private long swapTotal() {
    return Math.min(mostSwap.orElse(Long.MAX_VALUE), hosts("SwapTotal"));
  }

  /** A line of the host's, in bytes. */
  private long hosts(String name) {
    return host.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip().split(" ")[0])
        .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
        .findFirst()
        .orElse(0);
  }
}
