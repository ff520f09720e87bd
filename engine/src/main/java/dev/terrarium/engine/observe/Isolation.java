package dev.terrarium.engine.observe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a namespace keeps apart from all others of its kind. Source: namespaces(7). */
public sealed interface Isolation {

  /** The same as a person reads it, in a stable order. */
  List<Line> lines();

  /**
   * One thing of it.
   *
   * @param subject what it is, such as {@code interface eth0}
   * @param value how it is
   */
  record Line(String subject, String value) {}

  /**
   * Numbers of processes.
   *
   * @param parent the pid namespace around it; empty if it is out of sight
   */
  record Pid(OptionalLong parent) implements Isolation {
    @Override
    public List<Line> lines() {
      return List.of(
          new Line(
              "inside",
              parent.isPresent() ? "pid:[" + parent.getAsLong() + "]" : "none that can be seen"));
    }
  }

  /** Mounts; which ones is in the {@link Snapshot}. */
  record Mnt(int mounts) implements Isolation {
    @Override
    public List<Line> lines() {
      return List.of(new Line("mounts", Integer.toString(mounts)));
    }
  }

  /** Two names. Source: uts_namespaces(7). */
  record Uts(String hostname, String domainname) implements Isolation {
    @Override
    public List<Line> lines() {
      return List.of(new Line("host name", hostname), new Line("NIS domain", domainname));
    }
  }

  /** System V IPC and POSIX message queues. Source: ipc_namespaces(7). */
  record Ipc(
      List<Segment> segments,
      List<Queue> queues,
      List<Semaphores> semaphores,
      List<PosixQueue> posixQueues)
      implements Isolation {

    /**
     * Shared memory.
     *
     * @param attached how many processes have it mapped
     */
    public record Segment(int id, long key, long bytes, int attached, int uid) {}

    /** Messages that wait. */
    public record Queue(int id, long key, long bytes, long messages, int uid) {}

    /** A set of them. */
    public record Semaphores(int id, long key, int count, int uid) {}

    /**
     * A queue with a name.
     *
     * @param bytes in the messages that wait
     */
    public record PosixQueue(String name, long bytes) {}

    public Ipc {
      segments = List.copyOf(segments);
      queues = List.copyOf(queues);
      semaphores = List.copyOf(semaphores);
      posixQueues = List.copyOf(posixQueues);
    }

    @Override
    public List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      segments.forEach(it ->
          lines.add(
              new Line(
                  "shared memory " + it.id(),
                  "%d bytes, key 0x%x, attached %d times"
                      .formatted(it.bytes(), it.key(), it.attached()))));
      queues.forEach(it ->
          lines.add(
              new Line(
                  "message queue " + it.id(),
                  "%d messages, %d bytes, key 0x%x"
                      .formatted(it.messages(), it.bytes(), it.key()))));
      semaphores.forEach(it ->
          lines.add(
              new Line("semaphores " + it.id(), "%d, key 0x%x".formatted(it.count(), it.key()))));
      posixQueues.forEach(
          it -> lines.add(new Line("POSIX queue /" + it.name(), it.bytes() + " bytes")));
      return lines;
    }
  }

  /** Interfaces, routes and sockets. Source: network_namespaces(7). */
  record Net(List<Interface> interfaces, List<Route> routes, Sockets sockets) implements Isolation {

    /**
     * An interface.
     *
     * @param up whether it is switched on
     * @param carrier whether the other end is there, and on
     * @param kind what made it; empty for loopback and hardware
     * @param addresses with their prefix lengths
     */
    public record Interface(
        int index,
        String name,
        boolean up,
        boolean carrier,
        String kind,
        OptionalInt master,
        List<String> addresses) {
      public Interface {
        addresses = List.copyOf(addresses);
      }
    }

    /**
     * Of the main table.
     *
     * @param destination {@code default}, or a subnet
     */
    public record Route(String destination, Optional<String> gateway, String device) {}

    /**
     * How many there are.
     *
     * @param listening TCP sockets that wait for somebody, as {@code ADDRESS:PORT}
     * @param connected TCP connections
     * @param udp sockets
     * @param unix sockets of this machine only, by name or without
     */
    public record Sockets(List<String> listening, int connected, int udp, int unix) {
      public static final Sockets NONE = new Sockets(List.of(), 0, 0, 0);

      public Sockets {
        listening = List.copyOf(listening);
      }
    }

    public Net {
      interfaces = List.copyOf(interfaces);
      routes = List.copyOf(routes);
    }

    @Override
    public List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      for (Interface one : interfaces) {
        String state = one.up() ? (one.carrier() ? "up" : "up, nobody at the other end") : "down";
        String kind = one.kind().isEmpty() ? "" : ", " + one.kind();
        String addresses =
            one.addresses().isEmpty() ? "" : ", " + String.join(", ", one.addresses());
        lines.add(new Line("interface " + one.name(), state + kind + addresses));
      }
      for (Route route : routes) {
        lines.add(
            new Line(
                "route " + route.destination() + " dev " + route.device(),
                route.gateway().map(gateway -> "via " + gateway).orElse("directly")));
      }
      lines.add(
          new Line(
              "TCP listening",
              sockets.listening().isEmpty() ? "nobody" : String.join(", ", sockets.listening())));
      lines.add(
          new Line(
              "sockets",
              "%d TCP connected, %d UDP, %d unix"
                  .formatted(sockets.connected(), sockets.udp(), sockets.unix())));
      return lines;
    }
  }

  /**
   * Users and capabilities. Source: user_namespaces(7).
   *
   * @param setgroups whether setgroups(2) is allowed inside
   * @param madeBy the user of the host who made it, and so has all rights in it
   * @param parent the user namespace around it; empty for the first one, or if it is out of sight
   */
  record User(
      List<IdMapping> uids,
      List<IdMapping> gids,
      boolean setgroups,
      OptionalInt madeBy,
      OptionalLong parent)
      implements Isolation {
    public User {
      uids = List.copyOf(uids);
      gids = List.copyOf(gids);
    }

    @Override
    public List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      lines.add(new Line("users", map(uids)));
      lines.add(new Line("groups", map(gids)));
      lines.add(new Line("setgroups", setgroups ? "allow" : "deny"));
      madeBy.ifPresent(uid -> lines.add(new Line("made by", "user " + uid)));
      parent.ifPresent(inode -> lines.add(new Line("inside", "user:[" + inode + "]")));
      return lines;
    }

    private static String map(List<IdMapping> map) {
      return map.isEmpty()
          ? "not mapped yet"
          : map.stream()
              .map(line ->
                  "%s are %s outside"
                      .formatted(
                          range(line.inside(), line.count()), range(line.outside(), line.count())))
              .collect(Collectors.joining("; "));
    }

    private static String range(long first, long count) {
      return count == 1 ? Long.toString(first) : first + "-" + (first + count - 1);
    }
  }

  /** Which cgroups look like the topmost ones. Source: cgroup_namespaces(7). */
  record Cgroup(List<Root> roots) implements Isolation {
    /**
     * One hierarchy's.
     *
     * @param hierarchy its controllers; empty for version 2
     * @param path of the cgroup that is the root inside, as the engine sees it
     */
    public record Root(String hierarchy, String path) {}

    public Cgroup {
      roots = List.copyOf(roots);
    }

    @Override
    public List<Line> lines() {
      return roots.stream()
          .map(root ->
              new Line(
                  "root of " + (root.hierarchy().isEmpty() ? "version 2" : root.hierarchy()),
                  root.path()))
          .toList();
    }
  }

  /** What is added to two clocks. Source: time_namespaces(7). */
  record Time(Duration monotonic, Duration boottime) implements Isolation {
    @Override
    public List<Line> lines() {
      return List.of(
          new Line("monotonic clock", seconds(monotonic)),
          new Line("time since boot", seconds(boottime)));
    }

    private static String seconds(Duration offset) {
      BigDecimal seconds =
          BigDecimal.valueOf(offset.getSeconds()).add(BigDecimal.valueOf(offset.getNano(), 9));
      String text = seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
      return (offset.isNegative() ? "" : "+") + text + " s";
    }
  }

  /**
   * Nothing of it may be read, which does not mean that there is nothing.
   *
   * @param why with the kernel's word for it
   */
  record Unreadable(String why) implements Isolation {
    @Override
    public List<Line> lines() {
      return List.of(new Line("unreadable", why));
    }
  }
}
