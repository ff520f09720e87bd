package dev.terrarium.app.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.cgroup.CgroupReading;
import dev.terrarium.engine.cgroup.CgroupUsage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UsageTest {

  private static final Instant START = Instant.parse("2026-01-01T14:00:00Z");

  private final Usage usage = new Usage();

  private static CgroupReading reading(String folder, long millis, long cpuMicros) {
    return new CgroupReading(
        START.plusMillis(millis),
        List.of(Path.of(folder)),
        Map.of(),
        Map.of(),
        new CgroupUsage(
            Optional.of(new CgroupUsage.Cpu(cpuMicros, 0, 0, 0, 0, 0)),
            Optional.empty(),
            Optional.of(new CgroupUsage.Pids(2, OptionalLong.empty(), 0)),
            List.of(),
            Map.of()));
  }

  private static OptionalDouble quota(Map<String, String> files) {
    return Usage.quotaPercent(
        new CgroupReading(
            START,
            List.of(),
            files,
            Map.of(),
            new CgroupUsage(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Map.of())));
  }

  @Test
  void howFastItGrowsComesFromTwoReadings() {
    usage.add(reading("/c1", 0, 5_000));
    usage.add(reading("/c1", 500, 105_000));

    assertThat(usage.upTo(Instant.MAX))
        .extracting(Usage.Point::cpuPercent)
        .containsExactly(0.0, 20.0);
  }

  @Test
  void readingsTooCloseTogetherAreWaitedFor() {
    usage.add(reading("/c1", 0, 0));
    usage.add(reading("/c1", 10, 10_000));
    usage.add(reading("/c1", 1000, 200_000));

    assertThat(usage.upTo(Instant.MAX))
        .extracting(Usage.Point::cpuPercent)
        .containsExactly(0.0, 20.0);
  }

  @Test
  void anotherCgroupBeginsAnew() {
    usage.add(reading("/c1", 0, 900_000));
    usage.add(reading("/c2", 500, 1_000));

    assertThat(usage.upTo(Instant.MAX)).extracting(Usage.Point::cpuPercent).containsExactly(0.0);
  }

  @Test
  void aPastMomentHasNoLaterPoints() {
    usage.add(reading("/c1", 0, 0));
    usage.add(reading("/c1", 500, 0));

    assertThat(usage.upTo(START.plusMillis(200))).hasSize(1);
  }

  @Test
  void bothVersionsSayWhatTheQuotaIs() {
    assertThat(quota(Map.of("cpu.max", "20000 100000"))).hasValue(20);
    assertThat(quota(Map.of("cpu.max", "max 100000"))).isEmpty();
    assertThat(quota(Map.of("cpu.cfs_quota_us", "50000", "cpu.cfs_period_us", "25000")))
        .hasValue(200);
    assertThat(quota(Map.of("cpu.cfs_quota_us", "-1", "cpu.cfs_period_us", "100000"))).isEmpty();
    assertThat(quota(Map.of())).isEmpty();
  }
}
