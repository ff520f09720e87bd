package dev.terrarium.engine.step;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.net.Wiring;
import dev.terrarium.engine.netlink.Link;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.netlink.Rtnetlink;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What a container's own net namespace is wired to. */
public sealed interface NetworkStep extends Step {

  /** Switches on the one interface that a new net namespace has: {@code lo}. */
  record LoopbackUp() implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      try (Netlink kernel = Netlink.open(context.inside(), Netlink.Family.ROUTE)) {
        kernel.change(Rtnetlink.up(Link.LOOPBACK));
      }
    }

    @Override
    public String sentence() {
      return "Switches on loopback, so that the container can talk to itself.";
    }

    @Override
    public String byHand() {
      return "ip link set lo up";
    }
  }

  /** The engine's switch is there when this is done; the first container finds it missing. */
  record TurnOnSwitch(boolean ownUsers) implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      context.networkSwitch().turnOn();
    }

    @Override
    public String sentence() {
      return ownUsers
          ? "Makes sure of a switch: a bridge in a net and a user namespace of its own."
          : "Makes sure of a switch: a bridge in a net namespace of its own.";
    }

    @Override
    public String byHand() {
      String bridge = "link add %s up type bridge".formatted(Switch.BRIDGE);
      return ownUsers
          ? "unshare --map-root-user --net sleep infinity &\n" + ipAtSwitch(true) + bridge
          : "ip netns add tr-switch\n" + ipAtSwitch(false) + bridge;
    }

    @Override
    public String undoByHand() {
      return ownUsers ? "kill KEEPER" : "ip netns delete tr-switch";
    }
  }

  /** From here the container's own user namespace will be below the switch's: setns(2). */
  record JoinSwitchUsers() implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      context.cloneGuide();
      long pidfd = context.make(Calls.pidfdOpen(context.networkSwitch().keeper())).result();
      context.make(Calls.setns((int) pidfd, NamespaceType.USER.cloneFlag()));
      // Asked for once more, because the kernel forgets it when rights change.
      context.make(Calls.prctlPdeathsig(Calls.SIGKILL));
    }

    @Override
    public String sentence() {
      return "Enters the user namespace that owns the switch: a cable is laid by whoever is above both its ends.";
    }

    @Override
    public String byHand() {
      return "nsenter --user --target KEEPER sh";
    }
  }

  /** Who the container's root is in the switch's user namespace: root. */
  record MapIdsBelowSwitch() implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      context.networkSwitch().mapIds(context.child());
    }

    @Override
    public String sentence() {
      return "Tells the kernel that root inside is root in the switch's user namespace.";
    }

    @Override
    public String byHand() {
      return "echo '0 0 1' > /proc/PID/uid_map";
    }
  }

  /** The host is plugged into the switch as one more computer. */
  record PlugInHost(Wiring wiring) implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      try {
        if (!context.networkSwitch().plugInHost(wiring)) {
          leftOut(
              context,
              "the host is not plugged into the switch, for only root may give it an interface;"
                  + " containers reach each other and nothing else");
        }
      } catch (SyscallException e) {
        leftOut(context, "the host is not plugged into the switch: " + e.getMessage());
      }
    }

    @Override
    public String sentence() {
      return "Plugs the host into the switch as well, with the address %s."
          .formatted(wiring.gateway().getHostAddress());
    }

    @Override
    public String byHand() {
      return """
      ip -n tr-switch link add host up master %s type veth peer name %s netns 1
      ip address add %s/%d dev %s
      ip link set %s up\
      """
          .formatted(
              Switch.BRIDGE,
              wiring.hostEnd(),
              wiring.gateway().getHostAddress(),
              wiring.subnet().prefix(),
              wiring.hostEnd(),
              wiring.hostEnd());
    }

    @Override
    public String undoByHand() {
      return "ip link delete " + wiring.hostEnd();
    }

    private void leftOut(StepContext context, String why) {
      NetworkStep.leftOut(this, context, why);
    }
  }

  /** What leaves the host leaves with the host's address: NAT. */
  record Masquerade(Wiring wiring) implements NetworkStep {
    /** Of the whole net namespace, and so of the whole host: never written here. */
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");

    @Override
    public void perform(StepContext context) {
      if (!context.networkSwitch().reachesHost()) {
        return;
      }
      if (!forwarding()) {
        leftOut(
            context,
            "the host forwards no packets, so the container reaches the host and nothing beyond;"
                + " sysctl net.ipv4.ip_forward=1 would make the whole host a router");
        return;
      }
      try {
        context.networkSwitch().masquerade(wiring);
      } catch (SyscallException e) {
        leftOut(context, "no NAT, so nothing beyond the host answers: " + e.getMessage());
      }
    }

    @Override
    public String sentence() {
      return "Lets packets from %s leave the host with the host's own address."
          .formatted(wiring.subnet());
    }

    @Override
    public String byHand() {
      String table = wiring.hostEnd();
      return """
      nft add table ip %s
      nft add chain ip %s postrouting '{ type nat hook postrouting priority srcnat; }'
      nft add rule ip %s postrouting ip saddr %s oifname != %s masquerade\
      """
          .formatted(table, table, table, wiring.subnet(), table);
    }

    @Override
    public String undoByHand() {
      return "nft delete table ip " + wiring.hostEnd();
    }

    private static boolean forwarding() {
      try {
        return Files.readString(FORWARDING).strip().equals("1");
      } catch (IOException e) {
        return false;
      }
    }

    private void leftOut(StepContext context, String why) {
      NetworkStep.leftOut(this, context, why);
    }
  }

  /** A pair of virtual interfaces: what goes in at one end comes out at the other. veth(4). */
  record PlugIn(Wiring wiring) implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      context.networkSwitch().plugIn(wiring, context.child());
    }

    @Override
    public String sentence() {
      return "Lays a cable: one end is %s of the switch, the other is %s inside."
          .formatted(wiring.port(), Switch.INSIDE);
    }

    @Override
    public String byHand() {
      return ipAtSwitch(wiring.ownUsers())
          + "link add %s up master %s type veth peer name %s netns PID"
              .formatted(wiring.port(), Switch.BRIDGE, Switch.INSIDE);
    }
  }

  /** Gives the cable's inner end its address and switches it on. */
  record AssignAddress(Wiring wiring) implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      try (Netlink kernel = Netlink.open(context.inside(), Netlink.Family.ROUTE)) {
        Link inside = kernel.link(Switch.INSIDE);
        kernel.change(Rtnetlink.newAddress(inside, wiring.address(), wiring.subnet().prefix()));
        kernel.change(Rtnetlink.up(inside));
      }
    }

    @Override
    public String sentence() {
      return "Gives %s the address %s; the rest of %s is then at the other end of the cable."
          .formatted(Switch.INSIDE, wiring.address().getHostAddress(), wiring.subnet());
    }

    @Override
    public String byHand() {
      return "ip address add %s/%d dev %s && ip link set %s up"
          .formatted(
              wiring.address().getHostAddress(),
              wiring.subnet().prefix(),
              Switch.INSIDE,
              Switch.INSIDE);
    }
  }

  /** Packets to everywhere else go to the host. */
  record DefaultRoute(Wiring wiring) implements NetworkStep {
    @Override
    public void perform(StepContext context) {
      if (context.networkSwitch().reachesHost()) {
        try (Netlink kernel = Netlink.open(context.inside(), Netlink.Family.ROUTE)) {
          kernel.change(Rtnetlink.defaultRoute(wiring.gateway()));
        }
      }
    }

    @Override
    public String sentence() {
      return "Sends what is for nobody on the switch to the host, %s."
          .formatted(wiring.gateway().getHostAddress());
    }

    @Override
    public String byHand() {
      return "ip route add default via " + wiring.gateway().getHostAddress();
    }
  }

  private static String ipAtSwitch(boolean ownUsers) {
    return ownUsers ? "nsenter --target KEEPER --user --net ip " : "ip -n tr-switch ";
  }

  private static void leftOut(Step step, StepContext context, String why) {
    context.tell(new Fact.LeftOut(Instant.now(), context.container(), step.id(), why));
  }
}
