package dev.terrarium.engine.syscall;

import java.util.List;

/** Sockets, of which a container's making needs only those to the kernel. Source: netlink(7). */
public final class SocketCalls {
  private static final long AF_NETLINK = 16;
  private static final long SOCK_RAW = 3;
  private static final long SOCK_CLOEXEC = 0x80000;
  private static final long MSG_DONTWAIT = 0x40;

  private SocketCalls() {}

  /** A conversation with a part of the kernel, such as NETLINK_ROUTE. */
  public static Call netlinkSocket(int protocol, String name) {
    return new Call(
        Syscall.SOCKET,
        List.of(
            Operand.flags(AF_NETLINK, List.of("AF_NETLINK")),
            Operand.flags(SOCK_RAW | SOCK_CLOEXEC, List.of("SOCK_RAW", "SOCK_CLOEXEC")),
            Operand.flags(protocol, List.of(name))));
  }

  /** To whom the socket is connected, or to the kernel. */
  public static Call sendto(int fd, Bytes message, String shown) {
    return new Call(
        Syscall.SENDTO,
        List.of(
            Operand.number(fd),
            new Operand.Memory(message, new Arg.Struct(shown)),
            Operand.number(message.length()),
            Operand.number(0),
            Operand.nil(),
            Operand.number(0)));
  }

  /** Fails with EAGAIN rather than wait; what came is in the reply's memory. */
  public static Call recvfrom(int fd, int size) {
    return new Call(
        Syscall.RECVFROM,
        List.of(
            Operand.number(fd),
            new Operand.Memory(Bytes.zeros(size), new Arg.Struct("&message")),
            Operand.number(size),
            Operand.flags(MSG_DONTWAIT, List.of("MSG_DONTWAIT")),
            Operand.nil(),
            Operand.nil()));
  }
}
