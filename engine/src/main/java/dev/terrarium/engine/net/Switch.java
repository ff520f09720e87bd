package dev.terrarium.engine.net;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.netlink.Link;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.netlink.NfTables;
import dev.terrarium.engine.netlink.Rtnetlink;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.stub.StubPool;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's containers are plugged into: a bridge in a net namespace of its own, which
 * exists as long as a process that does nothing else, the keeper, lives in it.
 *
 * <pre>
 *   container        switch                 container
 *   eth0 ─────── port2 ┐   ┌ port3 ─────── eth0
 *   10.99.0.2          br0                 10.99.0.3
 *                      │
 *                     host ─────── tr-4711   the host itself, if asked for and allowed
 *                                  10.99.0.1
 * </pre>
 *
 * Nothing in it outlives the engine: the keeper dies with it, the namespace with the keeper, a
 * cable with either of its ends, and the packet filter's table with the socket that made it. On as
 * long as anyone is plugged in. Thread-safe. Source: network_namespaces(7), veth(4).
 *
 * <p>Without root's rights the net namespace belongs to a user namespace, which the keeper makes as
 * well. Laying a cable takes rights in both namespaces that it joins, and only a process in a user
 * namespace above both has them; so the user namespaces of containers are made below the keeper's.
 */
public final class Switch implements AutoCloseable {
  public static final String BRIDGE = "br0";

  /** The name of the end of a container's cable that is inside it. */
  public static final String INSIDE = "eth0";

  private static final String HOST_PORT = "host";
  private static final String KEEPER = "tr-switch";

  private static final int FIRST = 2;
  private static final int LAST = 254;

  private final StubPool stubs;
  private final Run run;
  private final Rights rights;

  private final SortedSet<Integer> taken = new TreeSet<>();
  private int latest = FIRST - 1;
  private @Nullable Subnet subnet;
  private @Nullable Power power;

  /**
   * What is there while it is on. The conversations with the host's net namespace are over sockets
   * that the keeper opened before it left: a socket stays where it was made.
   */
  private static final class Power {
    final Stub keeper;
    final Netlink inside;
    final Link bridge;
    final Optional<Netlink> host;
    final Optional<Netlink> filter;

    /** The host's own end, once it is plugged in. */
    Optional<Link> hostEnd = Optional.empty();

    boolean masquerading;

    Power(Stub keeper, Netlink inside, Optional<Netlink> host, Optional<Netlink> filter) {
      this.keeper = keeper;
      this.inside = inside;
      this.bridge = inside.link(BRIDGE);
      this.host = host;
      this.filter = filter;
    }
  }

  public Switch(StubPool stubs, Run run, Rights rights) {
    this.stubs = stubs;
    this.run = run;
    this.rights = rights;
  }

  /**
   * A place for one more container, until it is given back; makes nothing. The number is the one
   * that was longest unused, for others may remember who had it last.
   */
  public synchronized Wiring reserve() {
    if (subnet == null) {
      subnet =
          Subnet.apartFrom(HostRoutes.read())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "network: the host has routes to all private subnets that a switch could use"));
    }
    for (int tried = FIRST; tried <= LAST; tried++) {
      latest = latest == LAST ? FIRST : latest + 1;
      if (taken.add(latest)) {
        return new Wiring(subnet, latest, hostEnd(), !rights.privileged());
      }
    }
    throw new IllegalArgumentException(
        "network: all %d addresses of %s are in use".formatted(LAST - FIRST + 1, subnet));
  }

  /**
   * The one interface that this engine may add to the host: named after its process and, if that
   * has several engines, which of them it is. At most 15 bytes, as the kernel wants it.
   */
  private String hostEnd() {
    String[] owner = run.id().split("-");
    return "tr-" + owner[0] + (owner.length > 2 ? "-" + owner[2] : "");
  }

  private void note(Resource resource) {
    try {
      run.note(resource);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note in the journal: " + resource.line(), e);
    }
  }

  /** Gives a place back; the switch goes off with the last one. */
  public synchronized void release(Wiring wiring) {
    taken.remove(wiring.number());
    if (taken.isEmpty()) {
      close();
    }
  }

  /** Makes the keeper, its net namespace and the bridge, unless they are there. */
  public synchronized void turnOn() {
    if (power != null && power.keeper.alive()) {
      return;
    }
    power = null;
    Stub keeper = takeStub();
    try {
      boolean atHome = rights.privileged();
      Optional<Netlink> host = open(keeper, Netlink.Family.ROUTE, atHome);
      Optional<Netlink> filter = open(keeper, Netlink.Family.NETFILTER, atHome);
      if (atHome) {
        keeper.make(Calls.unshare(NamespaceType.NET.cloneFlag()));
      } else {
        keeper.make(Calls.unshare(NamespaceType.USER.cloneFlag() | NamespaceType.NET.cloneFlag()));
        write(keeper, "self", "setgroups", "deny");
        write(keeper, "self", "uid_map", "0 " + rights.uid() + " 1");
        write(keeper, "self", "gid_map", "0 " + rights.gid() + " 1");
      }
      keeper.make(Calls.prctlSetName(KEEPER));
      Netlink inside = Netlink.open(keeper, Netlink.Family.ROUTE);
      inside.change(Rtnetlink.newBridge(BRIDGE));
      power = new Power(keeper, inside, host, filter);
    } finally {
      if (power == null) {
        keeper.close();
      }
    }
  }

  /**
   * Maps the ids of a new user namespace below the switch's onto themselves: whoever is root there
   * is root in the switch's, and who that is the switch's own map says.
   */
  public synchronized void mapIds(int pid) {
    Stub keeper = power().keeper;
    for (String map : List.of("uid_map", "gid_map")) {
      write(keeper, Integer.toString(pid), map, "0 0 1");
    }
  }

  private static void write(Stub keeper, String process, String file, String text) {
    int descriptor =
        (int)
            keeper
                .make(
                    Calls.openat("/proc/" + process + "/" + file, Calls.O_WRONLY | Calls.O_CLOEXEC))
                .result();
    keeper.make(Calls.write(descriptor, text));
    keeper.make(Calls.close(descriptor));
  }

  /** The process in whose namespaces it is; known as long as it is on. */
  public synchronized int keeper() {
    return power().keeper.pid();
  }

  private Stub takeStub() {
    try {
      return stubs.take();
    } catch (IOException e) {
      throw new UncheckedIOException("the switch has nobody to keep it", e);
    }
  }

  private static Optional<Netlink> open(Stub keeper, Netlink.Family family, boolean wanted) {
    return wanted ? Optional.of(Netlink.open(keeper, family)) : Optional.empty();
  }

  /** Lays a cable: one end a port of the bridge, the other in that process's net namespace. */
  public synchronized void plugIn(Wiring wiring, int pid) {
    Power on = power();
    on.inside.change(Rtnetlink.newVeth(wiring.port(), on.bridge, INSIDE, pid));
  }

  /**
   * Lays a cable to the host's own net namespace, unless there is one, and gives the host its
   * address.
   *
   * @return false if this process may not change the host's interfaces
   */
  public synchronized boolean plugInHost(Wiring wiring) {
    Power on = power();
    if (on.host.isEmpty()) {
      return false;
    }
    if (on.hostEnd.isEmpty()) {
      Netlink host = on.host.get();
      String name = wiring.hostEnd();
      note(Resource.Link.here(name));
      int engine = (int) ProcessHandle.current().pid();
      on.inside.change(Rtnetlink.newVeth(HOST_PORT, on.bridge, name, engine));
      Link end = host.link(name);
      on.hostEnd = Optional.of(end);
      host.change(Rtnetlink.newAddress(end, wiring.gateway(), wiring.subnet().prefix()));
      host.change(Rtnetlink.up(end));
    }
    return true;
  }

  /** Whether the host is a member of the subnet. */
  public synchronized boolean reachesHost() {
    return power != null && power.hostEnd.isPresent();
  }

  /**
   * Lets packets of the subnet leave the host with the host's own address, unless they do already.
   * Only with the host plugged in. Whether the host forwards any packet at all is its own affair.
   */
  public synchronized void masquerade(Wiring wiring) {
    Power on = power();
    if (!on.masquerading) {
      Subnet subnet = wiring.subnet();
      on.filter
          .orElseThrow()
          .change(
              NfTables.masquerade(
                  wiring.hostEnd(), subnet.network(), subnet.prefix(), wiring.hostEnd()));
      on.masquerading = true;
    }
  }

  private Power power() {
    if (power == null) {
      throw new IllegalStateException("the switch is off");
    }
    return power;
  }

  /**
   * Switches it off. The cable to the host is taken away first, so that the host's interface is
   * gone when this returns; the rest the kernel removes with the keeper.
   */
  @Override
  public synchronized void close() {
    Power off = power;
    power = null;
    subnet = null;
    latest = FIRST - 1;
    if (off == null) {
      return;
    }
    try {
      if (off.hostEnd.isPresent()) {
        off.host.orElseThrow().change(Rtnetlink.delete(off.hostEnd.get()));
        run.gone(Resource.Link.here(off.hostEnd.get().name()));
      }
    } catch (SyscallException | IOException | UncheckedIOException e) {
      // Somebody took it away, or killed the keeper, and the kernel the rest.
    } finally {
      off.keeper.close();
    }
  }
}
