package dev.terrarium.app.cli;

import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The most that a container may use. */
final class LimitOptions {
  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      description = "Memory, such as 64m; beyond it the kernel kills.")
  private @Nullable String memory;

  @Option(
      names = "--memory-swap",
      paramLabel = "SIZE",
      description = "Memory and swap together; the same as --memory means no swap.")
  private @Nullable String memoryAndSwap;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      description = "Processors' worth of time, such as 0.2.")
  private @Nullable Double cpus;

  @Option(
      names = "--cpu-weight",
      paramLabel = "N",
      description = "Share under contention, 1 to 10000; everyone has 100.")
  private @Nullable Integer cpuWeight;

  @Option(
      names = "--cpuset",
      paramLabel = "LIST",
      description = "The processors that it may run on, such as 0-1,3.")
  private @Nullable String cpuset;

  @Option(names = "--pids", paramLabel = "N", description = "Processes and threads.")
  private @Nullable Long pids;

  @Option(
      names = "--io-read",
      paramLabel = "DEV=SIZE",
      description = "Bytes a second from a block device, such as /dev/sda=1m or 8:0=1m.")
  private List<String> reads = new ArrayList<>();

  @Option(names = "--io-write", paramLabel = "DEV=SIZE", description = "Bytes a second to it.")
  private List<String> writes = new ArrayList<>();

  @Option(names = "--io-read-ops", paramLabel = "DEV=N", description = "Reads a second.")
  private List<String> readOperations = new ArrayList<>();

  @Option(names = "--io-write-ops", paramLabel = "DEV=N", description = "Writes a second.")
  private List<String> writeOperations = new ArrayList<>();

  /**
   * The limits that were asked for.
   *
   * @param counted whether it has a cgroup even without any
   */
  Limits limits(boolean counted) {
    return new Limits(
        cpus == null ? OptionalDouble.empty() : OptionalDouble.of(cpus),
        cpuWeight == null ? OptionalInt.empty() : OptionalInt.of(cpuWeight),
        Optional.ofNullable(cpuset),
        memory == null ? OptionalLong.empty() : OptionalLong.of(Sizes.parse("--memory", memory)),
        swap(),
        pids == null ? OptionalLong.empty() : OptionalLong.of(pids),
        throttles(),
        counted);
  }

  /** As elsewhere it is the sum that is given; the kernel's second version counts swap alone. */
  private OptionalLong swap() {
    if (memoryAndSwap == null) {
      return OptionalLong.empty();
    }
    if (memory == null) {
      throw Failure.usage("--memory-swap: it is memory and swap together; give --memory as well");
    }
    long swap = Sizes.parse("--memory-swap", memoryAndSwap) - Sizes.parse("--memory", memory);
    if (swap < 0) {
      throw Failure.usage(
          "--memory-swap: %s is less than --memory %s; it is memory and swap together"
              .formatted(memoryAndSwap, memory));
    }
    return OptionalLong.of(swap);
  }

  private List<Limits.Io> throttles() {
    Map<String, Limits.Io> devices = new LinkedHashMap<>();
    for (String word : reads) {
      OptionalLong most = bytes("--io-read", word);
      merge(
          devices,
          "--io-read",
          word,
          io ->
              new Limits.Io(
                  io.device(), most, io.writeBytes(), io.readOperations(), io.writeOperations()));
    }
    for (String word : writes) {
      OptionalLong most = bytes("--io-write", word);
      merge(
          devices,
          "--io-write",
          word,
          io ->
              new Limits.Io(
                  io.device(), io.readBytes(), most, io.readOperations(), io.writeOperations()));
    }
    for (String word : readOperations) {
      OptionalLong most = bytes("--io-read-ops", word);
      merge(
          devices,
          "--io-read-ops",
          word,
          io ->
              new Limits.Io(
                  io.device(), io.readBytes(), io.writeBytes(), most, io.writeOperations()));
    }
    for (String word : writeOperations) {
      OptionalLong most = bytes("--io-write-ops", word);
      merge(
          devices,
          "--io-write-ops",
          word,
          io ->
              new Limits.Io(
                  io.device(), io.readBytes(), io.writeBytes(), io.readOperations(), most));
    }
    return List.copyOf(devices.values());
  }

  private static void merge(
      Map<String, Limits.Io> devices, String option, String word, UnaryOperator<Limits.Io> change) {
    OptionalLong none = OptionalLong.empty();
    String device = device(option, word.substring(0, word.indexOf('=')));
    devices.put(
        device,
        change.apply(devices.getOrDefault(device, new Limits.Io(device, none, none, none, none))));
  }

  private static OptionalLong bytes(String option, String word) {
    int equals = word.indexOf('=');
    if (equals < 1) {
      throw Failure.usage(
          option + ": '" + word + "' is not DEVICE=NUMBER, such as /dev/sda=1m or 8:0=1m");
    }
    return OptionalLong.of(Sizes.parse(option, word.substring(equals + 1)));
  }

  /** As the kernel numbers it: {@code 8:0}. Source: makedev(3). */
  private static String device(String option, String name) {
    if (name.matches("\\d+:\\d+")) {
      return name;
    }
    try {
      Path file = Path.of(name);
      long number = ((Number) Files.getAttribute(file, "unix:rdev")).longValue();
      boolean block = ((Integer) Files.getAttribute(file, "unix:mode") & 0170000) == 0060000;
      if (block) {
        long major = ((number >> 8) & 0xfff) | ((number >> 32) & ~0xfffL);
        long minor = (number & 0xff) | ((number >> 12) & ~0xffL);
        return major + ":" + minor;
      }
    } catch (IOException e) {
      // said below
    }
    throw Failure.of(
        option + ": " + name + " is no block device; lsblk lists those that there are");
  }
}
