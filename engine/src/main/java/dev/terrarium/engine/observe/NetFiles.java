package dev.terrarium.engine.observe;

import dev.terrarium.engine.observe.Isolation.Net.Route;
import dev.terrarium.engine.observe.Isolation.Net.Sockets;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A net namespace as {@code /proc/PID/net} shows it: the namespace of that process, whoever reads.
 * Source: proc_pid_net(5), and for version 6 the kernel's net/ipv6/route.c.
 */
public final class NetFiles {
  private static final String LISTEN = "0A";
  private static final String ESTABLISHED = "01";

  private static final long RTF_UP = 0x1;
  private static final long RTF_GATEWAY = 0x2;

  /** Refused, one's own, or anybody's: what {@code ip -6 route} does not show either. */
  private static final long NOT_IN_MAIN = 0x200 | 0x8000_0000L | 0x10_0000;

  private static final int IPV6_DIGITS = 32;

  private final Path folder;

  /** Reads that folder, {@code /proc/PID/net} or a copy. */
  public NetFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * The main table of either version, as far as packets leave by it.
   *
   * @throws IOException if it may not be read
   */
  public List<Route> routes() throws IOException {
    List<Route> routes = new ArrayList<>();
    for (String[] words : rows("route", 1)) {
      if ((Long.parseLong(words[3], 16) & RTF_UP) != 0) {
        int prefix = new BigInteger(words[7], 16).bitCount();
        boolean gateway = (Long.parseLong(words[3], 16) & RTF_GATEWAY) != 0;
        routes.add(route(address(words[1]), prefix, gateway ? words[2] : "", words[0]));
      }
    }
    if (Files.exists(folder.resolve("ipv6_route"))) {
      for (String[] words : rows("ipv6_route", 0)) {
        long flags = Long.parseLong(words[8], 16);
        boolean leaves = (flags & RTF_UP) != 0 && (flags & NOT_IN_MAIN) == 0;
        if (leaves && !words[0].startsWith("ff")) {
          boolean gateway = (flags & RTF_GATEWAY) != 0;
          routes.add(
              route(
                  inNetworkOrder(words[0]),
                  Integer.parseInt(words[1], 16),
                  gateway ? words[4] : "",
                  words[9]));
        }
      }
    }
    return routes;
  }

  private static Route route(String to, int prefix, String gateway, String device)
      throws IOException {
    Optional<String> via =
        gateway.isEmpty()
            ? Optional.empty()
            : Optional.of(
                gateway.length() == IPV6_DIGITS ? inNetworkOrder(gateway) : address(gateway));
    return new Route(prefix == 0 ? "default" : to + "/" + prefix, via, device);
  }

  /**
   * The sockets of either version, and the local ones.
   *
   * @throws IOException if they may not be read
   */
  public Sockets sockets() throws IOException {
    List<String> listening = new ArrayList<>();
    int connected = 0;
    int udp = 0;
    for (String version : List.of("", "6")) {
      for (String[] words : rows("tcp" + version, 1)) {
        if (words[3].equals(LISTEN)) {
          listening.add(endpoint(words[1]));
        } else if (words[3].equals(ESTABLISHED)) {
          connected++;
        }
      }
      udp += rows("udp" + version, 1).size();
    }
    return new Sockets(listening, connected, udp, rows("unix", 1).size());
  }

  /** From {@code 0100007F:1F90} to {@code 127.0.0.1:8080}. */
  private static String endpoint(String text) throws IOException {
    String[] parts = text.split(":");
    String address = address(parts[0]);
    String host = address.contains(":") ? "[" + address + "]" : address;
    return host + ":" + Integer.parseInt(parts[1], 16);
  }

  /** Words of 32 bits, as the processor has them. */
  static String address(String hexadecimal) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hexadecimal);
    for (int word = 0; word < bytes.length; word += 4) {
      swap(bytes, word, word + 3);
      swap(bytes, word + 1, word + 2);
    }
    return InetAddress.getByAddress(bytes).getHostAddress();
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte kept = bytes[one];
    bytes[one] = bytes[other];
    bytes[other] = kept;
  }

  private static String inNetworkOrder(String hexadecimal) throws IOException {
    return InetAddress.getByAddress(HexFormat.of().parseHex(hexadecimal)).getHostAddress();
  }

  /** The words of each line; a host without that version of IP has no such file. */
  private List<String[]> rows(String name, int headLines) throws IOException {
    Path file = folder.resolve(name);
    if (name.endsWith("6") && !Files.exists(file)) {
      return List.of();
    }
    // Names of unix sockets are whatever bytes somebody liked.
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
        .skip(headLines)
        .map(line -> line.strip().split("\\s+"))
        .toList();
  }
}
