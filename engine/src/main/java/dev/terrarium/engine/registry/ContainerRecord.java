package dev.terrarium.engine.registry;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a container's own folder says of it, in {@code container.json}, for other processes of the
 * same user.
 *
 * @param name as the user knows it
 * @param pid its first process, a number on the host
 * @param startTicks when that process started, in clock ticks since boot: with the number it is
 *     unique. Source: proc_pid_stat(5)
 * @param root an image's reference, a folder, or {@code host}
 * @param command the program and its arguments
 * @param created when the program began, wall clock
 * @param namespaces those of its own, as {@code /proc/PID/ns} calls them
 * @param terminal whether it talks to a terminal
 * @param workdir where its program started
 * @param user who its program began as, inside
 * @param stopSignal the number of the signal that asks it to end
 * @param layers the folders of its image's layers, top first; none if its root is the host's
 */
public record ContainerRecord(
    String name,
    int pid,
    long startTicks,
    String root,
    List<String> command,
    Instant created,
    List<String> namespaces,
    boolean terminal,
    String workdir,
    User user,
    int stopSignal,
    List<String> layers) {

  private static final int SIGTERM = 15;

  public ContainerRecord {
    command = List.copyOf(command);
    namespaces = List.copyOf(namespaces);
    layers = List.copyOf(layers);
  }

  /** Of a container that has just begun. */
  public static ContainerRecord of(
      ContainerSpec spec, int pid, long startTicks, Instant created, List<String> layers) {
    return new ContainerRecord(
        spec.name(),
        pid,
        startTicks,
        switch (spec.files().root()) {
          case Root.Host ignored -> "host";
          case Root.Image image -> image.reference();
          case Root.Folder folder -> folder.rootfs().toString();
        },
        spec.program().argv(),
        created,
        spec.namespaces().fresh().stream().sorted().map(NamespaceType::procName).toList(),
        spec.stdio() == Stdio.TERMINAL,
        spec.program().workdir(),
        spec.program().user(),
        spec.stopSignal(),
        layers);
  }

  /**
   * As one JSON object. Written by hand: it is on the way of every start, where loading a JSON
   * library for it would take longer than the container.
   */
  String json() {
    return """
    {
      "name": %s,
      "pid": %d,
      "startTicks": %d,
      "root": %s,
      "command": [%s],
      "created": %s,
      "namespaces": [%s],
      "terminal": %b,
      "workdir": %s,
      "uid": %d,
      "gid": %d,
      "groups": %s,
      "stopSignal": %d,
      "layers": [%s]
    }
    """
        .formatted(
            quoted(name),
            pid,
            startTicks,
            quoted(root),
            quoted(command),
            quoted(created.toString()),
            quoted(namespaces),
            terminal,
            quoted(workdir),
            user.uid(),
            user.gid(),
            user.groups(),
            stopSignal,
            quoted(layers));
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(ContainerRecord::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /**
   * From JSON; what is not known here is passed over, for a later version may have written it.
   *
   * @throws IOException if it is not the record of a container
   */
  static ContainerRecord parse(String json) throws IOException {
    try {
      JsonNode node = Reader.MAPPER.readTree(json);
      return new ContainerRecord(
          node.required("name").asString(),
          node.required("pid").asInt(),
          node.required("startTicks").asLong(),
          node.required("root").asString(),
          texts(node.required("command")),
          Instant.parse(node.required("created").asString()),
          texts(node.required("namespaces")),
          node.required("terminal").asBoolean(),
          // An earlier version did not write these.
          node.path("workdir").asString("/"),
          new User(
              node.path("uid").asInt(0),
              node.path("gid").asInt(0),
              node.path("groups").valueStream().map(JsonNode::asInt).toList()),
          node.path("stopSignal").asInt(SIGTERM),
          texts(node.path("layers")));
    } catch (JacksonException | DateTimeParseException | IllegalArgumentException e) {
      throw new IOException("not the record of a container: " + e.getMessage(), e);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static final class Reader {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
