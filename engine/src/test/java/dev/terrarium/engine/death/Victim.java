package dev.terrarium.engine.death;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrarium.engine.posix.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A JVM that tells a story up to a point, says so, and stands still until it is killed.
 *
 * <pre>
 *   executioner: CONTAINER AFTER 17    stand still as soon as the 17th call has returned
 *   victim:      now
 *
 *   executioner: CONTAINER BEFORE 17
 *   victim:      hold                  the 16th call has returned: whoever makes calls is stopped now
 *   executioner: go
 *   victim:      now                   nothing moves: the 17th has been asked for
 *
 *   executioner: CONTAINER NEVER 0
 *   victim:      clone, prctl, ...     the names of all points, a line each
 *   victim:      end
 * </pre>
 */
final class Victim {
  /** When it is to die. */
  enum When {
    NEVER,
    BEFORE,
    AFTER
  }

  static final String HOLD = "hold";
  static final String NOW = "now";
  static final String END = "end";

  private final BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
  private When when = When.NEVER;
  private int point;
  private int passed;

  public static void main(String[] args) throws Exception {
    // What takes long and has nothing to do with the story, before anybody waits for it.
    var _ = Posix.kill(0, 0);
    new Victim().obey(Path.of(args[0]), Path.of(args[1]));
  }

  private void obey(Path state, Path folder) throws Exception {
    String order = orders.readLine();
    if (order == null) {
      return;
    }
    String[] words = order.split(" ");
    when = When.valueOf(words[1]);
    point = Integer.parseInt(words[2]);
    Story.valueOf(words[0]).tell(new Story.Stage(state, folder, this::passed));
    say(END);
  }

  private static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }

  /** One at a time: who stands still here keeps all others from going on. */
  private synchronized void passed(String what) {
    passed++;
    switch (when) {
      case NEVER -> say(what);
      case AFTER -> {
        if (passed == point) {
          standStill();
        }
      }
      case BEFORE -> {
        if (passed == point - 1) {
          hold();
        } else if (passed >= point) {
          // Made by a stub that was not there yet when all were stopped.
          standStill();
        }
      }
    }
  }

  private static void standStill() {
    say(NOW);
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // It ends by being killed.
      }
    }
  }

  private void hold() {
    say(HOLD);
    try {
      var _ = orders.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(Victim::awaitStandstill);
  }

  private static void awaitStandstill() {
    Map<String, List<StackTraceElement>> before = Map.of();
    int alike = 0;
    while (alike < 4) {
      Map<String, List<StackTraceElement>> stacks =
          Thread.getAllStackTraces().entrySet().stream()
              .filter(entry -> entry.getKey() != Thread.currentThread())
              .collect(
                  Collectors.toMap(
                      entry -> entry.getKey().getName(),
                      entry -> Arrays.asList(entry.getValue()),
                      (one, other) -> one));
      alike = stacks.equals(before) ? alike + 1 : 0;
      before = stacks;
      try {
        Thread.sleep(4);
      } catch (InterruptedException e) {
        return;
      }
    }
    say(NOW);
  }
}
