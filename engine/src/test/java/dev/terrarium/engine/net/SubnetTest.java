package dev.terrarium.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which addresses are free, and which are whose. */
class SubnetTest {
  private static Subnet subnet(String network, int prefix) {
    return new Subnet(Inet4Address.ofLiteral(network), prefix);
  }

  @Test
  void avoidsWhateverTheHostCanReachAlready() {
    assertThat(Subnet.apartFrom(List.of())).hasValue(subnet("10.99.0.0", 24));
    assertThat(Subnet.apartFrom(List.of(subnet("10.99.0.128", 25), subnet("10.99.1.7", 32))))
        .hasValue(subnet("10.99.2.0", 24));
    assertThat(Subnet.apartFrom(List.of(subnet("10.0.0.0", 8)))).hasValue(subnet("172.30.0.0", 24));
    assertThat(
            Subnet.apartFrom(
                List.of(
                    subnet("10.0.0.0", 8), subnet("172.16.0.0", 12), subnet("192.168.0.0", 16))))
        .isEmpty();
  }

  @Test
  void readsTheHostsRoutesWithoutTheDefaultOne() {
    List<String> table =
        """
        Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
        eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
        eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
        tun0	0000630A	00000000	0001	0	0	0	0000FFFF	0	0	0
        """
            .lines()
            .toList();
    assertThat(HostRoutes.parse(table))
        .containsExactly(subnet("192.0.2.0", 24), subnet("10.99.0.0", 16));
  }

  @Test
  void countsItsAddressesAndRefusesOthers() {
    Subnet subnet = subnet("192.168.7.0", 24);
    assertThat(subnet.address(254).getHostAddress()).isEqualTo("192.168.7.254");
    assertThat(subnet).hasToString("192.168.7.0/24");
    assertThatThrownBy(() -> subnet.address(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> subnet("10.0.0.1", 24)).isInstanceOf(IllegalArgumentException.class);
  }
}
