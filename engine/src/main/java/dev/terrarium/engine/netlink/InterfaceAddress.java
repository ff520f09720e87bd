package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * An address of an interface as RTM_NEWADDR describes it. Source: rtnetlink(7).
 *
 * @param link the index of the interface
 * @param address as a person writes it
 * @param prefix how many of its bits name the subnet
 */
public record InterfaceAddress(int link, String address, int prefix) {
  private static final int IFADDRMSG = 8;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  static InterfaceAddress of(Answer answer) {
    Bytes fields = answer.payload();
    List<Attribute> attributes = answer.attributes(IFADDRMSG);
    // At the end of a cable of two, the address is the other's and the local one is one's own.
    String address =
        Attribute.find(attributes, IFA_LOCAL)
            .or(() -> Attribute.find(attributes, IFA_ADDRESS))
            .map(attribute -> text(attribute.value()))
            .orElse("?");
    return new InterfaceAddress(fields.intAt(4), address, fields.intAt(0) >> 8 & 0xff);
  }

  private static String text(Bytes address) {
    try {
      return InetAddress.getByAddress(address.toArray()).getHostAddress();
    } catch (UnknownHostException e) {
      return "?";
    }
  }

  /** As {@code ip address show} prints it. */
  public String text() {
    return address + "/" + prefix;
  }
}
