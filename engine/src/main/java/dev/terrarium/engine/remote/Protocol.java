package dev.terrarium.engine.remote;

import dev.terrarium.engine.json.RecordJson;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a window talks to an engine that has more rights than itself.
 *
 * <pre>
 *   window, an ordinary user                                    engine-server, root
 *
 *   sudo or pkexec ───────────────starts─────────────────────▶
 *                  ◀── {"is":"hello","version":"1","pid":4711} ── ready
 *   {"id":1,"on":0,"call":"prepare","with":[{…}]} ───stdin───▶   a {@link Request}
 *                  ◀── {"is":"happened","fact":{…}} ──stdout───   every fact, as it happens
 *                  ◀── {"is":"result","id":1,"value":1} ────────   a {@link Message}: container 1
 *   {"id":2,"on":1,"call":"step","with":[]} ─────────────────▶
 *                  ◀── {"is":"refused","id":2,"why":{…}} ────────
 *   end of file ─────────────────────────────────────────────▶   cleans up and ends
 * </pre>
 *
 * A line is a record of this package. What can be called are the methods of {@link
 * dev.terrarium.engine.Engine}, {@link dev.terrarium.engine.container.Container} and {@link
 * dev.terrarium.engine.console.Console} themselves ({@link Vocabulary}), so the protocol cannot lag
 * behind them. What is no data, such as a container, crosses as a number ({@link References}); a
 * future is answered when it completes. Calls may overlap and are answered as they end: whoever
 * needs an order waits for the answer, as a caller does anyway.
 *
 * <p>The server runs as root for somebody who is not: whoever talks to it can become root. So its
 * door is this pipe alone, which no other process inherits, and every line is judged as that of a
 * stranger. A line that is no request is refused and does nothing; one that is too long ends the
 * session, because nobody can say where the next one begins.
 */
final class Protocol {

  /** Both sides are the same program, so this only tells an old server from a new window. */
  static final String VERSION = "1";

  /** The longest request: a specification or a step, with the longest command line there may be. */
  static final int LONGEST_REQUEST = 4 << 20;

  /** The longest message: the first look at a host with some ten thousand processes. */
  static final int LONGEST_MESSAGE = 128 << 20;

  /** The most bytes that a container's stream carries in one line. */
  static final int PORTION = 64 << 10;

  private Protocol() {}

  /** The mapper of one side. */
  static JsonMapper mapper(References references) {
    return RecordJson.mapper(ReferenceCodec.module(references));
  }
}
