package dev.terrarium.engine.spec;

import dev.terrarium.engine.observe.NamespaceType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which namespaces a container has of its own, which it shares with another process, and which, all
 * others, with the engine. Source: namespaces(7).
 *
 * @param fresh made for it
 * @param joined entered with setns(2): whose, by host pid
 * @param ids who the users inside are outside; matters with a user namespace only
 * @param clocks how its clocks differ; matters with a time namespace only
 */
public record Namespaces(
    Set<NamespaceType> fresh, Map<NamespaceType, Integer> joined, IdMap ids, ClockOffsets clocks) {

  public Namespaces {
    fresh = Set.copyOf(fresh);
    joined = Map.copyOf(joined);
  }

  /**
   * Those that a container usually has of its own: pid, mnt, uts, ipc, net, and user where the
   * engine has no rights without. Another set each time.
   *
   * @param privileged whether the engine has root's rights on the host
   */
  public static Set<NamespaceType> usual(boolean privileged) {
    Set<NamespaceType> usual =
        EnumSet.of(
            NamespaceType.PID,
            NamespaceType.MNT,
            NamespaceType.UTS,
            NamespaceType.IPC,
            NamespaceType.NET);
    if (!privileged) {
      usual.add(NamespaceType.USER);
    }
    return usual;
  }

  /** Those, and everything else shared with the engine. */
  public static Namespaces of(Set<NamespaceType> fresh) {
    return new Namespaces(fresh, Map.of(), IdMap.SINGLE, ClockOffsets.NONE);
  }

  public boolean makes(NamespaceType type) {
    return fresh.contains(type);
  }

  /** Whether the container is not in the engine's namespace of that type. */
  public boolean apart(NamespaceType type) {
    return fresh.contains(type) || joined.containsKey(type);
  }

  public Namespaces joining(Map<NamespaceType, Integer> others) {
    return new Namespaces(fresh, others, ids, clocks);
  }

  public Namespaces withIds(IdMap map) {
    return new Namespaces(fresh, joined, map, clocks);
  }

  public Namespaces withClocks(ClockOffsets offsets) {
    return new Namespaces(fresh, joined, ids, offsets);
  }
}
