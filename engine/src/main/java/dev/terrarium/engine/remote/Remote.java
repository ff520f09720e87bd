package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.remote.Vocabulary.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An object of the server's side: passes on what is called on it. */
final class Remote implements InvocationHandler {

  /** Never change, and are asked for all the time. */
  private static final Set<String> CONSTANT =
      Set.of("privileged", "lessonImage", "spec", "plan", "name", "slavePath");

  private final Connection connection;
  private final int number;
  private final Class<?> kind;
  private final Map<String, Object> constants = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Object>> futures = new ConcurrentHashMap<>();

  private Remote(Connection connection, int number, Class<?> kind) {
    this.connection = connection;
    this.number = number;
    this.kind = kind;
  }

  /** The object of that number, one of {@link References#KINDS}. */
  static Object of(Connection connection, int number, Class<?> kind) {
    Remote remote = new Remote(connection, number, kind);
    // Asked for at once, so that isDone is true as soon as it is so.
    for (Entry entry : Vocabulary.of(kind).entries()) {
      if (entry.later() && entry.with().isEmpty()) {
        remote.futures.put(entry.method().getName(), connection.begin(number, entry, List.of()));
      }
    }
    return Proxy.newProxyInstance(Remote.class.getClassLoader(), new Class<?>[] {kind}, remote);
  }

  /** The number of such an object. */
  static OptionalInt numberOf(Object object) {
    return Proxy.isProxyClass(object.getClass())
            && Proxy.getInvocationHandler(object) instanceof Remote remote
        ? OptionalInt.of(remote.number)
        : OptionalInt.empty();
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    List<Object> with = arguments == null ? List.of() : Arrays.asList(arguments);
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(self, method, with);
    }
    if (method.getName().equals("close")) {
      close();
      return null;
    }
    Entry entry = Vocabulary.of(kind).entry(method.getName()).orElseThrow();
    try {
      return call(entry, with);
    } catch (IOException | EngineLostException e) {
      throw declared(e, method);
    }
  }

  private @Nullable Object call(Entry entry, List<Object> with) throws Exception {
    String name = entry.method().getName();
    if (entry.listens()) {
      return listen(entry, with);
    }
    if (entry.later()) {
      CompletableFuture<Object> asked = futures.get(name);
      return asked == null ? connection.begin(number, entry, with) : asked;
    }
    if (!CONSTANT.contains(name)) {
      return connection.call(number, entry, with);
    }
    Object known = constants.get(name);
    if (known == null) {
      known = Objects.requireNonNull(connection.call(number, entry, with));
      constants.put(name, known);
    }
    return known;
  }

  /** What is lost is closed. */
  private void close() throws Exception {
    if (kind == Engine.class) {
      connection.close();
      return;
    }
    try {
      var _ = connection.call(number, Vocabulary.of(kind).entry("close").orElseThrow(), List.of());
    } catch (EngineLostException e) {
      // Its end has closed it.
    }
  }

  /** As the method's callers expect it. */
  private static Exception declared(Exception problem, Method method) {
    boolean io = Arrays.asList(method.getExceptionTypes()).contains(IOException.class);
    return switch (problem) {
      case IOException e when !io -> new UncheckedIOException(e);
      case EngineLostException e when io -> new IOException(e.getMessage(), e);
      default -> problem;
    };
  }

  private Object ofObject(Object self, Method method, List<Object> with) {
    return switch (method.getName()) {
      case "equals" -> isMe(with.getFirst());
      case "hashCode" -> System.identityHashCode(self);
      default -> kind.getSimpleName() + " " + number + " of " + connection;
    };
  }

  private boolean isMe(@Nullable Object other) {
    return other != null
        && Proxy.isProxyClass(other.getClass())
        && Proxy.getInvocationHandler(other).equals(this);
  }

  /** A thread of its own for each listener: a slow one keeps nobody else waiting. */
  private Console.Subscription listen(Entry entry, List<Object> with) throws Exception {
    @SuppressWarnings("unchecked")
    Consumer<String> listener =
        (Consumer<String>)
            with.stream().filter(Consumer.class::isInstance).findFirst().orElseThrow();
    InputStream text =
        (InputStream) Objects.requireNonNull(connection.call(number, entry, List.of()));
    Thread.ofPlatform()
        .daemon()
        .name("listener to " + kind.getSimpleName() + " " + number)
        .start(() -> hear(text, listener));
    return () -> {
      try {
        text.close();
      } catch (IOException e) {
        // There is nothing more to hear, which is what was wanted.
      }
    };
  }

  private static void hear(InputStream text, Consumer<String> listener) {
    try (Reader reader = new InputStreamReader(text, StandardCharsets.UTF_8)) {
      char[] buffer = new char[8192];
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        listener.accept(new String(buffer, 0, n));
      }
    } catch (IOException e) {
      // The engine is gone; whoever wants to know hears it as a fact.
    }
  }
}
