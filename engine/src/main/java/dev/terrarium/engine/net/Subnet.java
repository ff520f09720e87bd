package dev.terrarium.engine.net;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A range of IPv4 addresses that share their first bits, such as {@code 10.99.0.0/24}. Source: RFC
 * 4632.
 *
 * @param network its first address, the bits after the prefix all 0
 * @param prefix how many bits are shared, 0 to 32
 */
public record Subnet(Inet4Address network, int prefix) {

  private static final int PREFIX = 24;

  /** Three private ranges that are seldom used as a whole. Source: RFC 1918. */
  private static final int[] CANDIDATES = {
    10 << 24 | 99 << 16, 172 << 24 | 30 << 16, 192 << 24 | 168 << 16
  };

  public Subnet {
    if (prefix < 0 || prefix > 32 || (bits(network) & ~mask(prefix)) != 0) {
      throw new IllegalArgumentException("no subnet: " + network.getHostAddress() + "/" + prefix);
    }
  }

  /** From bits, the highest of which is the first of the address. */
  public static Subnet of(int network, int prefix) {
    return new Subnet(fromBits(network), prefix);
  }

  /**
   * The first private subnet of 256 addresses that has none in common with those.
   *
   * @return nothing if all are taken
   */
  public static Optional<Subnet> apartFrom(Collection<Subnet> others) {
    return IntStream.of(CANDIDATES)
        .flatMap(range -> IntStream.range(0, 256).map(third -> range | third << 8))
        .mapToObj(network -> of(network, PREFIX))
        .filter(candidate -> others.stream().noneMatch(candidate::overlaps))
        .findFirst();
  }

  /** Its address of that number; 0 is the network itself. */
  public Inet4Address address(int number) {
    if (number < 0 || (number & mask(prefix)) != 0) {
      throw new IllegalArgumentException("no address " + number + " in " + this);
    }
    return fromBits(bits(network) | number);
  }

  public boolean overlaps(Subnet other) {
    int shared = mask(Math.min(prefix, other.prefix));
    return (bits(network) & shared) == (bits(other.network) & shared);
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  private static int bits(Inet4Address address) {
    return ByteBuffer.wrap(address.getAddress()).getInt();
  }

  private static Inet4Address fromBits(int bits) {
    return Inet4Address.ofLiteral(
        "%d.%d.%d.%d".formatted(bits >>> 24, bits >> 16 & 0xff, bits >> 8 & 0xff, bits & 0xff));
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
