package dev.terrarium.app.cli;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} is told, and the container that it means. */
final class RunOptions {
  /** What a clone(2) can make new here, and what is new if nobody says otherwise. */
  private static final Set<NamespaceType> ALL =
      EnumSet.of(
          NamespaceType.PID,
          NamespaceType.MNT,
          NamespaceType.UTS,
          NamespaceType.IPC,
          NamespaceType.NET);

  @Option(
      names = "--ns",
      paramLabel = "KINDS",
      description = {
        "The namespaces that are new, of pid,mnt,uts,ipc,net, separated by commas; all others are"
            + " the host's. Default: all."
      })
  private String namespaces = "all";

  @Option(
      names = "--rootless",
      description = {
        "In a user namespace, without any right on the host; by itself where you are not root."
      })
  private boolean rootless;

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "Its host name; needs a new uts namespace.")
  private @Nullable String hostname;

  @Option(
      names = "--env",
      paramLabel = "KEY=VALUE",
      description = "One variable of its environment; can be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(names = "--workdir", paramLabel = "DIR", description = "Where it starts. Default: /.")
  private String workdir = "/";

  @Option(names = "--name", paramLabel = "NAME", description = "Its name. Default: run-PID.")
  private @Nullable String name;

  @Option(
      names = "--rootfs",
      paramLabel = "DIR",
      description = "Its root, a folder instead of an image; it is only read.")
  private @Nullable Path rootfs;

  @Parameters(
      paramLabel = "[IMAGE] [--] CMD ARG",
      description = {"The image (unless --rootfs names a folder), the program and its arguments."})
  private List<String> words = new ArrayList<>();

  /**
   * The container that was asked for.
   *
   * @param privileged whether this process has root's rights on the host
   */
  ContainerSpec spec(boolean privileged) {
    Set<NamespaceType> kinds = kinds();
    if (rootless || !privileged) {
      kinds.add(NamespaceType.USER);
    }
    ContainerSpec spec =
        ContainerSpec.of(
                name == null ? "run-" + ProcessHandle.current().pid() : name,
                kinds,
                root(),
                kinds.contains(NamespaceType.PID) ? Proc.NEW : Proc.HOST,
                command())
            .withEnv(environment())
            .withWorkdir(workdir)
            .withStdio(Stdio.PIPES);
    return hostname == null ? spec : spec.withHostname(hostname);
  }

  private Set<NamespaceType> kinds() {
    if (namespaces.equals("all")) {
      return EnumSet.copyOf(ALL);
    }
    Set<NamespaceType> kinds = EnumSet.noneOf(NamespaceType.class);
    List<String> known = ALL.stream().map(NamespaceType::procName).toList();
    for (String word : namespaces.split(",", -1)) {
      String kind = word.strip();
      if (!known.contains(kind)) {
        throw Failure.usage(
            "--ns: '%s' is no namespace that run can make%s; it is all, or some of %s"
                .formatted(
                    kind,
                    Nearest.to(kind, known).map(near -> " (did you mean " + near + "?)").orElse(""),
                    String.join(",", known)));
      }
      kinds.add(NamespaceType.valueOf(kind.toUpperCase(Locale.ROOT)));
    }
    return kinds;
  }

  private Root root() {
    if (rootfs == null) {
      if (words.isEmpty()) {
        throw Failure.usage(
            "IMAGE and CMD are missing; try: ./terrarium run lesson -- /bin/sh -c 'echo $$'");
      }
      return new Root.Image(words.getFirst());
    }
    if (!Files.isDirectory(rootfs)) {
      throw Failure.of(
          "--rootfs %s: %s"
              .formatted(
                  rootfs, Files.exists(rootfs) ? "is not a folder" : "there is no such folder"));
    }
    return new Root.Folder(rootfs.toAbsolutePath().normalize());
  }

  private List<String> command() {
    int from = rootfs == null ? 1 : 0;
    if (words.size() > from && words.get(from).equals("--")) {
      from++;
    }
    if (words.size() <= from) {
      throw Failure.usage(
          "CMD is missing: what is to run in it? Such as: ./terrarium run %s -- /bin/sh -c 'echo $$'"
              .formatted(rootfs == null ? words.getFirst() : "--rootfs " + rootfs));
    }
    return words.subList(from, words.size());
  }

  private List<String> environment() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    variables.put("HOME", "/root");
    for (String pair : environment) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw Failure.usage("--env: '" + pair + "' is not KEY=VALUE");
      }
      variables.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return variables.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** The kinds that {@code --ns all} stands for, as the command line spells them. */
  static List<String> kindNames() {
    return Arrays.stream(NamespaceType.values())
        .filter(ALL::contains)
        .map(NamespaceType::procName)
        .toList();
  }
}
