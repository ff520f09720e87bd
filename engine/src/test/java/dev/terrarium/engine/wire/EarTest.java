package dev.terrarium.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.posix.Descriptors;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.posix.SeccompListener;
import dev.terrarium.engine.seccomp.Filter;
import dev.terrarium.engine.seccomp.WatchList;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.GuardCalls;
import dev.terrarium.engine.syscall.HeardCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real filter on a real process, and somebody who reads its memory more slowly than it likes. */
@Timeout(60)
class EarTest {
  @TempDir Path folder;
  private final List<HeardCall> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch told = new CountDownLatch(1);
  private Stub stub;

  @BeforeEach
  void start() throws IOException {
    stub = Stub.start(new StateFolder(folder).stub(Arch.host()), Arch.host(), call -> {});
  }

  @AfterEach
  void close() {
    stub.close();
  }

  private Ear listen(IntFunction<Memory> memories) throws IOException {
    Filter filter = WatchList.filter(Arch.host());
    stub.make(GuardCalls.prctlNoNewPrivs());
    int theirs =
        (int)
            stub.make(
                    GuardCalls.seccompSetFilter(
                        GuardCalls.SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        filter.bytes(),
                        filter.length()))
                .result();
    int pidfd = Descriptors.ofProcess(stub.pid());
    int ours = Descriptors.take(pidfd, theirs);
    Posix.close(pidfd);
    stub.make(Calls.close(theirs));
    int nobody = 0;
    return new Ear(
        new SeccompListener(ours), nobody, memories, heard::add, told::countDown, Runnable::run);
  }

  /** Signal 0 is no signal: only whether there is such a process is asked. */
  private void ask() {
    stub.make(Calls.kill(stub.pid(), 0));
  }

  @Test
  void hearsUntilNobodyIsLeft() throws Exception {
    Ear ear = listen(CallerMemory::of);
    ask();
    stub.close();
    ear.deaf().get(10, TimeUnit.SECONDS);
    assertThat(heard).extracting(HeardCall::name).containsExactly("kill");
  }

  @Test
  void whoeverWaitsTooLongIsAnsweredWhileTheReaderIsStillStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    Ear ear = listen(pid -> new Stuck(stuck));
    // Returns, although its memory is never read.
    ask();
    told.await();
    ask();
    ask();
    assertThat(stuck.getCount()).isOne();
    stuck.countDown();
    stub.close();
    ear.deaf().get(10, TimeUnit.SECONDS);
    // What nobody could read in time is not told of.
    assertThat(heard).extracting(HeardCall::name).containsExactly("kill", "kill");
  }

  @Test
  void aReaderThatFailsAnswersAllTheSame() throws Exception {
    Ear ear =
        listen(pid -> {
          throw new IllegalStateException("no such memory");
        });
    ask();
    ask();
    stub.close();
    ear.deaf().get(10, TimeUnit.SECONDS);
    assertThat(heard).isEmpty();
  }

  @Test
  void stopsWhenItIsToldTo() throws Exception {
    Ear ear = listen(CallerMemory::of);
    ask();
    ear.stop();
    ear.deaf().get(10, TimeUnit.SECONDS);
    ear.stop();
  }

  private record Stuck(CountDownLatch until) implements Memory {
    Stuck {
      try {
        until.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<byte[]> text(long address, int most) {
      return Optional.empty();
    }

    @Override
    public Optional<ByteBuffer> bytes(long address, int count) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
