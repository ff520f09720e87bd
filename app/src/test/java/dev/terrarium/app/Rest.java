package dev.terrarium.app;

import static dev.terrarium.app.OnScreen.fx;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;

/** Counts what a window does while nobody does anything. */
public final class Rest {

  private static final int MILLIS = 2000;

  /** A window may take some time to come to rest, but not for ever: so many looks. */
  private static final int PATIENCE = 40;

  private static final int LOOK_MILLIS = 300;

  private final Scene scene;
  private final Runnable beforeLayout = this::look;
  private int pulses;
  private int layouts;
  private final Set<String> nodes = new TreeSet<>();

  private Rest(Scene scene) {
    this.scene = scene;
  }

  /**
   * What happened in two seconds.
   *
   * @param pulses how often JavaFX woke up to paint something
   * @param layouts in how many of these pulses something was laid out
   * @param nodes what was laid out: the innermost nodes that asked for it
   */
  public record Work(int pulses, int layouts, Set<String> nodes) {
    public static final Work NONE = new Work(0, 0, Set.of());
  }

  /** Lets the window come to rest and then counts; if it never rests, that is what is counted. */
  public static Work of(Scene scene) {
    Work last = count(scene, LOOK_MILLIS);
    for (int looks = 1; last.layouts() > 0 && looks < PATIENCE; looks++) {
      last = count(scene, LOOK_MILLIS);
    }
    return count(scene, MILLIS);
  }

  private static Work count(Scene scene, int millis) {
    Rest rest = new Rest(scene);
    fx(() -> {
      scene.addPreLayoutPulseListener(rest.beforeLayout);
      return true;
    });
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
        .join();
    return fx(() -> {
      scene.removePreLayoutPulseListener(rest.beforeLayout);
      return new Work(rest.pulses, rest.layouts, rest.nodes);
    });
  }

  private void look() {
    pulses++;
    if (findLayouts(scene.getRoot())) {
      layouts++;
    }
  }

  /** Whether anything in there is to be laid out. */
  private boolean findLayouts(Parent parent) {
    boolean inside = false;
    for (Node child : parent.getChildrenUnmodifiable()) {
      inside |= child instanceof Parent inner && inner.isVisible() && findLayouts(inner);
    }
    if (parent.isNeedsLayout() && !inside) {
      nodes.add(parent.toString());
    }
    return inside || parent.isNeedsLayout();
  }
}
