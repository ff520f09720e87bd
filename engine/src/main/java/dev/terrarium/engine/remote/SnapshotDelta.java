package dev.terrarium.engine.remote;

import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is different between one snapshot and the next, as JSON: on a host with 3,000 processes a
 * look that finds little changed is some hundred bytes long instead of a million.
 *
 * <pre>
 *   {"at":{"now":"2026-…"},                                          another value
 *    "mounts":{"gone":[4026532601],"put":{"4026532700":[…]}},        a map, by its keys
 *    "processes":{"gone":[815],"put":{"4711":{"pid":4711,…}}}}       the processes, by pid
 * </pre>
 *
 * A component that is not named did not change. New components of a snapshot need nothing here.
 * Each side has one of these, which remembers the last snapshot; not thread-safe.
 */
final class SnapshotDelta {
  private static final String NOW = "now";
  private static final String GONE = "gone";
  private static final String PUT = "put";

  private final JsonMapper mapper;
  private final List<Part> parts;
  private @Nullable Snapshot last;

  SnapshotDelta(JsonMapper mapper) {
    this.mapper = mapper;
    this.parts =
        Arrays.stream(Snapshot.class.getRecordComponents())
            .map(component -> part(mapper, component))
            .toList();
  }

  /**
   * One component of a snapshot.
   *
   * @param type its own
   * @param entries the type of its entries, if it is compared entry by entry
   */
  private record Part(RecordComponent component, JavaType type, @Nullable JavaType entries) {

    String name() {
      return component.getName();
    }

    Object of(Snapshot snapshot) {
      try {
        return component.getAccessor().invoke(snapshot);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(component.getName(), e);
      }
    }

    Map<?, ?> entriesOf(Object value) {
      if (value instanceof Map<?, ?> map) {
        return map;
      }
      Map<Integer, ProcessInfo> byPid = new LinkedHashMap<>();
      for (Object process : (List<?>) value) {
        byPid.put(((ProcessInfo) process).pid(), (ProcessInfo) process);
      }
      return byPid;
    }

    Object withEntries(Map<?, ?> all) {
      return Map.class.isAssignableFrom(component.getType())
          ? all
          : new ArrayList<>(new TreeMap<>(all).values());
    }
  }

  private static Part part(JsonMapper mapper, RecordComponent component) {
    JavaType type = mapper.constructType(component.getGenericType());
    boolean processes =
        component.getGenericType() instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[0] == ProcessInfo.class;
    JavaType byPid =
        mapper.getTypeFactory().constructMapType(Map.class, Integer.class, ProcessInfo.class);
    return new Part(component, type, processes ? byPid : type.isMapLikeType() ? type : null);
  }

  /** What the reader has to change; everything, the first time. */
  ObjectNode to(Snapshot next) {
    ObjectNode change = mapper.createObjectNode();
    for (Part part : parts) {
      Object is = part.of(next);
      Object was = last == null ? null : part.of(last);
      if (!is.equals(was)) {
        change.set(part.name(), difference(part, was, is));
      }
    }
    last = next;
    return change;
  }

  private ObjectNode difference(Part part, @Nullable Object was, Object is) {
    ObjectNode difference = mapper.createObjectNode();
    JavaType type = part.entries();
    if (type == null) {
      difference.set(NOW, mapper.writerFor(part.type()).valueToTree(is));
      return difference;
    }
    Map<?, ?> before = was == null ? Map.of() : part.entriesOf(was);
    Map<?, ?> after = part.entriesOf(is);
    ArrayNode gone = difference.putArray(GONE);
    for (Object key : before.keySet()) {
      if (!after.containsKey(key)) {
        gone.add(mapper.<JsonNode>valueToTree(key));
      }
    }
    Map<Object, Object> put = new LinkedHashMap<>();
    after.forEach((key, value) -> {
      if (!value.equals(before.get(key))) {
        put.put(key, value);
      }
    });
    difference.set(PUT, mapper.writerFor(type).valueToTree(put));
    return difference;
  }

  /**
   * The snapshot that the writer meant.
   *
   * @throws JacksonException if that is no snapshot
   * @throws IllegalArgumentException if it is not one that could follow the last
   */
  Snapshot apply(ObjectNode change) {
    Object[] values = new Object[parts.size()];
    int used = 0;
    for (int at = 0; at < values.length; at++) {
      Part part = parts.get(at);
      JsonNode difference = change.get(part.name());
      if (difference != null) {
        used++;
        values[at] = changed(part, last == null ? null : part.of(last), difference);
      } else if (last != null) {
        values[at] = part.of(last);
      } else {
        throw new IllegalArgumentException("the first snapshot lacks " + part.name());
      }
    }
    if (used != change.size()) {
      throw new IllegalArgumentException(
          "a snapshot has no such part as one of " + change.propertyNames());
    }
    Snapshot next = snapshot(values);
    last = next;
    return next;
  }

  private Object changed(Part part, @Nullable Object was, JsonNode difference) {
    JavaType type = part.entries();
    if (type == null) {
      return read(difference.required(NOW), part.type());
    }
    Map<Object, Object> entries = new HashMap<>();
    if (was != null) {
      entries.putAll(part.entriesOf(was));
    }
    for (JsonNode key : difference.required(GONE)) {
      entries.remove(read(key, type.getKeyType()));
    }
    entries.putAll((Map<?, ?>) read(difference.required(PUT), type));
    return part.withEntries(entries);
  }

  private Object read(JsonNode node, JavaType type) {
    Object value = mapper.readerFor(type).readValue(node);
    if (value == null) {
      throw new IllegalArgumentException("nothing where a " + type + " is expected");
    }
    return value;
  }

  private Snapshot snapshot(Object[] values) {
    Class<?>[] types =
        parts.stream().map(part -> part.component().getType()).toArray(Class<?>[]::new);
    try {
      return Snapshot.class.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("that is no snapshot: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(Snapshot.class.getName(), e);
    }
  }
}
