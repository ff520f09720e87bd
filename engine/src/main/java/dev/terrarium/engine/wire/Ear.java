package dev.terrarium.engine.wire;

import dev.terrarium.engine.posix.SeccompListener;
import dev.terrarium.engine.posix.SeccompListener.Event;
import dev.terrarium.engine.stub.StubImage;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.HeardCall;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the processes under one filter.
 *
 * <pre>
 *   program              kernel                     ear, a thread of its own
 *     | -- unlinkat(...) --> | -- poll, NOTIF_RECV -----> |
 *     |   (waits)            | <-- /proc/PID/mem, cwd --- |  what do the pointers lead to?
 *     |                      | <-- NOTIF_SEND CONTINUE -- |
 *     | <-- its result ----- |                            | -- heard --> backlog
 * </pre>
 *
 * The answer is always the same, and comes before anybody is told. Reading can take long if the
 * memory is a file of somebody's file system, such as fuse(4). Whoever waits longer than {@link
 * #PATIENCE_MILLIS} is answered all the same, by the clock; from then on a second thread listens in
 * place of the one that is stuck, and reads no memory any more.
 */
final class Ear {
  private static final Logger LOG = LoggerFactory.getLogger(Ear.class);

  /** How long a caller waits at most while its memory is read. */
  static final long PATIENCE_MILLIS = 250;

  private static final int ID_AT = 0;
  private static final int PID_AT = 8;
  private static final int NUMBER_AT = 16;
  private static final int INSTRUCTION_POINTER_AT = 24;
  private static final int ARGS_AT = 32;

  /** A caller that waits because its memory is being read. */
  private record Reading(long id, long since) {}

  private final SeccompListener listener;
  private final int newborn;
  private final IntFunction<Memory> memories;
  private final Consumer<HeardCall> heard;
  private final Runnable onStuck;
  private final Executor clock;
  private final Decoder decoder = new Decoder(Arch.host());
  private final CompletableFuture<Void> deaf = new CompletableFuture<>();

  private final AtomicReference<@Nullable Reading> reading = new AtomicReference<>();
  private final AtomicBoolean clockRuns = new AtomicBoolean();

  /** Whether memory is looked at; not any more when that has taken too long once. */
  private volatile boolean curious = true;

  /**
   * Listens from now on.
   *
   * @param newborn the process that installed the filter: what it calls as a stub is the engine's
   *     doing, and told of already
   * @param memories opens a thread's memory
   * @param heard hears of each call; must not wait
   * @param onStuck is told once if reading takes too long
   * @param threads runs what is to look at the clock
   */
  Ear(
      SeccompListener listener,
      int newborn,
      IntFunction<Memory> memories,
      Consumer<HeardCall> heard,
      Runnable onStuck,
      Executor threads) {
    this.listener = listener;
    this.newborn = newborn;
    this.memories = memories;
    this.heard = heard;
    this.onStuck = onStuck;
    this.clock = CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS, threads);
    begin();
  }

  private void begin() {
    Thread.ofPlatform().daemon().name("live wire").start(this::listen);
  }

  /** Completes when nobody is left who could be heard, or {@link #stop} was called. */
  CompletableFuture<Void> deaf() {
    return deaf;
  }

  /** Listens no more; whoever still runs under the filter gets ENOSYS. */
  void stop() {
    try {
      listener.wake();
    } catch (IOException e) {
      LOG.warn("a listener cannot be woken", e);
    }
  }

  private void listen() {
    try {
      for (Event event = listener.await(); event == Event.ASKED; event = listener.await()) {
        Optional<Bytes> notification = listener.receive();
        if (notification.isPresent() && !hear(notification.get())) {
          // Another thread listens.
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn("the kernel is not understood any more", e);
    }
    try {
      listener.close();
    } catch (IOException e) {
      LOG.warn("a listener cannot be closed", e);
    }
    deaf.complete(null);
  }

  /**
   * Answers, and passes on what was heard.
   *
   * @return false if the clock has answered already
   */
  private boolean hear(Bytes notification) throws IOException {
    Instant at = Instant.now();
    Reading begun = new Reading(notification.longAt(ID_AT), System.nanoTime());
    reading.set(begun);
    startClock();
    Optional<HeardCall> call = Optional.empty();
    try {
      call = read(at, notification);
    } catch (RuntimeException e) {
      LOG.warn("a call is not understood", e);
    }
    if (!reading.compareAndSet(begun, null)) {
      return false;
    }
    if (listener.letGoOn(begun.id())) {
      call.ifPresent(heard);
    }
    return true;
  }

  private Optional<HeardCall> read(Instant at, Bytes notification) {
    int pid = notification.intAt(PID_AT);
    if (pid == newborn && StubImage.contains(notification.longAt(INSTRUCTION_POINTER_AT))) {
      return Optional.empty();
    }
    long[] registers = new long[6];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = notification.longAt(ARGS_AT + Long.BYTES * i);
    }
    int number = notification.intAt(NUMBER_AT);
    try (Memory memory = curious ? memories.apply(pid) : Memory.CLOSED) {
      return decoder.decode(at, pid, number, registers, memory, Places.of(pid));
    }
  }

  /** It runs while calls come, and for one round more: nobody looks at it for each call. */
  private void startClock() {
    if (clockRuns.compareAndSet(false, true)) {
      clock.execute(this::strike);
    }
  }

  private void strike() {
    Reading now = reading.get();
    long patience = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    if (now == null) {
      clockRuns.set(false);
      if (reading.get() != null) {
        // Its reader saw the clock run.
        startClock();
      }
    } else if (System.nanoTime() - now.since() < patience) {
      clock.execute(this::strike);
    } else if (reading.compareAndSet(now, null)) {
      clockRuns.set(false);
      takeOver(now);
    } else {
      clock.execute(this::strike);
    }
  }

  private void takeOver(Reading stuck) {
    curious = false;
    try {
      boolean ignored = listener.letGoOn(stuck.id());
    } catch (IOException e) {
      LOG.warn("a caller cannot be answered", e);
    }
    begin();
    onStuck.run();
  }
}
