package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Look;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView;
import dev.terrarium.engine.observe.NamespaceView.Hidden;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks into the namespaces of processes. What {@code /proc} does not show to those outside, a
 * visitor reads inside: {@link InsideReading}. Nobody stays: who looks again visits again, which
 * takes a few milliseconds, and no namespace lives longer for being looked at.
 */
public final class LiveLook {
  /** Those of which {@code /proc} shows only the reader's own. */
  private static final Set<NamespaceType> INSIDE_ONLY =
      EnumSet.of(NamespaceType.UTS, NamespaceType.IPC, NamespaceType.NET, NamespaceType.CGROUP);

  private final Workshop workshop;
  private final boolean privileged;
  private final Map<Namespace, NamespaceView> views = new HashMap<>();

  private LiveLook(Workshop workshop, boolean privileged) {
    this.workshop = workshop;
    this.privileged = privileged;
  }

  /**
   * Looks at those of all the processes, each namespace once. What may not be read is there,
   * marked.
   *
   * @param workshop whose stubs make the visits
   * @param privileged whether they enter without entering user namespaces
   * @throws IllegalArgumentException if one of the processes is not there
   */
  public static Look at(Set<Integer> pids, Workshop workshop, boolean privileged)
      throws IOException {
    Instant at = Instant.now();
    LiveLook look = new LiveLook(workshop, privileged);
    Map<Integer, NamespaceSet> processes = new TreeMap<>();
    for (int pid : new TreeSet<>(pids)) {
      if (!Files.isDirectory(Path.of("/proc", Integer.toString(pid)))) {
        throw new IllegalArgumentException("process %d: there is no such process".formatted(pid));
      }
      NamespaceSet set = ProcessLinks.namespaces(pid);
      processes.put(pid, set);
      look.look(pid, set);
    }
    return new Look(at, processes, look.inOrder(processes.values()));
  }

  private List<NamespaceView> inOrder(Collection<NamespaceSet> sets) {
    Set<NamespaceView> ordered = new LinkedHashSet<>();
    for (NamespaceSet set : sets) {
      for (NamespaceType type : NamespaceType.values()) {
        NamespaceView view = views.get(new Namespace(type, set.inode(type)));
        if (view != null) {
          ordered.add(view);
        }
      }
    }
    return List.copyOf(ordered);
  }

  private void look(int pid, NamespaceSet set) throws IOException {
    Set<NamespaceType> toVisit = EnumSet.noneOf(NamespaceType.class);
    Stub stub = workshop.stubs().take();
    try {
      NamespaceOwners owners = new NamespaceOwners(stub, pid);
      for (NamespaceType type : NamespaceType.values()) {
        Namespace namespace = new Namespace(type, set.inode(type));
        if (namespace.inode() == 0) {
          views.put(namespace, unreadable(namespace, whyNoLink(pid, type)));
        } else if (!views.containsKey(namespace)) {
          if (INSIDE_ONLY.contains(type)) {
            toVisit.add(type);
          } else {
            views.put(namespace, OutsideReading.of(namespace, pid, owners));
          }
        }
      }
      if (!toVisit.isEmpty()) {
        visit(stub, pid, set, toVisit, owners);
      }
    } finally {
      workshop.stubs().give(stub);
    }
  }

  /** All in one visit; and where the kernel refuses that, each in one of its own. */
  private void visit(
      Stub stub, int pid, NamespaceSet set, Set<NamespaceType> types, NamespaceOwners owners) {
    Set<NamespaceType> entered = EnumSet.copyOf(types);
    if (!privileged) {
      entered.add(NamespaceType.USER);
    }
    Map<NamespaceType, OptionalLong> owned = new HashMap<>();
    types.forEach(type -> owned.put(type, owners.owner(type)));
    LiveStepContext context = new LiveStepContext("look", stub, null, workshop);
    try (Visit visit = Visit.begin(stub, context)) {
      visit.enter(pid, entered);
      InsideReading inside = new InsideReading(context, pid);
      for (NamespaceType type : types) {
        Namespace namespace = new Namespace(type, set.inode(type));
        List<Hidden> hidden = new ArrayList<>();
        Isolation isolation = inside.read(type, hidden);
        views.put(
            namespace,
            new NamespaceView(
                namespace, owned.getOrDefault(type, OptionalLong.empty()), isolation, hidden));
      }
      visit.leave(0);
    } catch (SyscallException e) {
      if (types.size() > 1) {
        types.forEach(type -> visit(stub, pid, set, EnumSet.of(type), owners));
      } else {
        NamespaceType type = types.iterator().next();
        Namespace namespace = new Namespace(type, set.inode(type));
        views.put(
            namespace,
            unreadable(namespace, why(e, "to enter it takes rights in its user namespace")));
      }
    }
  }

  private static NamespaceView unreadable(Namespace namespace, String why) {
    return new NamespaceView(
        namespace, OptionalLong.empty(), new Isolation.Unreadable(why), List.of());
  }

  static String why(SyscallException refusal, String meaning) {
    String errno = refusal.errno().name();
    return errno.equals("EPERM") || errno.equals("EACCES")
        ? errno + ", " + meaning
        : errno + ", " + refusal.errno().meaning();
  }

  private static String whyNoLink(int pid, NamespaceType type) {
    Path link = Path.of("/proc", Integer.toString(pid), "ns", type.procName());
    try {
      Files.readSymbolicLink(link);
      return "the process has just moved";
    } catch (java.nio.file.NoSuchFileException e) {
      return "the process has ended, or this kernel has no such namespace";
    } catch (IOException e) {
      return "%s belongs to somebody else; root may look".formatted(link);
    }
  }
}
