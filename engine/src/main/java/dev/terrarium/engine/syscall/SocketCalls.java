package dev.terrarium.engine.syscall;

import java.util.List;

/**
 * Sockets, of which a container's making needs those to the kernel, and pairs by which a descriptor
 * goes from one process to another. Source: netlink(7), unix(7).
 */
public final class SocketCalls {
  private static final long AF_NETLINK = 16;
  private static final long SOCK_RAW = 3;
  private static final long SOCK_CLOEXEC = 0x80000;
  private static final long MSG_DONTWAIT = 0x40;

  private static final long AF_UNIX = 1;
  private static final long SOCK_SEQPACKET = 5;
  private static final long SOL_SOCKET = 1;
  private static final long SCM_RIGHTS = 1;

  private SocketCalls() {}

  /** The two descriptors come back in the reply's memory. */
  public static Call socketpair() {
    return new Call(
        Syscall.SOCKETPAIR,
        List.of(
            Operand.flags(AF_UNIX, List.of("AF_UNIX")),
            Operand.flags(SOCK_SEQPACKET | SOCK_CLOEXEC, List.of("SOCK_SEQPACKET", "SOCK_CLOEXEC")),
            Operand.number(0),
            new Operand.Memory(Bytes.zeros(8), new Arg.Struct("&sv"))));
  }

  /** Gives whoever reads the other end a descriptor of the same file: unix(7), SCM_RIGHTS. */
  public static Call sendDescriptor(int socket, int descriptor) {
    int byteOfText = 1;
    int lengthOfControl = 20;
    Operand text = new Operand.Memory(Bytes.zeros(8), new Arg.Struct("\"\\0\""));
    Operand vector =
        new Operand.Structure(
            List.of(text, Operand.number(byteOfText)), new Arg.Struct("[{\"\\0\", 1}]"));
    // struct cmsghdr: a length, level and type in 64 bits, then the descriptor.
    Operand control =
        new Operand.Memory(
            Bytes.ofLongs(lengthOfControl, SCM_RIGHTS << 32 | SOL_SOCKET, descriptor),
            new Arg.Struct("SCM_RIGHTS [" + descriptor + "]"));
    return new Call(
        Syscall.SENDMSG,
        List.of(
            Operand.number(socket),
            new Operand.Structure(
                List.of(
                    Operand.nil(),
                    Operand.number(0),
                    vector,
                    Operand.number(1),
                    control,
                    Operand.number(3 * Long.BYTES),
                    Operand.number(0)),
                new Arg.Struct("{msg_control=SCM_RIGHTS [%d]}".formatted(descriptor))),
            Operand.number(0)));
  }

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
