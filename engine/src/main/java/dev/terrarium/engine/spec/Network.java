package dev.terrarium.engine.spec;

/** What a container's own net namespace is wired to. */
public sealed interface Network {
  /** Nothing; even loopback stays down, as the kernel makes it. */
  record Untouched() implements Network {}

  /** Loopback is up. */
  record Loopback() implements Network {}

  /**
   * Loopback, and a veth pair to a bridge on the host, with an address and a route.
   *
   * @param nat whether packets to beyond the bridge leave with the host's address, where nftables
   *     allows
   */
  record Bridge(boolean nat) implements Network {}
}
