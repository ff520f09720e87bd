package dev.terrarium.engine.container;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.fact.ExitStatus;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A program inside a container, and what its descriptors 0, 1 and 2 are connected to: the first
 * one, which the container lives and dies with, or one that was brought in later.
 */
public interface ContainerProcess extends AutoCloseable {

  /** Its process number on the host, once it is cloned; stays known after its end. */
  OptionalInt pid();

  /** Its terminal, if it was to have one. */
  Optional<Console> console();

  /** Standard input, if it was to have pipes. */
  Optional<OutputStream> stdin();

  Optional<InputStream> stdout();

  Optional<InputStream> stderr();

  /** Completes when it has been reaped. */
  CompletableFuture<ExitStatus> exited();

  /** Kills it if it runs, and waits for that. Idempotent. */
  @Override
  void close();
}
