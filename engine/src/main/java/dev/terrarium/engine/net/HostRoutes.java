package dev.terrarium.engine.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the host can reach already, and must go on reaching. Source: proc_pid_net(5), route. */
public final class HostRoutes {
  private static final int DESTINATION = 1;
  private static final int MASK = 7;

  private HostRoutes() {}

  /**
   * The subnets of the main routing table of this process's net namespace; the default route, which
   * is for whatever no other route is for, is not among them.
   */
  public static List<Subnet> read() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/self/net/route")));
    } catch (IOException e) {
      // No /proc, or no IPv4: nothing that could be in the way.
      return List.of();
    }
  }

  static List<Subnet> parse(List<String> table) {
    return table.stream()
        .skip(1)
        .map(line -> line.split("\\s+"))
        .filter(fields -> fields.length > MASK)
        .map(fields ->
            Subnet.of(number(fields[DESTINATION]), Integer.bitCount(number(fields[MASK]))))
        .filter(subnet -> subnet.prefix() > 0)
        .toList();
  }

  /** The kernel prints the four bytes of an address as one little-endian number. */
  private static int number(String hexadecimal) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(hexadecimal, 16));
  }
}
