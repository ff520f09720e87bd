package dev.terrarium.engine.net;

import java.net.Inet4Address;

/**
 * How a container is plugged into the switch: pure data, settled before the first call.
 *
 * @param subnet the switch's
 * @param number the container's own in it, 2 to 254
 * @param hostEnd the name of the host's interface, if the host is plugged in as well
 * @param ownUsers whether the switch belongs to a user namespace, below which the container's must
 *     be; because the engine has no rights on the host
 */
public record Wiring(Subnet subnet, int number, String hostEnd, boolean ownUsers) {
  private static final int HOST = 1;

  /** The container's. */
  public Inet4Address address() {
    return subnet.address(number);
  }

  /** The host's, if it is plugged in. */
  public Inet4Address gateway() {
    return subnet.address(HOST);
  }

  /** The name of the cable's end at the switch. */
  public String port() {
    return "port" + number;
  }
}
