package dev.terrarium.engine.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.syscall.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our messages beside those that ip(8) and nft(8) really sent: the same bytes. */
class MessageTest {
  private static final Link BRIDGE = new Link(2, "br0", true, true, "bridge", OptionalInt.empty());
  private static final Link CABLE = new Link(3, "eth0", false, false, "veth", OptionalInt.empty());

  /** What was captured for that command. */
  private static String captured(String command) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(MessageTest.class.getResourceAsStream("/netlink/captured.txt"))) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      String block = text.substring(text.indexOf("$ " + command + "\n"));
      return block
          .lines()
          .skip(1)
          .takeWhile(line -> !line.isEmpty())
          .collect(Collectors.joining(" "));
    }
  }

  private static String hex(Bytes bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes.toArray());
  }

  private static Inet4Address address(String dotted) {
    return Inet4Address.ofLiteral(dotted);
  }

  @Test
  void aBridgeIsMadeAsIpMakesIt() throws IOException {
    assertThat(hex(Rtnetlink.newBridge("br0").numbered(1)))
        .isEqualTo(captured("ip link add br0 up type bridge"));
  }

  @Test
  void aCableIntoAnotherNamespaceIsLaidAsIpLaysIt() throws IOException {
    assertThat(hex(Rtnetlink.newVeth("port2", BRIDGE, "eth0", 4711).numbered(1)))
        .isEqualTo(captured("ip link add port2 up master br0 type veth peer name eth0 netns 4711"));
  }

  @Test
  void anInterfaceIsSwitchedOnAddressedRoutedAndDeletedAsIpDoesIt() throws IOException {
    assertThat(hex(Rtnetlink.up(Link.LOOPBACK).numbered(1)))
        .isEqualTo(captured("ip link set lo up"));
    assertThat(hex(Rtnetlink.newAddress(CABLE, address("10.99.0.2"), 24).numbered(1)))
        .isEqualTo(captured("ip address add 10.99.0.2/24 dev eth0"));
    assertThat(hex(Rtnetlink.defaultRoute(address("10.99.0.1")).numbered(1)))
        .isEqualTo(captured("ip route add default via 10.99.0.1"));
    assertThat(hex(Rtnetlink.delete(CABLE).numbered(1))).isEqualTo(captured("ip link delete eth0"));
  }

  @Test
  void masqueradingIsAskedForAsNftAsksForIt() throws IOException {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    int number = 0;
    for (Message message : NfTables.masquerade("tr-4711", address("10.99.0.0"), 24, "tr-4711")) {
      // nft takes silence for consent.
      Message unacknowledged =
          new Message(
              message.type(),
              message.flags() & ~Message.NLM_F_ACK,
              message.payload(),
              message.shown());
      batch.writeBytes(unacknowledged.numbered(++number).toArray());
    }
    assertThat(hex(Bytes.of(batch.toByteArray()))).isEqualTo(captured("nft -f masquerade.nft"));
  }

  @Test
  void aMessageReadsLikeTheCommandThatWouldSendIt() {
    assertThat(Rtnetlink.newVeth("port2", BRIDGE, "eth0", 4711).shown())
        .isEqualTo("RTM_NEWLINK, veth \"port2\" up master \"br0\", peer \"eth0\" netns 4711");
    assertThat(Rtnetlink.newAddress(CABLE, address("10.99.0.2"), 24).shown())
        .isEqualTo("RTM_NEWADDR, 10.99.0.2/24 \"eth0\"");
  }

  @Test
  void aVerdictIsUnderstood() {
    // NLMSG_ERROR with -EEXIST, in answer to number 7; then an acknowledgement of number 8.
    String refusal = "24000000 0200 0000 07000000 00000000 efffffff";
    String request = "14000000 1000 0000 00000000 00000000";
    String granted = "24000000 0200 0001 08000000 00000000 00000000" + request;
    byte[] received = HexFormat.of().parseHex((refusal + request + granted).replace(" ", ""));
    List<Answer> answers = Answer.in(received, received.length);
    assertThat(answers).extracting(Answer::verdict).containsExactly(true, true);
    assertThat(answers).extracting(Answer::error).containsExactly(17, 0);
    assertThat(answers).extracting(Answer::sequence).containsExactly(7, 8);
  }

  @Test
  void nonsenseFromBelowIsRefusedAndNeverReadBeyondItsEnd() {
    byte[] tooLong = HexFormat.of().parseHex("ff000000020000000700000000000000");
    assertThatThrownBy(() -> Answer.in(tooLong, tooLong.length))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a netlink message of 255 bytes in the 16 that were received");
    Bytes attribute = Bytes.of(HexFormat.of().parseHex("ff00010000000000"));
    assertThatThrownBy(() -> Attribute.in(attribute, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a netlink attribute of 255 bytes where 8 are left");
    byte[] zero = new byte[64];
    assertThatThrownBy(() -> Answer.in(zero, zero.length))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Answer.in(Arrays.copyOf(tooLong, 8), 8)).isEmpty();
  }
}
