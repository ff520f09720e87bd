package dev.terrarium.engine.remote;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * The window's side of the numbers: for each an object that passes its calls on. One number is one
 * object as long as somebody holds it. Thread-safe.
 */
final class Imports implements References {

  /** Makes the object of a number of that kind. */
  private final BiFunction<Integer, Class<?>, Object> maker;

  private final Map<Integer, WeakReference<Object>> objects = new ConcurrentHashMap<>();

  Imports(BiFunction<Integer, Class<?>, Object> maker) {
    this.maker = maker;
  }

  @Override
  public int numberOf(Object object, Class<?> kind) {
    return Remote.numberOf(object)
        .orElseThrow(() ->
            new IllegalArgumentException(
                object + " belongs to another engine, or to none; this one needs its own"));
  }

  @Override
  public Object objectOf(int number, Class<?> kind) {
    Object[] strong = new Object[1];
    var _ =
        objects.compute(
            number,
            (_, known) -> {
              Object object = known == null ? null : known.get();
              if (object != null && kind.isInstance(object)) {
                strong[0] = object;
                return known;
              }
              strong[0] = make(number, kind);
              return new WeakReference<>(strong[0]);
            });
    return strong[0];
  }

  private Object make(int number, Class<?> kind) {
    if (kind == InputStream.class) {
      return Source.stream((Source) maker.apply(number, Source.class));
    }
    return kind == java.io.OutputStream.class
        ? Sink.stream((Sink) maker.apply(number, Sink.class))
        : maker.apply(number, kind);
  }
}
