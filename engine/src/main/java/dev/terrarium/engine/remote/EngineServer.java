package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.posix.DescriptorStreams;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.remote.Exports.Export;
import dev.terrarium.engine.remote.Vocabulary.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine that does what is asked of it through a pipe: see {@link Protocol}. */
public final class EngineServer {

  /** Each call that waits holds a thread: two for the output of each container, and some more. */
  private static final int MOST_CALLS = 256;

  /** The time for closing everything; the other side waits a little longer. */
  private static final Duration END = Duration.ofSeconds(15);

  private final JsonMapper mapper;
  private final Exports exports;
  private final Outbox outbox;
  private final Semaphore room = new Semaphore(MOST_CALLS);
  private final ExecutorService callers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("engine call ", 0).factory());
  private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();
  private long lastId;

  private EngineServer(JsonMapper mapper, Exports exports, Outbox outbox) {
    this.mapper = mapper;
    this.exports = exports;
    this.outbox = outbox;
  }

  /** A call that is answered when a future completes. */
  private record Promise(Request request, Entry entry, CompletableFuture<?> future) {}

  /**
   * Serves the process that started this one, over descriptors 0 and 1. From then on they are no
   * door any more: what a library prints by mistake goes to standard error, and a child of this
   * process inherits neither.
   *
   * @throws IOException as {@link #serve}
   */
  public static void serveStarter(Path stateFolder) throws IOException {
    try (InputStream in = DescriptorStreams.input(Posix.duplicate(0));
        OutputStream out = DescriptorStreams.output(Posix.duplicate(1))) {
      Posix.redirect("/dev/null", 0);
      Posix.redirect(2, 1);
      serve(
          stateFolder,
          in,
          out,
          () -> Thread.ofPlatform().daemon().name("engine end").start(EngineServer::endAnyway));
    }
  }

  /**
   * Opens an engine and serves it until the input ends; then everything is undone. The streams are
   * the caller's to close.
   *
   * @param inputEnded is told when nothing more will be asked, before all is undone
   * @throws IOException if the engine cannot be opened, which the other side has been told, or if
   *     the input cannot be read
   */
  static void serve(Path stateFolder, InputStream in, OutputStream out, Runnable inputEnded)
      throws IOException {
    Exports exports = new Exports();
    JsonMapper mapper = Protocol.mapper(exports);
    try (Outbox outbox = new Outbox(mapper, out);
        Engine engine = open(stateFolder, outbox)) {
      exports.export(engine);
      outbox.put(new Message.Hello(Protocol.VERSION, ProcessHandle.current().pid()));
      new EngineServer(mapper, exports, outbox).serve(in, inputEnded);
    }
  }

  private static Engine open(Path stateFolder, Outbox outbox) throws IOException {
    try {
      StateFolder state = new StateFolder(stateFolder);
      state.create();
      state.refuseIfOthersMayWrite();
      return Engine.open(stateFolder, outbox::publish);
    } catch (IOException | RuntimeException e) {
      outbox.put(new Message.Refused(Optional.empty(), Refusal.of(e)));
      throw e;
    }
  }

  private void serve(InputStream in, Runnable inputEnded) throws IOException {
    LineInput lines = new LineInput(in, Protocol.LONGEST_REQUEST);
    try {
      for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
        deal(line.get());
      }
    } catch (LineInput.TooLongException e) {
      refuse(Optional.empty(), new IllegalArgumentException(e.getMessage()));
    } finally {
      callers.shutdown();
      inputEnded.run();
    }
  }

  /** Nobody is left who could end a server that hangs; the kernel ends what it ran. */
  private static void endAnyway() {
    try {
      Thread.sleep(END);
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      // Nobody interrupts it, and it is a daemon.
    }
  }

  private void deal(byte[] line) {
    Request request;
    try {
      request = mapper.readValue(line, Request.class);
    } catch (JacksonException e) {
      refuse(
          Optional.empty(), new IllegalArgumentException("no request: " + e.getOriginalMessage()));
      return;
    }
    if (request == null) {
      refuse(Optional.empty(), new IllegalArgumentException("no request: null"));
      return;
    }
    Optional<Long> id = Optional.of(request.id());
    if (request.id() <= lastId) {
      refuse(
          id, new IllegalArgumentException("id %d comes after %d".formatted(request.id(), lastId)));
      return;
    }
    lastId = request.id();
    try {
      Export target = exports.of(request.on());
      Entry entry = entry(target, request);
      Object[] arguments = arguments(entry, request.with());
      begin(request, target, entry, arguments);
    } catch (JacksonException e) {
      refuse(id, new IllegalArgumentException(request.call() + ": " + e.getOriginalMessage()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      refuse(id, e);
    }
  }

  private static Entry entry(Export target, Request request) {
    String kind = target.kind().getSimpleName();
    Entry entry =
        Vocabulary.of(target.kind())
            .entry(request.call())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "nothing that a %s can do: %s".formatted(kind, request.call())));
    if (entry.with().size() != request.with().size()) {
      throw new IllegalArgumentException(
          "%s of a %s takes %d arguments and not %d"
              .formatted(request.call(), kind, entry.with().size(), request.with().size()));
    }
    return entry;
  }

  private Object[] arguments(Entry entry, List<JsonNode> with) {
    Object[] arguments = new Object[with.size()];
    for (int at = 0; at < arguments.length; at++) {
      arguments[at] = argument(entry.with().get(at), with.get(at));
    }
    return arguments;
  }

  private Object argument(Type type, JsonNode node) {
    Object argument = mapper.readerFor(mapper.constructType(type)).readValue(node);
    if (argument == null) {
      throw new IllegalArgumentException("null is no argument");
    }
    return argument;
  }

  private void begin(Request request, Export target, Entry entry, Object[] arguments) {
    if (!room.tryAcquire()) {
      throw new IllegalStateException("more than " + MOST_CALLS + " calls at once");
    }
    callers.execute(() -> {
      try {
        call(request, target, entry, arguments);
      } finally {
        room.release();
      }
    });
  }

  private void call(Request request, Export target, Entry entry, Object[] arguments) {
    Optional<Long> id = Optional.of(request.id());
    try {
      Object result = entry.listens() ? tap(target, entry) : invoke(target, entry, arguments);
      if (result instanceof CompletableFuture<?> future) {
        promise(new Promise(request, entry, future));
        return;
      }
      if (entry.method().getName().equals("close")) {
        exports.closed(request.on());
      }
      keepPromises(request.on());
      if (entry.looks()) {
        outbox.answerLook(request.id());
      } else {
        answer(request, entry, result);
      }
    } catch (InvocationTargetException e) {
      keepPromises(request.on());
      refuse(id, e.getCause());
    } catch (ReflectiveOperationException | RuntimeException e) {
      refuse(id, e);
    }
  }

  private static @Nullable Object invoke(Export target, Entry entry, Object... arguments)
      throws ReflectiveOperationException {
    return entry.method().invoke(target.target(), arguments);
  }

  /** What the listener hears, as a stream. */
  private static Tap tap(Export target, Entry entry) throws ReflectiveOperationException {
    Tap tap = new Tap();
    Consumer<String> listener = tap;
    if (invoke(target, entry, listener) instanceof AutoCloseable subscription) {
      tap.ends(subscription);
    }
    return tap;
  }

  private void promise(Promise promise) {
    promises.add(promise);
    var _ = promise.future().whenComplete((_, _) -> keep(promise));
  }

  /**
   * Who is told that a container was closed may ask at once how it ended: its future has completed,
   * but perhaps nobody has been told yet.
   */
  private void keepPromises(int on) {
    promises.stream()
        .filter(promise -> promise.request().on() == on && promise.future().isDone())
        .forEach(this::keep);
  }

  private void keep(Promise promise) {
    if (!promises.remove(promise)) {
      return;
    }
    try {
      answer(promise.request(), promise.entry(), promise.future().join());
    } catch (CompletionException e) {
      refuse(Optional.of(promise.request().id()), e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      refuse(Optional.of(promise.request().id()), e);
    }
  }

  private void answer(Request request, Entry entry, @Nullable Object result) {
    JsonNode value = mapper.nullNode();
    if (result != null) {
      exports.from(request.on());
      value = mapper.writerFor(mapper.constructType(entry.result())).valueToTree(result);
    }
    outbox.put(new Message.Result(request.id(), value));
  }

  private void refuse(Optional<Long> id, @Nullable Throwable why) {
    outbox.put(
        new Message.Refused(
            id, Refusal.of(why == null ? new IllegalStateException("it failed") : why)));
  }
}
