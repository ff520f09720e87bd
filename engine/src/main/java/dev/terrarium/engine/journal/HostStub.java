package dev.terrarium.engine.journal;

import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.Syscalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** System calls on the host by a stub that is started when the first one is needed. */
final class HostStub implements AutoCloseable {
  private final StateFolder state;
  private @Nullable Stub stub;

  HostStub(StateFolder state) {
    this.state = state;
  }

  /**
   * Makes the call.
   *
   * @throws dev.terrarium.engine.syscall.SyscallException if the kernel refuses it
   */
  Outcome make(Call call) throws IOException {
    return calls().make(call);
  }

  /** The stub itself, for a conversation of several calls. */
  Syscalls calls() throws IOException {
    if (stub == null) {
      stub = Stub.start(state.stub(Arch.host()), Arch.host(), made -> {});
    }
    return stub;
  }

  @Override
  public void close() {
    if (stub != null) {
      stub.close();
    }
  }
}
