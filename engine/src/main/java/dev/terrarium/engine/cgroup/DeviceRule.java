package dev.terrarium.engine.cgroup;

import java.util.List;
import java.util.OptionalInt;

/**
 * Which device nodes the processes of a cgroup may make and open; what no rule allows is refused
 * with EPERM, whoever asks. Source: kernel document admin-guide/cgroup-v1/devices; OCI
 * runtime-spec, config-linux, "Allowed Device list".
 *
 * @param kind {@code c} for a character device, {@code b} for a block device
 * @param major empty for any
 * @param minor empty for any
 * @param access of {@code r} read, {@code w} write, {@code m} mknod
 */
public record DeviceRule(char kind, OptionalInt major, OptionalInt minor, String access) {

  /**
   * What Docker allows: any node may be made, and those opened that tell nothing of the host and
   * keep nothing. Source: null(4), random(4), tty(4), pts(4).
   */
  public static final List<DeviceRule> USUAL =
      List.of(
          new DeviceRule('c', OptionalInt.empty(), OptionalInt.empty(), "m"),
          new DeviceRule('b', OptionalInt.empty(), OptionalInt.empty(), "m"),
          opened(1, 3),
          opened(1, 5),
          opened(1, 7),
          opened(1, 8),
          opened(1, 9),
          opened(5, 0),
          opened(5, 1),
          opened(5, 2),
          new DeviceRule('c', OptionalInt.of(136), OptionalInt.empty(), "rwm"));

  public DeviceRule {
    if ((kind != 'b' && kind != 'c') || !access.matches("r?w?m?") || access.isEmpty()) {
      throw new IllegalArgumentException(
          "no rule for devices: " + kind + " " + access + "; use b or c, and some of rwm");
    }
  }

  private static DeviceRule opened(int major, int minor) {
    return new DeviceRule('c', OptionalInt.of(major), OptionalInt.of(minor), "rwm");
  }

  /** As version 1 takes it: {@code c 1:3 rwm}. */
  public String line() {
    return "%c %s:%s %s".formatted(kind, number(major), number(minor), access);
  }

  private static String number(OptionalInt number) {
    return number.isEmpty() ? "*" : Integer.toString(number.getAsInt());
  }
}
