package dev.terrarium.app.bench;

import dev.terrarium.app.workbench.LiveSession;
import dev.terrarium.app.workbench.Workbench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;

/** Opens a window, closes it as soon as it was painted, and says when that was. */
public final class FirstPicture {
  private FirstPicture() {}

  /** Of the workbench, since the start of this JVM. */
  public static Duration ofWorkbench(Path stateFolder) {
    return until(painted -> {
      Workbench.open(Workbench.Options.of(() -> LiveSession.open(stateFolder)).painted(painted));
    });
  }

  /** Of a window with nothing in it, since the start of this JVM. */
  public static Duration ofEmptyWindow() {
    return until(EmptyWindow::open);
  }

  private static Duration until(Consumer<Consumer<Duration>> open) {
    AtomicReference<Duration> first = new AtomicReference<>(Duration.ZERO);
    open.accept(sinceStart -> {
      first.set(sinceStart);
      Platform.exit();
    });
    return first.get();
  }
}
