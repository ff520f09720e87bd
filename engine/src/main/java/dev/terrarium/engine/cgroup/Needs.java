package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which controllers limits are kept by. */
final class Needs {
  private Needs() {}

  /**
   * By controller, the limit that needs it, as a person calls it.
   *
   * @param io what the version calls the controller of block devices
   */
  static Map<String, String> of(Limits limits, String io) {
    Map<String, String> needs = new LinkedHashMap<>();
    if (limits.cpus().isPresent() || limits.cpuWeight().isPresent()) {
      needs.put("cpu", "a limit of processor time");
    }
    if (limits.cpuset().isPresent()) {
      needs.put("cpuset", "a choice of processors");
    }
    if (limits.memoryBytes().isPresent() || limits.swapBytes().isPresent()) {
      needs.put("memory", "a limit of memory");
    }
    if (limits.pids().isPresent()) {
      needs.put("pids", "a limit of processes");
    }
    if (!limits.io().isEmpty()) {
      needs.put(io, "a throttle of a block device");
    }
    return needs;
  }
}
