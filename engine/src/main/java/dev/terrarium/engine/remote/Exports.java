package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's objects by number. One that was closed can still be asked what became of it, until
 * many others have been closed after it; then it is forgotten, with all that was got from it.
 * Thread-safe.
 */
final class Exports implements References {
  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

  private static final int CLOSED_REMEMBERED = 32;

  /** What one number stands for. */
  record Export(Object target, Class<?> kind, Object identity, int owner) {}

  private final Map<Integer, Export> byNumber = new TreeMap<>();
  private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
  private final Deque<Integer> closed = new ArrayDeque<>();

  /** Whose method it is that an object is a result of. */
  private final ThreadLocal<Integer> owner = ThreadLocal.withInitial(() -> ENGINE);

  private int next;

  /** Numbers the engine, before all else. */
  void export(Engine engine) {
    numberOf(engine, Engine.class);
  }

  /** What is numbered by this thread from now on was got from that object. */
  void from(int number) {
    owner.set(number);
  }

  @Override
  public synchronized int numberOf(Object object, Class<?> kind) {
    Integer known = numbers.get(object);
    if (known != null) {
      return known;
    }
    int number = next;
    next++;
    numbers.put(object, number);
    byNumber.put(
        number,
        switch (object) {
          case InputStream stream ->
              new Export(Source.of(stream), Source.class, object, owner.get());
          case OutputStream stream -> new Export(Sink.of(stream), Sink.class, object, owner.get());
          default -> new Export(object, kind, object, owner.get());
        });
    return number;
  }

  @Override
  public Object objectOf(int number, Class<?> kind) {
    Export export = of(number);
    if (export.kind() != kind) {
      throw new IllegalArgumentException(
          "number %d is a %s and no %s"
              .formatted(number, export.kind().getSimpleName(), kind.getSimpleName()));
    }
    return export.target();
  }

  /**
   * What a number stands for.
   *
   * @throws IllegalArgumentException if nothing, or nothing any more
   */
  synchronized Export of(int number) {
    Export export = byNumber.get(number);
    if (export == null) {
      throw new IllegalArgumentException(
          "there is nothing of number " + number + ", or it was closed long ago");
    }
    return export;
  }

  /** Notes that it was closed. */
  void closed(int number) {
    List<Export> forgotten = new ArrayList<>();
    synchronized (this) {
      if (number == ENGINE || closed.contains(number)) {
        return;
      }
      closed.add(number);
      if (closed.size() > CLOSED_REMEMBERED) {
        forget(closed.remove(), forgotten);
      }
    }
    forgotten.forEach(Exports::close);
  }

  private void forget(int number, List<Export> forgotten) {
    Export export = byNumber.remove(number);
    if (export == null) {
      return;
    }
    numbers.remove(export.identity());
    forgotten.add(export);
    List.copyOf(byNumber.entrySet()).stream()
        .filter(entry -> entry.getValue().owner() == number)
        .forEach(entry -> forget(entry.getKey(), forgotten));
  }

  /** Streams may hold a thread that waits for them. */
  private static void close(Export export) {
    if (export.identity() instanceof InputStream stream) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debug("a stream that nobody reads any more", e);
      }
    }
  }
}
