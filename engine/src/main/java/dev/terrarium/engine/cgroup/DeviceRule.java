package dev.terrarium.engine.cgroup;

import java.util.List;
import java.util.OptionalInt;

/**
 * Which device nodes the processes of a cgroup may make and open; what no rule allows is refused
 * with EPERM, whoever asks. Source: kernel document admin-guide/cgroup-v1/devices; OCI
 * runtime-spec, config-linux, "Allowed Device list".
 *
 * @param block whether it is about block devices, and not character devices
 * @param major empty for any
 * @param minor empty for any
 */
public record DeviceRule(
    boolean block,
    OptionalInt major,
    OptionalInt minor,
    boolean read,
    boolean write,
    boolean mknod) {

  /**
   * What Docker allows: any node may be made, and those opened that tell nothing of the host and
   * keep nothing. Source: null(4), random(4), tty(4), pts(4).
   */
  public static final List<DeviceRule> USUAL =
      List.of(
          new DeviceRule(false, OptionalInt.empty(), OptionalInt.empty(), false, false, true),
          new DeviceRule(true, OptionalInt.empty(), OptionalInt.empty(), false, false, true),
          opened(1, 3),
          opened(1, 5),
          opened(1, 7),
          opened(1, 8),
          opened(1, 9),
          opened(5, 0),
          opened(5, 1),
          opened(5, 2),
          new DeviceRule(false, OptionalInt.of(136), OptionalInt.empty(), true, true, true));

  private static DeviceRule opened(int major, int minor) {
    return new DeviceRule(false, OptionalInt.of(major), OptionalInt.of(minor), true, true, true);
  }

  /** As version 1 takes it: {@code c 1:3 rwm}. */
  public String line() {
    return "%s %s:%s %s%s%s"
        .formatted(
            block ? "b" : "c",
            number(major),
            number(minor),
            read ? "r" : "",
            write ? "w" : "",
            mknod ? "m" : "");
  }

  private static String number(OptionalInt number) {
    return number.isEmpty() ? "*" : Integer.toString(number.getAsInt());
  }
}
