package dev.terrarium.engine.remote;

import dev.terrarium.engine.fact.Fact;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server says. */
sealed interface Message {

  /**
   * The first message: the engine is open.
   *
   * @param version of the protocol
   * @param pid the server's process id
   */
  record Hello(String version, long pid) implements Message {}

  /**
   * A call returned.
   *
   * @param value null if there is nothing to say, or if the answer is what was seen last
   */
  record Result(long id, JsonNode value) implements Message {}

  /**
   * A call failed.
   *
   * @param id empty if the line was no request, or if there is no engine to be asked
   */
  record Refused(Optional<Long> id, Refusal why) implements Message {}

  /** A fact other than a snapshot. */
  record Happened(Fact fact) implements Message {}

  /**
   * The host was looked at.
   *
   * @param change what is different from the look before, see {@link SnapshotDelta}
   * @param answers the calls of {@code observe} that this is the answer to: a look that nobody has
   *     received yet is replaced by a newer one
   */
  record Saw(ObjectNode change, List<Long> answers) implements Message {
    public Saw {
      answers = List.copyOf(answers);
    }
  }
}
