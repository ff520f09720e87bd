package dev.terrarium.engine.spec;

import java.time.Duration;

/**
 * What is added to two clocks inside a time namespace. Source: time_namespaces(7).
 *
 * @param monotonic to CLOCK_MONOTONIC and its kin
 * @param boottime to CLOCK_BOOTTIME, and so to {@code /proc/uptime}
 */
public record ClockOffsets(Duration monotonic, Duration boottime) {
  public static final ClockOffsets NONE = new ClockOffsets(Duration.ZERO, Duration.ZERO);
}
