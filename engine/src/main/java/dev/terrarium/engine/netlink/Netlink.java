package dev.terrarium.engine.netlink;

import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SocketCalls;
import dev.terrarium.engine.syscall.SyscallException;
import dev.terrarium.engine.syscall.Syscalls;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A conversation with the kernel over a netlink socket of some process. The socket belongs to the
 * net namespace in which it was opened, wherever its process goes afterwards. A refusal is thrown
 * as a {@link SyscallException} of the sendto(2) that asked, with the errno that the answer named.
 * Thread-safe. Source: netlink(7).
 */
public final class Netlink implements AutoCloseable {

  /** A refusal repeats the request, of which none of ours is longer than 400 bytes. */
  private static final int VERDICT_BYTES = 0x400;

  /** What the kernel packs into one answer; the description of a link takes some 2 KiB. */
  private static final int ANSWER_BYTES = 0x4000;

  /** Whom in the kernel it is with. */
  public enum Family {
    ROUTE(0),
    NETFILTER(12);

    private final int protocol;

    Family(int protocol) {
      this.protocol = protocol;
    }
  }

  private final Syscalls calls;
  private final int socket;
  private int sequence;

  private Netlink(Syscalls calls, int socket) {
    this.calls = calls;
    this.socket = socket;
  }

  /** Opens a socket of the process that makes those calls, in its present net namespace. */
  public static Netlink open(Syscalls calls, Family family) {
    Call call = SocketCalls.netlinkSocket(family.protocol, "NETLINK_" + family);
    return new Netlink(calls, (int) calls.make(call).result());
  }

  /** Asks for a change and waits until the kernel has made it. */
  public void change(Message request) {
    change(List.of(request));
  }

  /** Asks for several changes at once; the last request that is acknowledged speaks for all. */
  public synchronized void change(List<Message> requests) {
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    int acknowledged = 0;
    for (Message request : requests) {
      together.writeBytes(request.numbered(++sequence).toArray());
      if ((request.flags() & Message.NLM_F_ACK) != 0) {
        acknowledged = sequence;
      }
    }
    Call call = send(requests, Bytes.of(together.toByteArray()));
    while (true) {
      for (Answer answer : receive(VERDICT_BYTES)) {
        if (answer.verdict() && answer.error() != 0) {
          throw new SyscallException(call, Errno.of(answer.error()));
        }
        if (answer.verdict() && answer.sequence() == acknowledged) {
          return;
        }
      }
    }
  }

  /** All interfaces of the socket's net namespace. */
  public List<Link> links() {
    return ask(Rtnetlink.getAll()).stream().map(Link::of).toList();
  }

  /** All addresses of all interfaces there, of both versions of IP. */
  public List<InterfaceAddress> addresses() {
    return ask(Rtnetlink.getAddresses()).stream().map(InterfaceAddress::of).toList();
  }

  /**
   * The interface of that name in the socket's net namespace.
   *
   * @throws SyscallException with ENODEV if there is none
   */
  public Link link(String name) {
    return Link.of(ask(Rtnetlink.get(name)).getFirst());
  }

  private synchronized List<Answer> ask(Message question) {
    int number = ++sequence;
    Call call = send(List.of(question), question.numbered(number));
    List<Answer> answers = new ArrayList<>();
    while (true) {
      for (Answer answer : receive(ANSWER_BYTES)) {
        if (answer.verdict()) {
          throw new SyscallException(call, Errno.of(answer.error()));
        }
        if (answer.done()) {
          return answers;
        }
        answers.add(answer);
        if (!answer.multi()) {
          return answers;
        }
      }
    }
  }

  private Call send(List<Message> requests, Bytes bytes) {
    String shown =
        requests.stream().map(Message::shown).collect(Collectors.joining("}, {", "{", "}"));
    Call call = SocketCalls.sendto(socket, bytes, shown);
    calls.make(call);
    return call;
  }

  /** The kernel has answered before sendto(2) returns; so this never has to wait. */
  private List<Answer> receive(int most) {
    return received(calls.make(SocketCalls.recvfrom(socket, most), Netlink::summary));
  }

  private static List<Answer> received(Outcome outcome) {
    return Answer.in(outcome.memory().getFirst().toArray(), (int) outcome.result());
  }

  /** For the trace: what the kernel said. */
  private static Optional<String> summary(Outcome outcome) {
    return Optional.of(
        received(outcome).stream()
            .map(answer -> {
              if (answer.verdict()) {
                return answer.error() == 0
                    ? "granted"
                    : "refused: " + Errno.of(answer.error()).name();
              }
              if (answer.done()) {
                return "end";
              }
              return answer.type() == Link.RTM_NEWLINK
                  ? Link.of(answer).name()
                  : InterfaceAddress.of(answer).text();
            })
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  @Override
  public void close() {
    calls.make(Calls.close(socket));
  }
}
