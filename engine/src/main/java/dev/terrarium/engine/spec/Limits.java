package dev.terrarium.engine.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The most that a container may use. Where a value is empty the kernel's default stays. Source:
 * kernel documents admin-guide/cgroup-v2 and admin-guide/cgroup-v1.
 *
 * @param cpus processors' worth of time, such as 0.2; a quota for each period of 100 ms
 * @param cpuWeight share under contention, 1 to 10000, 100 is everyone's; v1's shares are derived
 * @param cpuset processors that it may run on, such as {@code 0-1,3}
 * @param memoryBytes resident memory, page cache included
 * @param swapBytes swap beyond that
 * @param pids processes and threads
 * @param io throttles, one a device
 * @param own whether it has a cgroup of its own even without any limit
 */
public record Limits(
    OptionalDouble cpus,
    OptionalInt cpuWeight,
    Optional<String> cpuset,
    OptionalLong memoryBytes,
    OptionalLong swapBytes,
    OptionalLong pids,
    List<Io> io,
    boolean own) {

  public static final Limits NONE =
      new Limits(
          OptionalDouble.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          List.of(),
          false);

  /** No limit, but a cgroup in which usage is counted and which can be frozen. */
  public static final Limits COUNTED =
      new Limits(
          OptionalDouble.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          List.of(),
          true);

  /** One limit of each kind but swap, to ask a host whether it could keep them. */
  public static final Limits EVERY_KIND =
      NONE.withCpus(1)
          .withCpuset("0")
          .withMemoryBytes(Long.MAX_VALUE)
          .withPids(Long.MAX_VALUE)
          .withIo(
              List.of(
                  new Io(
                      "0:0",
                      OptionalLong.empty(),
                      OptionalLong.empty(),
                      OptionalLong.empty(),
                      OptionalLong.empty())));

  /**
   * A throttle for one block device.
   *
   * @param device {@code major:minor}
   * @param readBytes per second
   * @param writeBytes per second
   * @param readOperations per second
   * @param writeOperations per second
   */
  public record Io(
      String device,
      OptionalLong readBytes,
      OptionalLong writeBytes,
      OptionalLong readOperations,
      OptionalLong writeOperations) {}

  public Limits {
    io = List.copyOf(io);
  }

  /** Whether a cgroup is to be made. */
  public boolean wanted() {
    return own
        || cpus.isPresent()
        || cpuWeight.isPresent()
        || cpuset.isPresent()
        || memoryBytes.isPresent()
        || swapBytes.isPresent()
        || pids.isPresent()
        || !io.isEmpty();
  }

  public Limits withCpus(double most) {
    return new Limits(
        OptionalDouble.of(most), cpuWeight, cpuset, memoryBytes, swapBytes, pids, io, own);
  }

  public Limits withMemoryBytes(long most) {
    return new Limits(cpus, cpuWeight, cpuset, OptionalLong.of(most), swapBytes, pids, io, own);
  }

  public Limits withPids(long most) {
    return new Limits(
        cpus, cpuWeight, cpuset, memoryBytes, swapBytes, OptionalLong.of(most), io, own);
  }

  public Limits withCpuset(String processors) {
    return new Limits(
        cpus, cpuWeight, Optional.of(processors), memoryBytes, swapBytes, pids, io, own);
  }

  public Limits withIo(List<Io> throttles) {
    return new Limits(cpus, cpuWeight, cpuset, memoryBytes, swapBytes, pids, throttles, own);
  }
}
