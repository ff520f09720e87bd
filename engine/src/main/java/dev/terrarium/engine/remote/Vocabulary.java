package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.observe.Snapshot;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What can be called on one kind of object, and nothing else can: the methods of its own interface,
 * by name.
 */
final class Vocabulary {

  /**
   * One method as it crosses the pipe.
   *
   * @param with the types of its arguments, the listener left out
   * @param result the type of its result; what a future will hold; for a listener the stream of
   *     what it would hear
   * @param later whether it returns a future
   * @param listens whether it takes a listener for text
   * @param looks whether its result is a snapshot, which crosses as a fact
   */
  record Entry(
      Method method, List<Type> with, Type result, boolean later, boolean listens, boolean looks) {

    static Entry of(Method method) {
      List<Type> parameters = List.of(method.getGenericParameterTypes());
      boolean listens = parameters.stream().anyMatch(Entry::isListener);
      Type result = method.getGenericReturnType();
      boolean later = method.getReturnType() == CompletableFuture.class;
      return new Entry(
          method,
          parameters.stream().filter(type -> !isListener(type)).toList(),
          listens ? InputStream.class : later ? argument(result) : result,
          later,
          listens,
          result == Snapshot.class);
    }

    @Override
    public String toString() {
      return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static boolean isListener(Type type) {
      return type instanceof ParameterizedType generic
          && generic.getRawType() == Consumer.class
          && argument(generic) == String.class;
    }

    private static Type argument(Type generic) {
      return ((ParameterizedType) generic).getActualTypeArguments()[0];
    }
  }

  private static final ClassValue<Vocabulary> ALL =
      new ClassValue<>() {
        @Override
        protected Vocabulary computeValue(Class<?> kind) {
          return new Vocabulary(kind);
        }
      };

  private final Map<String, Entry> entries = new TreeMap<>();

  private Vocabulary(Class<?> kind) {
    Arrays.stream(kind.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
        // The engine is closed by the end of input: there would be nobody left to answer.
        .filter(method -> kind != Engine.class || !method.getName().equals("close"))
        .forEach(method -> {
          Entry clash = entries.put(method.getName(), Entry.of(method));
          if (clash != null) {
            throw new IllegalStateException(
                kind + " has two methods " + method.getName() + ": a name tells which is meant");
          }
        });
  }

  /** The vocabulary of one of {@link References#KINDS}. */
  static Vocabulary of(Class<?> kind) {
    return ALL.get(kind);
  }

  Optional<Entry> entry(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** All of it, by name. */
  List<Entry> entries() {
    return List.copyOf(entries.values());
  }
}
