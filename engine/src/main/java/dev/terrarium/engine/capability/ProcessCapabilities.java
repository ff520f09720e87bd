package dev.terrarium.engine.capability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The five sets of a process. Source: capabilities(7), "Thread capability sets".
 *
 * @param inheritable what an execve(2) may hand on to a program that asks for it
 * @param permitted what it may make effective
 * @param effective what the kernel looks at when it judges a call
 * @param bounding the most that an execve(2) can ever give
 * @param ambient what an execve(2) hands on to a program of somebody who is not root
 */
public record ProcessCapabilities(
    CapabilitySet inheritable,
    CapabilitySet permitted,
    CapabilitySet effective,
    CapabilitySet bounding,
    CapabilitySet ambient) {

  /**
   * Of a running process.
   *
   * @param pid in the engine's pid namespace
   * @throws IOException if it is gone
   */
  public static ProcessCapabilities of(int pid) throws IOException {
    return parse(Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status")));
  }

  /** From the lines of {@code /proc/PID/status}; sets that are not there are empty. */
  public static ProcessCapabilities parse(List<String> status) {
    return new ProcessCapabilities(
        set(status, "CapInh:"),
        set(status, "CapPrm:"),
        set(status, "CapEff:"),
        set(status, "CapBnd:"),
        set(status, "CapAmb:"));
  }

  private static CapabilitySet set(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> CapabilitySet.parse(line.substring(key.length()).strip()))
        .orElse(CapabilitySet.NONE);
  }
}
