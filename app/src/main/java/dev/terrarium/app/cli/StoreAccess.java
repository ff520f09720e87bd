package dev.terrarium.app.cli;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;

/** The images of this host, for one command. */
final class StoreAccess {
  private StoreAccess() {}

  interface Work {
    void with(ImageStore store) throws IOException;
  }

  /** What is unfinished lies in a run's folder, which is cleared up however this ends. */
  static void withStore(Work work) throws IOException {
    StateFolder state = StateFolder.standard();
    Leftovers.sweep(state);
    try (Run run = Run.begin(state)) {
      work.with(
          new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged()));
    }
  }
}
