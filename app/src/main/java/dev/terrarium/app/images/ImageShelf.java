package dev.terrarium.app.images;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import java.io.IOException;
import java.nio.file.Path;

/** The image store of a state folder, open; what is unfinished in it goes when it is closed. */
public final class ImageShelf implements AutoCloseable {

  /** Opens one when it is first asked for. */
  public interface Opener {
    ImageShelf open() throws IOException;
  }

  private final Run run;
  private final ImageStore store;

  private ImageShelf(Run run, ImageStore store) {
    this.run = run;
    this.store = store;
  }

  /** Opens the store of that folder. */
  public static ImageShelf open(Path stateFolder) throws IOException {
    StateFolder state = new StateFolder(stateFolder);
    Leftovers.sweep(state);
    Run run = Run.begin(state);
    return new ImageShelf(
        run, new ImageStore(state, run.folder().resolve(".images"), Rights.current().privileged()));
  }

  ImageStore store() {
    return store;
  }

  @Override
  public void close() {
    run.close();
  }
}
