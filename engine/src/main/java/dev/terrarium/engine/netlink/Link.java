package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network interface as RTM_NEWLINK describes it. Source: rtnetlink(7), netdevice(7).
 *
 * @param index its number in its net namespace
 * @param name such as {@code eth0}
 * @param up whether it is switched on (IFF_UP)
 * @param carrier whether there is somebody at the other end (IFF_LOWER_UP)
 * @param kind what made it, such as {@code veth} or {@code bridge}; empty for hardware and loopback
 * @param master the index of the bridge that it is a port of
 */
public record Link(
    int index, String name, boolean up, boolean carrier, String kind, OptionalInt master) {
  /** The first interface of every net namespace. */
  public static final Link LOOPBACK = new Link(1, "lo", false, false, "", OptionalInt.empty());

  static final int RTM_NEWLINK = 16;

  private static final int IFINFOMSG = 16;
  private static final int IFF_UP = 1;
  private static final int IFF_LOWER_UP = 0x1_0000;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;

  static Link of(Answer answer) {
    Bytes fields = answer.payload();
    List<Attribute> attributes = answer.attributes(IFINFOMSG);
    Optional<Attribute> master = Attribute.find(attributes, IFLA_MASTER);
    return new Link(
        fields.intAt(4),
        Attribute.find(attributes, IFLA_IFNAME).map(Attribute::text).orElse("?"),
        (fields.intAt(8) & IFF_UP) != 0,
        (fields.intAt(8) & IFF_LOWER_UP) != 0,
        Attribute.find(attributes, IFLA_LINKINFO)
            .flatMap(info -> Attribute.find(info.nested(), IFLA_INFO_KIND))
            .map(Attribute::text)
            .orElse(""),
        master.isPresent() ? OptionalInt.of(master.get().value().intAt(0)) : OptionalInt.empty());
  }
}
