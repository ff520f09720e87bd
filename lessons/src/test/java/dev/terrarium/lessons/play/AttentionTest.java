package dev.terrarium.lessons.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.observe.Glance;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a lesson at rest looks at the host; times are made up. */
class AttentionTest {

  private static final Glance STILL = glance(3000, "1000 20 3", "/proc");

  private final Attention attention = new Attention();

  private static Glance glance(int processes, String ran, String mounts) {
    return new Glance(processes, Map.of(8214, ran), mounts);
  }

  private static long millis(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }

  @BeforeEach
  void aLookThatTookFortyMilliseconds() {
    assertThat(attention.due(STILL, 0)).as("nothing has been seen yet").isTrue();
    attention.looked(STILL, 0, millis(40));
  }

  @Test
  void aStillHostIsLookedAtNowAndThen() {
    assertThat(attention.due(STILL, millis(240))).isFalse();
    assertThat(attention.due(STILL, millis(9_000))).isFalse();
    assertThat(attention.due(STILL, millis(10_040))).isTrue();
  }

  @Test
  void whatMovesInTheContainerIsLookedAtAtOnce() {
    assertThat(attention.due(glance(3000, "1007 20 4", "/proc"), millis(41))).isTrue();
    assertThat(attention.due(glance(3000, "1000 20 3", "/proc /mnt"), millis(41))).isTrue();
  }

  @Test
  void whatMovesElsewhereTakesNoMoreThanASmallShareOfAProcessor() {
    Glance busy = glance(3001, "1000 20 3", "/proc");
    assertThat(attention.due(busy, millis(240))).isFalse();
    assertThat(attention.due(busy, millis(40 + 50 * 40))).isTrue();
  }

  @Test
  void whatMovedDuringALookIsLookedAtAgain() {
    Glance moved = glance(3000, "1007 20 4", "/proc");
    attention.looked(moved, millis(240), millis(280));
    assertThat(attention.due(moved, millis(480))).isFalse();
    assertThat(attention.due(glance(3000, "1009 20 5", "/proc"), millis(480))).isTrue();
  }
}
