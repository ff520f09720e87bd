package dev.terrarium.lessons.play;

import dev.terrarium.engine.fact.Fact;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Lets several listen to one engine: open the engine with the hub, then a screen, a player and a
 * recorder each subscribe. Facts are handed on in order, on the thread on which they happen.
 */
public final class FactHub implements Consumer<Fact> {

  private final List<Consumer<Fact>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void accept(Fact fact) {
    listeners.forEach(listener -> listener.accept(fact));
  }

  /** Hears every fact from now on; close to stop. */
  public Subscription listen(Consumer<Fact> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends a {@link #listen}. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
