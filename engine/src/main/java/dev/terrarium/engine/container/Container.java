package dev.terrarium.engine.container;

import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.step.Step;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A container from plan to clean host. Made by {@link dev.terrarium.engine.Engine#prepare}; nothing
 * exists on the host until the first {@link #step}. Thread-safe; its calls block while the kernel
 * works.
 */
public interface Container extends AutoCloseable {

  ContainerSpec spec();

  /** All steps, done and to come. */
  List<Step> plan();

  /** How many steps of the plan are done. */
  int position();

  /**
   * Makes the calls of the next step.
   *
   * @return the step, or empty if the plan was already at its end
   */
  Optional<Step> step();

  /** Makes all remaining steps. */
  default void start() {
    while (step().isPresent()) {
      // each one makes its calls
    }
  }

  /** Its first process's number on the host, once it is cloned; stays known after its end. */
  OptionalInt pid();

  /** Its address on the switch, if it is plugged in there. */
  Optional<Inet4Address> address();

  /**
   * Walks into the running container's namespaces with a helper process and does one more step
   * there (setns(2)).
   */
  void perform(Step step);

  /** Its terminal, if the specification asks for one. */
  Optional<Console> console();

  /** Standard input, if the specification asks for pipes. */
  Optional<OutputStream> stdin();

  Optional<InputStream> stdout();

  Optional<InputStream> stderr();

  /** Completes when the first process has been reaped. */
  CompletableFuture<ExitStatus> exited();

  /** Kills what runs, waits for it, undoes every step and removes every file. Idempotent. */
  @Override
  void close();
}
