package dev.terrarium.lessons.format;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Limits;
import java.util.List;
import java.util.Optional;

/** What a step makes the engine do: a closed vocabulary. */
public sealed interface Action {

  /**
   * Starts the lesson's container, replacing the one before.
   *
   * @param namespaces which are new
   * @param root {@code host} or {@code lesson}
   * @param proc {@code new}, {@code host} or {@code none}
   * @param hostname its host name
   * @param argv the program
   * @param initLayer whether it has a layer with what no image can know
   * @param volumes paths inside at which it has a volume of its own
   * @param hardened whether it is kept from what Docker would keep it from
   * @param limits the most that it may use
   */
  record Start(
      List<NamespaceType> namespaces,
      String root,
      String proc,
      Optional<String> hostname,
      List<String> argv,
      boolean initLayer,
      List<String> volumes,
      boolean hardened,
      Limits limits)
      implements Action {
    public Start {
      namespaces = List.copyOf(namespaces);
      argv = List.copyOf(argv);
      volumes = List.copyOf(volumes);
    }
  }

  /** Types a line into the container's terminal and keeps what it printed under a name. */
  record Ask(String line, Optional<String> keep) implements Action {}

  /**
   * Types a line into the container's terminal without waiting for an answer: for lines after which
   * no prompt comes, such as {@code exit}.
   */
  record Type(String line) implements Action {}

  /** Mounts a new procfs inside the running container. */
  record MountProc(String at) implements Action {}

  /** Sends a signal from the host; {@code pid} is a CEL expression for the host's number. */
  record Signal(String pid, String signal) implements Action {}

  /** Waits until a CEL expression over the host's state holds. */
  record Await(String until) implements Action {}

  /** Keeps the value of a CEL expression under a name, for the prose and for later expressions. */
  record Keep(String name, String value) implements Action {}

  /** Gives the running container other limits in place of those that it has. */
  record Limit(Limits limits) implements Action {}

  /** Stops all processes of the container where they are. */
  record Pause() implements Action {}

  /** Lets them go on. */
  record Resume() implements Action {}

  /** Ends the container. */
  record Stop() implements Action {}
}
