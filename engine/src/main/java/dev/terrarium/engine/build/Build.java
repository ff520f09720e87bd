package dev.terrarium.engine.build;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** A build that is going on. What happens in it is told as facts. Thread-safe. */
public interface Build extends AutoCloseable {

  /**
   * An image that was built.
   *
   * @param manifest its digest, by which it can be asked for
   */
  record Built(Optional<String> reference, String manifest) {}

  /**
   * Completes when the image is in the store; with a {@link BuildException} if something is wrong,
   * with a {@link CancellationException} if it was cancelled.
   */
  CompletableFuture<Built> built();

  /** Lets it end soon, unless it has ended; what runs is killed. Does not wait. */
  void cancel();

  /** Ends it if it goes on, and waits until nothing of it is left. Idempotent. */
  @Override
  void close();
}
