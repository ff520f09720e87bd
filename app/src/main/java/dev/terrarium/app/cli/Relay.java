package dev.terrarium.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Carries bytes between this program's standard streams and a container's pipes. */
final class Relay {
  private final Thread thread;

  private Relay(Thread thread) {
    this.thread = thread;
  }

  /** Carries standard input into the container, and its end. */
  static Relay into(OutputStream pipe, InputStream in) {
    // A daemon: nothing can wake it while nobody types, and nothing has to.
    return new Relay(
        Thread.ofPlatform().daemon().name("relay stdin").start(() -> carryInput(in, pipe)));
  }

  /** Carries what the container prints. */
  static Relay from(InputStream pipe, WatchedOutput out, String name) {
    return new Relay(
        Thread.ofPlatform().daemon().name("relay " + name).start(() -> carryOutput(pipe, out)));
  }

  /** Waits until the other side has closed its end, but no longer than the limit. */
  void await(Duration limit) throws InterruptedException {
    thread.join(limit);
  }

  private static void carryInput(InputStream in, OutputStream pipe) {
    byte[] buffer = new byte[8192];
    try (pipe) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pipe.write(buffer, 0, n);
        pipe.flush();
      }
    } catch (IOException e) {
      // The container reads no more: what is typed from now on has no receiver.
    }
  }

  private static void carryOutput(InputStream pipe, WatchedOutput out) {
    byte[] buffer = new byte[8192];
    // Closing the pipe when our own reader has left gives the container the SIGPIPE it would get
    // if it wrote there itself.
    try (pipe) {
      for (int n = pipe.read(buffer); n >= 0 && !out.closed(); n = pipe.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // The container is gone.
    }
  }
}
