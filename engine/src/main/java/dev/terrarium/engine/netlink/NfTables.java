package dev.terrarium.engine.netlink;

import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one table of packet rules that is ever needed here, as {@code nft} would send it. The table
 * belongs to the socket that made it: the kernel removes it when that socket is closed, however its
 * process ended. Source: linux/netfilter/nf_tables.h; nft(8), "flags owner", since Linux 5.12.
 */
public final class NfTables {
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;

  private static final int NFNL_SUBSYS_NFTABLES = 10;
  private static final int NEWTABLE = NFNL_SUBSYS_NFTABLES << 8;
  private static final int NEWCHAIN = NEWTABLE | 3;
  private static final int NEWRULE = NEWTABLE | 6;

  private static final int AF_UNSPEC = 0;
  private static final int AF_INET = 2;

  private static final int NFTA_TABLE_NAME = 1;
  private static final int NFTA_TABLE_FLAGS = 2;
  private static final int NFT_TABLE_F_OWNER = 2;

  private static final int NFTA_CHAIN_TABLE = 1;
  private static final int NFTA_CHAIN_NAME = 3;
  private static final int NFTA_CHAIN_HOOK = 4;
  private static final int NFTA_CHAIN_TYPE = 7;
  private static final int NFTA_HOOK_HOOKNUM = 1;
  private static final int NFTA_HOOK_PRIORITY = 2;
  private static final int NF_INET_POST_ROUTING = 4;
  private static final int NF_IP_PRI_NAT_SRC = 100;

  private static final int NFTA_RULE_TABLE = 1;
  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_RULE_EXPRESSIONS = 4;
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_EXPR_NAME = 1;
  private static final int NFTA_EXPR_DATA = 2;

  private static final int NFT_REG_1 = 1;
  private static final int NFTA_PAYLOAD_DREG = 1;
  private static final int NFTA_PAYLOAD_BASE = 2;
  private static final int NFTA_PAYLOAD_OFFSET = 3;
  private static final int NFTA_PAYLOAD_LEN = 4;
  private static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  private static final int SOURCE_ADDRESS_OFFSET = 12;

  private static final int NFTA_META_DREG = 1;
  private static final int NFTA_META_KEY = 2;
  private static final int NFT_META_OIFNAME = 7;

  private static final int NFTA_CMP_SREG = 1;
  private static final int NFTA_CMP_OP = 2;
  private static final int NFTA_CMP_DATA = 3;
  private static final int NFTA_DATA_VALUE = 1;
  private static final int NFT_CMP_EQ = 0;
  private static final int NFT_CMP_NEQ = 1;

  private static final int IFNAMSIZ = 16;
  private static final String CHAIN = "postrouting";

  private NfTables() {}

  /**
   * Packets from that subnet that leave by any other interface leave with that one's address:
   *
   * <pre>
   *   table ip NAME {
   *     flags owner
   *     chain postrouting {
   *       type nat hook postrouting priority srcnat;
   *       ip saddr SUBNET oifname != "INTERFACE" masquerade
   *     }
   *   }
   * </pre>
   *
   * The messages take effect together or not at all.
   *
   * @param prefix of the subnet, a multiple of 8: that many bits are compared as whole bytes
   */
  public static List<Message> masquerade(
      String table, Inet4Address subnet, int prefix, String inner) {
    if (prefix % 8 != 0) {
      throw new IllegalArgumentException("a prefix of " + prefix + " bits is not whole bytes");
    }
    byte[] network = Arrays.copyOf(subnet.getAddress(), prefix / 8);
    Payload tablePayload =
        family(AF_INET, 0)
            .text(NFTA_TABLE_NAME, table)
            .networkNumber(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
    Payload chainPayload =
        family(AF_INET, 0)
            .text(NFTA_CHAIN_TABLE, table)
            .text(NFTA_CHAIN_NAME, CHAIN)
            .text(NFTA_CHAIN_TYPE, "nat")
            .flaggedNest(
                NFTA_CHAIN_HOOK,
                hook ->
                    hook.networkNumber(NFTA_HOOK_HOOKNUM, NF_INET_POST_ROUTING)
                        .networkNumber(NFTA_HOOK_PRIORITY, NF_IP_PRI_NAT_SRC));
    Payload rulePayload =
        family(AF_INET, 0)
            .text(NFTA_RULE_TABLE, table)
            .text(NFTA_RULE_CHAIN, CHAIN)
            .flaggedNest(
                NFTA_RULE_EXPRESSIONS,
                rule -> {
                  expression(
                      rule,
                      "payload",
                      load ->
                          load.networkNumber(NFTA_PAYLOAD_DREG, NFT_REG_1)
                              .networkNumber(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER)
                              .networkNumber(NFTA_PAYLOAD_OFFSET, SOURCE_ADDRESS_OFFSET)
                              .networkNumber(NFTA_PAYLOAD_LEN, network.length));
                  compare(rule, NFT_CMP_EQ, network);
                  expression(
                      rule,
                      "meta",
                      meta ->
                          meta.networkNumber(NFTA_META_KEY, NFT_META_OIFNAME)
                              .networkNumber(NFTA_META_DREG, NFT_REG_1));
                  compare(
                      rule,
                      NFT_CMP_NEQ,
                      Arrays.copyOf(inner.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ));
                  expression(rule, "masq", nothing -> {});
                });
    return List.of(
        batch(BATCH_BEGIN, "NFNL_MSG_BATCH_BEGIN"),
        new Message(
            NEWTABLE,
            0,
            tablePayload.toBytes(),
            "NFT_MSG_NEWTABLE, ip \"%s\" flags owner".formatted(table)),
        new Message(
            NEWCHAIN,
            Message.NLM_F_CREATE,
            chainPayload.toBytes(),
            "NFT_MSG_NEWCHAIN, \"%s\" type nat hook postrouting".formatted(CHAIN)),
        new Message(
            NEWRULE,
            Message.NLM_F_CREATE | Message.NLM_F_APPEND | Message.NLM_F_ACK,
            rulePayload.toBytes(),
            "NFT_MSG_NEWRULE, ip saddr %s/%d oifname != \"%s\" masquerade"
                .formatted(subnet.getHostAddress(), prefix, inner)),
        batch(BATCH_END, "NFNL_MSG_BATCH_END"));
  }

  private static Message batch(int type, String shown) {
    return new Message(type, 0, family(AF_UNSPEC, NFNL_SUBSYS_NFTABLES).toBytes(), shown);
  }

  /** The struct nfgenmsg: protocol family, version 0, and a number in network order. */
  private static Payload family(int protocol, int resource) {
    return new Payload().byteField(protocol).byteField(0).byteField(0).byteField(resource);
  }

  private static void expression(Payload rule, String name, Consumer<Payload> data) {
    rule.flaggedNest(
        NFTA_LIST_ELEM,
        element -> element.text(NFTA_EXPR_NAME, name).flaggedNest(NFTA_EXPR_DATA, data));
  }

  /** Goes on to the rule's next expression only if the register compares so with the value. */
  private static void compare(Payload rule, int operator, byte[] value) {
    expression(
        rule,
        "cmp",
        compare ->
            compare
                .networkNumber(NFTA_CMP_SREG, NFT_REG_1)
                .networkNumber(NFTA_CMP_OP, operator)
                .flaggedNest(NFTA_CMP_DATA, data -> data.bytes(NFTA_DATA_VALUE, value)));
  }
}
