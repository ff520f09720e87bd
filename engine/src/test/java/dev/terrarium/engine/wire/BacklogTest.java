package dev.terrarium.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.HeardCall;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever hears never waits for whoever is told. */
class BacklogTest {
  private final List<Fact> facts = new ArrayList<>();
  private final Deque<Runnable> tellers = new ArrayDeque<>();
  private final Backlog backlog = new Backlog("box", facts::add, tellers::add);

  private static HeardCall call(int number) {
    return new HeardCall(
        Instant.EPOCH, 7, "kill", List.of(new Arg.Int(number), new Arg.Int(0)), List.of());
  }

  private void tell() {
    while (!tellers.isEmpty()) {
      tellers.poll().run();
    }
  }

  @Test
  void tellsInOrderAndHasNobodyWaitWhileThereIsNothingToTell() {
    backlog.add(call(1));
    backlog.add(call(2));
    assertThat(tellers).hasSize(1);
    tell();
    assertThat(facts)
        .containsExactly(new Fact.Heard("box", call(1)), new Fact.Heard("box", call(2)));
    backlog.add(call(3));
    assertThat(tellers).hasSize(1);
  }

  @Test
  void whatDoesNotFitIsCountedInItsPlace() {
    for (int i = 0; i < Backlog.MOST + 500; i++) {
      backlog.add(call(i));
    }
    tell();
    backlog.add(call(-1));
    tell();
    assertThat(facts).hasSize(Backlog.MOST + 2);
    assertThat(facts.get(Backlog.MOST))
        .isInstanceOfSatisfying(
            Fact.Unheard.class, unheard -> assertThat(unheard.count()).isEqualTo(500));
    assertThat(facts.getLast()).isEqualTo(new Fact.Heard("box", call(-1)));
  }

  @Test
  void aListenerThatFailsMissesOnlyWhatItFailedAt() {
    List<Fact> told = new ArrayList<>();
    Backlog fragile =
        new Backlog(
            "box",
            fact -> {
              told.add(fact);
              throw new IllegalStateException("a screen that cannot draw");
            },
            tellers::add);
    fragile.add(call(1));
    fragile.add(call(2));
    tell();
    assertThat(told).hasSize(2);
  }

  @Test
  void onceClosedNothingIsToldAndNobodyWaits() {
    backlog.add(call(1));
    var told = backlog.told();
    backlog.close();
    tell();
    assertThat(facts).isEmpty();
    assertThat(told).isCompleted();
    assertThat(backlog.told()).isCompleted();
  }
}
