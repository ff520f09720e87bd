package dev.terrarium.engine.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes up records by the types of their components, so that a test also speaks of those that
 * nobody has written yet. The same seed makes up the same ones.
 */
public final class ArbitraryRecords {

  /** What breaks text that is written carelessly. */
  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "\n",
          "\r\n",
          "\t\"\\/",
          "\0",
          "\u001b[31m",
          "\u2028\u2029",
          "一行",
          "🦎",
          "\ud83e",
          "\udd8e",
          "\ufeff",
          "{\"is\":\"exec\"}",
          "/etc/../x y",
          "-1",
          "null");

  private static final long[] EDGES = {
    0, 1, -1, 127, 4026531836L, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };

  /** Constructors refuse what cannot be; so often is another one tried. */
  private static final int TRIES = 200;

  private final Random random;

  public ArbitraryRecords(long seed) {
    this.random = new Random(seed);
  }

  /** A value of that type. */
  public <T> T any(Class<T> type) {
    return type.cast(value(type));
  }

  /** A value of that type, which may have arguments. */
  public Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      Class<?> raw = (Class<?>) generic.getRawType();
      return switch (raw.getSimpleName()) {
        case "Optional" -> random.nextBoolean() ? Optional.of(value(of[0])) : Optional.empty();
        case "List" -> several(() -> value(of[0]));
        case "Set" -> new LinkedHashSet<>(several(() -> value(of[0])));
        // Half a surrogate pair is no name in JSON.
        case "Map" ->
            entries(
                () -> of[0] == String.class ? "k" + random.nextInt(9) : value(of[0]),
                () -> value(of[1]));
        default -> throw new AssertionError("how is one made up? " + type);
      };
    }
    return plain((Class<?>) type);
  }

  private Object plain(Class<?> type) {
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isSealed()) {
      List<Class<?>> members = SealedFamilies.members(type);
      return record(members.get(random.nextInt(members.size())));
    }
    if (type.isEnum()) {
      return oneOf(List.of(type.getEnumConstants()));
    }
    return switch (type.getSimpleName()) {
      case "String" -> text();
      case "byte[]" -> text().getBytes(UTF_8);
      case "Path" -> Path.of("/" + random.nextInt(100) + "/a b", "ü,:" + random.nextInt(100));
      case "Inet4Address" -> Inet4Address.ofLiteral("10.9." + random.nextInt(256) + ".0");
      case "boolean", "Boolean" -> random.nextBoolean();
      case "int", "Integer" -> (int) number();
      case "long", "Long" -> number();
      case "double", "Double" -> random.nextBoolean() ? random.nextGaussian() : number();
      case "char", "Character" -> (char) random.nextInt(0x10000);
      case "Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      case "Duration" -> Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
      case "OptionalInt" ->
          random.nextBoolean() ? OptionalInt.of((int) number()) : OptionalInt.empty();
      case "OptionalLong" ->
          random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty();
      case "OptionalDouble" ->
          random.nextBoolean() ? OptionalDouble.of(random.nextGaussian()) : OptionalDouble.empty();
      default -> throw new AssertionError("how is one made up? " + type);
    };
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      for (int attempt = 0; ; attempt++) {
        Object[] values = new Object[components.length];
        for (int at = 0; at < values.length; at++) {
          values[at] = value(components[at].getGenericType());
        }
        try {
          return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
          if (attempt == TRIES) {
            throw new AssertionError("no " + type + " can be made up", refused.getCause());
          }
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.toString(), e);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int piece = random.nextInt(4); piece >= 0; piece--) {
      text.append(random.nextBoolean() ? oneOf(NASTY) : "a" + random.nextInt(10));
    }
    return text.toString();
  }

  private long number() {
    return switch (random.nextInt(3)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextInt(32);
      default -> random.nextInt(100_000);
    };
  }

  private <T> List<T> several(Supplier<T> one) {
    List<T> all = new ArrayList<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      all.add(one.get());
    }
    return all;
  }

  private Map<Object, Object> entries(Supplier<Object> key, Supplier<Object> value) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    several(key).forEach(each -> entries.put(each, value.get()));
    return entries;
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
