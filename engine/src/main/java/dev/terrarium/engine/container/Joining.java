package dev.terrarium.engine.container;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.IdMapping;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must be known of the processes whose namespaces a container enters. To enter a namespace
 * takes rights in the user namespace that owns it: setns(2). Root of the host has them everywhere;
 * anybody else has them in the user namespaces that he made, and only once he is inside.
 *
 * @param users the process whose user namespace is entered before all others, if one is
 */
public record Joining(OptionalInt users) {
  /** For a container that joins nobody. */
  public static final Joining NOBODY = new Joining(OptionalInt.empty());

  /**
   * Looks at the processes.
   *
   * @throws InvalidSpecException if this cannot work; with the reason
   */
  public static Joining of(Namespaces namespaces, Rights rights) {
    Integer named = namespaces.joined().get(NamespaceType.USER);
    if (named != null) {
      inTheUsersOf(named, rights);
      refuseOthers(namespaces, named, rights);
      return new Joining(OptionalInt.of(named));
    }
    if (rights.privileged() || namespaces.joined().isEmpty()) {
      return NOBODY;
    }
    Map.Entry<NamespaceType, Integer> first =
        namespaces.joined().entrySet().stream().min(Map.Entry.comparingByKey()).orElseThrow();
    int pid = first.getValue();
    String what = "the %s namespace of process %d".formatted(first.getKey().procName(), pid);
    if (ProcessLinks.apart(pid, Set.of(NamespaceType.USER)).isEmpty()) {
      throw refused(what + " is the host's, which only root may enter: run as root");
    }
    if (!namespaces.makes(NamespaceType.USER)) {
      throw refused(
          "%s belongs to its user namespace, where only those inside have rights:".formatted(what)
              + " join the user namespace of process %d as well, or make one".formatted(pid));
    }
    inTheUsersOf(pid, rights);
    refuseOthers(namespaces, pid, rights);
    return new Joining(OptionalInt.of(pid));
  }

  /** Who is nobody inside can neither use his own files there nor become anybody. */
  private static void inTheUsersOf(int pid, Rights rights) {
    List<IdMapping> map;
    try {
      map = IdMapping.parse(Files.readString(process(pid).resolve("uid_map")));
    } catch (IOException e) {
      throw refused("process %d, whose user namespace is to be joined, is gone".formatted(pid));
    }
    if (IdMapping.toInside(map, rights.uid()) != 0) {
      throw refused(
          "user %d of the host is not root in the user namespace of process %d, which maps %s: let its owner join it"
              .formatted(
                  rights.uid(),
                  pid,
                  map.stream()
                      .map(line ->
                          "%d to %d (%d)".formatted(line.inside(), line.outside(), line.count()))
                      .collect(Collectors.joining(", "))));
    }
  }

  /** In one user namespace an ordinary user has no rights in another one beside it. */
  private static void refuseOthers(Namespaces namespaces, int users, Rights rights) {
    if (rights.privileged()) {
      return;
    }
    namespaces
        .joined()
        .forEach((type, pid) -> {
          if (!ProcessLinks.namespace(pid, NamespaceType.USER)
              .equals(ProcessLinks.namespace(users, NamespaceType.USER))) {
            throw refused(
                "processes %d and %d are in different user namespaces: join namespaces of one of them, or run as root"
                    .formatted(users, pid));
          }
        });
  }

  /** The specification with what the joined user namespace decides: which ids there are. */
  public static ContainerSpec settled(ContainerSpec spec) {
    Integer users = spec.namespaces().joined().get(NamespaceType.USER);
    if (users == null || spec.rootless()) {
      return spec;
    }
    try {
      return spec.withNamespaces(spec.namespaces().withIds(PresentLimits.ids(process(users))));
    } catch (IOException e) {
      return spec;
    }
  }

  private static Path process(int pid) {
    return Path.of("/proc", Integer.toString(pid));
  }

  private static InvalidSpecException refused(String why) {
    return new InvalidSpecException(List.of("join: " + why));
  }
}
