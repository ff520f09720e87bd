package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.observe.Isolation.Ipc.Segment;
import dev.terrarium.engine.observe.Isolation.Net.Route;
import dev.terrarium.engine.observe.Isolation.Net.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of procfs in which the kernel writes addresses as the processor has them. */
class NetFilesTest {
  @TempDir Path net;

  @BeforeEach
  void asTheKernelWritesThem() throws IOException {
    Files.writeString(
        net.resolve("route"),
        """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t0100630A\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth0\t0000630A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        """);
    Files.writeString(
        net.resolve("ipv6_route"),
        """
        fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
        00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo
        00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
        """);
    Files.writeString(
        net.resolve("tcp"),
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
           1: 0200630A:C350 0300630A:0050 01 00000000:00000000 00:00000000 00000000     0
        """);
    Files.writeString(
        net.resolve("tcp6"),
        """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A
        """);
    Files.writeString(net.resolve("udp"), "  sl\n   0: 00000000:0035 00000000:0000 07\n");
    Files.writeString(net.resolve("unix"), "Num\n0: 2 0 10 1 1 1 /run/\u00ff\n0: 2 0 0 2 1 2\n");
  }

  @Test
  void routesAreThoseByWhichPacketsLeave() throws IOException {
    assertThat(new NetFiles(net).routes())
        .containsExactly(
            new Route("default", Optional.of("10.99.0.1"), "eth0"),
            new Route("10.99.0.0/24", Optional.empty(), "eth0"),
            new Route("fd00:0:0:0:0:0:0:0/64", Optional.empty(), "eth0"));
  }

  @Test
  void socketsAreCountedAndThoseThatListenAreNamed() throws IOException {
    assertThat(new NetFiles(net).sockets())
        .isEqualTo(new Sockets(List.of("127.0.0.1:8080", "[0:0:0:0:0:0:0:1]:22"), 1, 1, 2));
  }

  @Test
  void tablesOfSystemVAreReadByTheNamesOfTheirColumns() {
    String table =
        """
               key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid
                -1          3   644                 12345     7     0      2    33     0     0     0
        """;
    assertThat(IpcTables.segments(table))
        .containsExactly(new Segment(3, 0xffff_ffffL, 12345, 2, 33));
    assertThat(IpcTables.segments("")).isEmpty();
  }
}
