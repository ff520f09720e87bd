package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Errno;
import dev.terrarium.engine.syscall.Syscall;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of calls that are encoded once and then only sent: nothing is decided, decoded, traced or
 * told between two of them. What it takes is what the kernel, the stub and the pipe take, and no
 * engine that makes the same calls one by one can be faster.
 */
public final class Playback {
  private final Channel channel;
  private final List<Channel.Prepared> requests;

  private Playback(Channel channel, List<Channel.Prepared> requests) {
    this.channel = channel;
    this.requests = requests;
  }

  static Playback of(Channel channel, List<Call> calls) {
    List<Channel.Prepared> requests = new ArrayList<>();
    int generation = 0;
    for (Call call : calls) {
      boolean last = call.syscall() == Syscall.EXECVE;
      requests.add(channel.prepare(call, generation, last));
      if (call.syscall() == Syscall.CLONE) {
        generation++;
      } else if (last) {
        generation--;
      }
    }
    return new Playback(channel, List.copyOf(requests));
  }

  /**
   * Plays it once; nobody else may use the stub meanwhile.
   *
   * @throws SyscallException if a call fails; the stub is of no use then
   */
  public void play() throws IOException {
    for (Channel.Prepared request : requests) {
      long result = channel.exchange(request);
      if (result < 0 && result >= -4095) {
        throw new SyscallException(request.call(), Errno.of((int) -result));
      }
    }
  }
}
