package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.remote.Vocabulary.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The window's end of the pipe. One thread reads what the server says and hands facts on, in order;
 * callers wait for their answers. Thread-safe.
 */
final class Connection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** How long a server may take to end all containers and itself. */
  private static final long END_SECONDS = 20;

  private final Imports imports = new Imports((number, kind) -> Remote.of(this, number, kind));
  private final JsonMapper mapper = Protocol.mapper(imports);
  private final OutputStream out;
  private final LineInput in;
  private final Consumer<Fact> facts;
  private final Supplier<String> epitaph;
  private final SnapshotDelta delta = new SnapshotDelta(mapper);
  private final CompletableFuture<Message.Hello> hello = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final Thread reader;

  /** Calls without an answer, by id; also the lock of the way out. */
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

  private final Object wayOut = new Object();
  private long lastId;
  private @Nullable Snapshot lastSeen;
  private volatile boolean closing;

  /** A call that has no answer yet. */
  private record Waiting(Entry entry, CompletableFuture<Answer> answer) {}

  /** What came back: data that its caller decodes, or a snapshot. */
  private record Answer(JsonNode value, Optional<Snapshot> snapshot) {}

  /**
   * Begins to listen.
   *
   * @param facts hears everything that happens, on the reader's thread; it must not wait for the
   *     engine
   * @param epitaph says, when the other side has hung up, what became of it
   */
  Connection(InputStream in, OutputStream out, Consumer<Fact> facts, Supplier<String> epitaph) {
    this.in = new LineInput(in, Protocol.LONGEST_MESSAGE);
    this.out = out;
    this.facts = facts;
    this.epitaph = epitaph;
    this.reader = Thread.ofPlatform().daemon().name("engine reader").start(this::read);
  }

  /** Completes when the server is ready, or exceptionally when it will not be. */
  CompletableFuture<Message.Hello> hello() {
    return hello;
  }

  Engine engine() {
    return (Engine) imports.objectOf(References.ENGINE, Engine.class);
  }

  // --- calls ---

  /** Calls, and waits for the answer. */
  @Nullable Object call(int on, Entry entry, List<Object> with) throws Exception {
    if (Thread.currentThread() == reader) {
      throw new IllegalStateException(
          entry.method().getName()
              + " cannot be called by whoever hears facts, on the thread that hears them");
    }
    CompletableFuture<Answer> answer = send(on, entry, with);
    try {
      return decode(entry, await(answer, entry));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused.why.exception();
      }
      if (e.getCause() instanceof EngineLostException lost) {
        throw new EngineLostException(String.valueOf(lost.getMessage()));
      }
      throw e;
    }
  }

  /** Waits even if interrupted, unless the method says that it does not. */
  private static Answer await(CompletableFuture<Answer> answer, Entry entry)
      throws InterruptedException, ExecutionException {
    boolean gives =
        List.of(entry.method().getExceptionTypes()).contains(InterruptedException.class);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          if (gives) {
            throw e;
          }
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Calls, and does not wait. */
  CompletableFuture<Object> begin(int on, Entry entry, List<Object> with) {
    return send(on, entry, with)
        .handle((answer, problem) -> {
          if (problem == null) {
            return java.util.Objects.requireNonNull(decode(entry, answer));
          }
          Throwable why = problem;
          if (why instanceof RefusedException refused) {
            why = refused.why.exception();
          }
          throw new java.util.concurrent.CompletionException(why);
        });
  }

  private @Nullable Object decode(Entry entry, Answer answer) {
    if (answer.snapshot().isPresent()) {
      return answer.snapshot().get();
    }
    if (entry.result() == void.class || entry.result() == Void.class) {
      return null;
    }
    Object result = null;
    String problem = "nothing";
    try {
      result = mapper.readerFor(mapper.constructType(entry.result())).readValue(answer.value());
    } catch (JacksonException e) {
      problem = String.valueOf(e.getOriginalMessage());
    }
    if (result == null) {
      throw new IllegalStateException(
          "the engine's process answered to %s: %s".formatted(entry.method().getName(), problem));
    }
    return result;
  }

  private CompletableFuture<Answer> send(int on, Entry entry, List<Object> with) {
    List<JsonNode> arguments = new ArrayList<>();
    for (int at = 0; at < entry.with().size(); at++) {
      arguments.add(
          mapper.writerFor(mapper.constructType(entry.with().get(at))).valueToTree(with.get(at)));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    synchronized (wayOut) {
      long id = ++lastId;
      waiting.put(id, new Waiting(entry, answer));
      try {
        if (!end.isDone()) {
          out.write(
              mapper.writeValueAsBytes(new Request(id, on, entry.method().getName(), arguments)));
          out.write('\n');
          out.flush();
        }
      } catch (IOException e) {
        // The reader is about to find out why, and tells all who wait.
      }
    }
    // Whoever came after the reader told all who wait.
    if (end.isDone()) {
      bury(end.join());
    }
    return answer;
  }

  // --- answers and facts ---

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Refusal why;

    RefusedException(Refusal why) {
      this.why = why;
    }
  }

  /** The server has nothing to serve, or understands nothing. */
  private static final class GivenUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUpException(String why) {
      super(why);
    }
  }

  private void read() {
    String reason;
    try {
      Optional<byte[]> line = in.next();
      while (line.isPresent()) {
        hear(mapper.readValue(line.get(), Message.class));
        line = in.next();
      }
      reason = epitaph.get();
    } catch (IOException e) {
      reason = epitaph.get();
    } catch (GivenUpException e) {
      reason = String.valueOf(e.getMessage());
    } catch (JacksonException e) {
      reason = "the engine's process said what nobody understands: " + e.getOriginalMessage();
    } catch (RuntimeException e) {
      reason = "the engine's process made no sense: " + e.getMessage();
    }
    lost(reason);
  }

  private void hear(@Nullable Message message) {
    switch (message) {
      case null -> throw new IllegalArgumentException("null");
      case Message.Hello greeting -> greet(greeting);
      case Message.Result result ->
          answer(result.id(), new Answer(result.value(), seen(result.id())));
      case Message.Refused refused -> refused(refused);
      case Message.Happened happened -> tell(happened.fact());
      case Message.Saw saw -> {
        Snapshot snapshot = delta.apply(saw.change());
        lastSeen = snapshot;
        tell(new Fact.Seen(snapshot));
        for (long id : saw.answers()) {
          answer(id, new Answer(mapper.nullNode(), Optional.of(snapshot)));
        }
      }
    }
  }

  private void tell(Fact fact) {
    try {
      facts.accept(fact);
    } catch (RuntimeException e) {
      LOG.warn("whoever hears facts has failed", e);
    }
  }

  private void greet(Message.Hello greeting) {
    if (!greeting.version().equals(Protocol.VERSION)) {
      throw new IllegalArgumentException(
          "it speaks version %s and not %s; start the program anew"
              .formatted(greeting.version(), Protocol.VERSION));
    }
    hello.complete(greeting);
  }

  /** For a call that looks, what was seen last. */
  private Optional<Snapshot> seen(long id) {
    Waiting call = waiting.get(id);
    return call != null && call.entry().looks() ? Optional.ofNullable(lastSeen) : Optional.empty();
  }

  private void answer(long id, Answer answer) {
    Waiting call = waiting.remove(id);
    if (call == null) {
      throw new IllegalArgumentException("an answer to call " + id + ", which nobody made");
    }
    call.answer().complete(answer);
  }

  private void refused(Message.Refused refused) {
    if (refused.id().isEmpty()) {
      throw new GivenUpException(String.valueOf(refused.why().exception().getMessage()));
    }
    Waiting call = waiting.remove(refused.id().get());
    if (call == null) {
      throw new IllegalArgumentException("an answer to a call that nobody made");
    }
    call.answer().completeExceptionally(new RefusedException(refused.why()));
  }

  // --- the end ---

  private void lost(String reason) {
    boolean expected = closing;
    boolean opened = !hello.completeExceptionally(new EngineLostException(reason));
    end.complete(expected ? "the engine is closed" : reason);
    bury(end.join());
    if (!expected) {
      if (opened) {
        tell(new Fact.EngineLost(Instant.now(), reason));
      }
      hangUp();
    }
  }

  private void bury(String reason) {
    for (Long id : List.copyOf(waiting.keySet())) {
      Waiting call = waiting.remove(id);
      if (call != null) {
        call.answer().completeExceptionally(new EngineLostException(reason));
      }
    }
  }

  private void hangUp() {
    try {
      out.close();
    } catch (IOException e) {
      // It was closed already, from the other side.
    }
  }

  /** The end of its input is what tells the server to clean up. Waits until it has, if it does. */
  @Override
  public void close() {
    closing = true;
    hangUp();
    try {
      var _ = end.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the engine's process did not end within " + END_SECONDS + " s", e);
    }
  }

  @Override
  public String toString() {
    return hello.isDone() && !hello.isCompletedExceptionally()
        ? "the engine in process " + hello.join().pid()
        : "an engine in another process";
  }
}
