package dev.terrarium.engine.spec;

/** What a container's own net namespace is wired to. */
public sealed interface Network {
  /** Nothing; even loopback stays down, as the kernel makes it. */
  record Untouched() implements Network {}

  /** Loopback is up. */
  record Loopback() implements Network {}

  /**
   * Loopback, and a veth pair to a bridge in a net namespace of the engine's own, with an address
   * there: it reaches the engine's other containers.
   *
   * @param nat whether it also reaches the host, and what is beyond it with the host's address,
   *     where rights, forwarding and nf_tables allow
   */
  record Bridge(boolean nat) implements Network {}
}
