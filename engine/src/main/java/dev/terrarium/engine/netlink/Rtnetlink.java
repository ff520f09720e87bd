package dev.terrarium.engine.netlink;

import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;

/**
 * One constructor for each request about links, addresses and routes. What {@code ip} would send
 * for the same is what these are, byte for byte. Source: rtnetlink(7), linux/if_link.h.
 */
public final class Rtnetlink {
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_GETADDR = 22;
  private static final int RTM_NEWROUTE = 24;

  private static final int CREATE = Message.NLM_F_ACK | Message.NLM_F_EXCL | Message.NLM_F_CREATE;

  private static final int AF_UNSPEC = 0;
  private static final int AF_INET = 2;
  private static final int IFF_UP = 1;

  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_PID = 19;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  private static final int RTA_GATEWAY = 5;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_BOOT = 3;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RTN_UNICAST = 1;

  private Rtnetlink() {}

  /** {@code ip link add NAME up type bridge}. */
  public static Message newBridge(String name) {
    Payload payload =
        interfaceFields(0, true)
            .text(IFLA_IFNAME, name)
            .nest(IFLA_LINKINFO, info -> info.bytes(IFLA_INFO_KIND, ascii("bridge")));
    return new Message(
        RTM_NEWLINK, CREATE, payload.toBytes(), "RTM_NEWLINK, bridge \"%s\" up".formatted(name));
  }

  /**
   * A cable: one end here, a port of the bridge and up, the other in the net namespace of that
   * process. {@code ip link add NAME up master BRIDGE type veth peer name PEER netns PID}.
   *
   * @param pid as the sender's pid namespace numbers it
   */
  public static Message newVeth(String name, Link bridge, String peer, int pid) {
    Payload payload =
        interfaceFields(0, true)
            .number(IFLA_MASTER, bridge.index())
            .text(IFLA_IFNAME, name)
            .nest(
                IFLA_LINKINFO,
                info ->
                    info.bytes(IFLA_INFO_KIND, ascii("veth"))
                        .nest(IFLA_INFO_DATA, data -> data.bytes(VETH_INFO_PEER, peer(peer, pid))));
    return new Message(
        RTM_NEWLINK,
        CREATE,
        payload.toBytes(),
        "RTM_NEWLINK, veth \"%s\" up master \"%s\", peer \"%s\" netns %d"
            .formatted(name, bridge.name(), peer, pid));
  }

  private static byte[] peer(String name, int pid) {
    return interfaceFields(0, false)
        .number(IFLA_NET_NS_PID, pid)
        .text(IFLA_IFNAME, name)
        .toBytes()
        .toArray();
  }

  /** {@code ip link set INTERFACE up}. */
  public static Message up(Link link) {
    return new Message(
        RTM_NEWLINK,
        Message.NLM_F_ACK,
        interfaceFields(link.index(), true).toBytes(),
        "RTM_NEWLINK, \"%s\" up".formatted(link.name()));
  }

  /** {@code ip link delete INTERFACE}; the other end of a veth pair goes with it. */
  public static Message delete(Link link) {
    return new Message(
        RTM_DELLINK,
        Message.NLM_F_ACK,
        interfaceFields(link.index(), false).toBytes(),
        "RTM_DELLINK, \"%s\"".formatted(link.name()));
  }

  /** {@code ip link show NAME}. */
  public static Message get(String name) {
    return new Message(
        RTM_GETLINK,
        0,
        interfaceFields(0, false).text(IFLA_IFNAME, name).toBytes(),
        "RTM_GETLINK, \"%s\"".formatted(name));
  }

  /** {@code ip link show}. */
  public static Message getAll() {
    return new Message(
        RTM_GETLINK, Message.NLM_F_DUMP, interfaceFields(0, false).toBytes(), "RTM_GETLINK, all");
  }

  /** {@code ip address show}. */
  public static Message getAddresses() {
    Payload payload = new Payload().intField(0).intField(0);
    return new Message(RTM_GETADDR, Message.NLM_F_DUMP, payload.toBytes(), "RTM_GETADDR, all");
  }

  /** {@code ip address add ADDRESS/PREFIX dev INTERFACE}. */
  public static Message newAddress(Link link, Inet4Address address, int prefix) {
    Payload payload =
        new Payload()
            .byteField(AF_INET)
            .byteField(prefix)
            .byteField(0)
            .byteField(RT_SCOPE_UNIVERSE)
            .intField(link.index())
            .bytes(IFA_LOCAL, address.getAddress())
            .bytes(IFA_ADDRESS, address.getAddress());
    return new Message(
        RTM_NEWADDR,
        CREATE,
        payload.toBytes(),
        "RTM_NEWADDR, %s/%d \"%s\"".formatted(address.getHostAddress(), prefix, link.name()));
  }

  /** {@code ip route add default via GATEWAY}. */
  public static Message defaultRoute(Inet4Address gateway) {
    Payload payload =
        new Payload()
            .byteField(AF_INET)
            .byteField(0)
            .byteField(0)
            .byteField(0)
            .byteField(RT_TABLE_MAIN)
            .byteField(RTPROT_BOOT)
            .byteField(RT_SCOPE_UNIVERSE)
            .byteField(RTN_UNICAST)
            .intField(0)
            .bytes(RTA_GATEWAY, gateway.getAddress());
    return new Message(
        RTM_NEWROUTE,
        CREATE,
        payload.toBytes(),
        "RTM_NEWROUTE, default via " + gateway.getHostAddress());
  }

  /** The struct ifinfomsg: whose it is and, if wanted, that IFF_UP is to be set. */
  private static Payload interfaceFields(int index, boolean up) {
    int flags = up ? IFF_UP : 0;
    return new Payload().intField(AF_UNSPEC).intField(index).intField(flags).intField(flags);
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
