package dev.terrarium.app.dock;

import com.pty4j.PtyProcess;
import com.pty4j.WinSize;
import com.techsenger.jeditermfx.core.ProcessTtyConnector;
import com.techsenger.jeditermfx.core.util.TermSize;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Connects a terminal widget to a process on a pseudo-terminal. */
final class HostConnector extends ProcessTtyConnector {

  private final PtyProcess process;

  HostConnector(PtyProcess process) {
    super(process, StandardCharsets.UTF_8);
    this.process = process;
  }

  @Override
  public void resize(@Nullable TermSize size) {
    if (size != null && process.isAlive()) {
      process.setWinSize(new WinSize(size.getColumns(), size.getRows()));
    }
  }

  @Override
  public String getName() {
    return "host";
  }
}
