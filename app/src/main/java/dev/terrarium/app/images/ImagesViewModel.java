package dev.terrarium.app.images;

import dev.terrarium.app.images.ImagesState.Trial;
import dev.terrarium.app.images.ImagesState.Work;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.compare.Comparison;
import dev.terrarium.engine.compare.Side;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the image store and its screen. What takes a while, such as looking into a layer
 * of sixty thousand files, happens on a thread of its own; an answer that comes after the question
 * has changed is dropped. Used on the JavaFX thread only.
 */
public final class ImagesViewModel implements AutoCloseable {

  /** How often an import tells how far it is. */
  private static final long PROGRESS_NANOS = 100_000_000;

  private static final String SHELL = "/bin/sh";
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final AtomicInteger TRIALS = new AtomicInteger();

  private final ImageShelf.Opener opener;
  private final Supplier<Optional<Engine>> engine;
  private final ReadOnlyObjectWrapper<ImagesState> state =
      new ReadOnlyObjectWrapper<>(ImagesState.EMPTY);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("images").unstarted(task));
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** On the images' thread. */
  private @Nullable ImageShelf shelf;

  /**
   * @param engine that can start a container from the store's images; none if it has others
   */
  public ImagesViewModel(ImageShelf.Opener opener, Supplier<Optional<Engine>> engine) {
    this.opener = opener;
    this.engine = engine;
  }

  ReadOnlyObjectProperty<ImagesState> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether an image is on screen with all that is known of it. */
  public ObservableValue<Boolean> shown() {
    return state.map(now -> now.scene().isPresent());
  }

  /** Reads what is in the store, and selects the first image if none is. */
  public void refresh() {
    ask(
        store -> store.images(),
        images -> {
          change(now -> now.withImages(images));
          boolean gone = state.get().selected().filter(image -> images.contains(image)).isEmpty();
          if (gone && !images.isEmpty()) {
            select(images.getFirst());
          }
        });
  }

  /** Looks into an image, with all its layers. */
  void select(Image image) {
    change(now -> now.withSelected(image));
    ask(
        store -> ImageAnalysis.of(store, image),
        analysis -> {
          if (isSelected(image)) {
            change(now -> now.withAnalysis(analysis));
            showUpTo(image.layers().size());
          }
        });
  }

  /** Shows the image as it is with that many of its layers. */
  void showUpTo(int layers) {
    Optional<ImageAnalysis> analysis = state.get().analysis();
    if (analysis.isEmpty() || layers == 0) {
      return;
    }
    ImageAnalysis asked = analysis.get();
    ask(
        _ -> asked.upTo(layers),
        scene -> {
          if (state.get().analysis().filter(asked::equals).isPresent()) {
            change(now -> now.withScene(scene));
          }
        });
  }

  /** Reads the beginning of a file of a layer. */
  void preview(int layer, PathRow row, Consumer<FilePreview> shown) {
    state
        .get()
        .analysis()
        .map(analysis -> analysis.folders().get(layer))
        .ifPresent(folder -> ask(_ -> FilePreview.of(folder, row.entry()), shown));
  }

  /** Whether a container can be started from here. */
  boolean canTry() {
    return engine.get().isPresent();
  }

  /** Starts a shell in a container from the selected image's first layers. */
  void tryOut(int layers) {
    Optional<Image> image = state.get().selected();
    Optional<Engine> maker = engine.get();
    if (image.isEmpty() || maker.isEmpty()) {
      return;
    }
    change(now -> now.withProblem(Optional.empty()));
    Optional<Trial> before = state.get().trial();
    ask(
        _ -> {
          before.ifPresent(trial -> trial.container().close());
          return start(maker.get(), image.get().reference() + "#" + layers);
        },
        container -> change(now -> now.withTrial(Optional.of(new Trial(container, layers)))));
  }

  private static Container start(Engine engine, String reference) {
    Set<NamespaceType> fresh = Namespaces.usual(engine.privileged());
    Root root = new Root.Image(reference);
    Container container =
        engine.prepare(
            ContainerSpec.of(
                    "try-" + TRIALS.incrementAndGet(), fresh, root, Proc.NEW, List.of(SHELL))
                .withFiles(Filesystem.usual(root, Proc.NEW))
                .withHardening(Hardening.USUAL)
                .withHostname("trial")
                .withEnv(List.of("PATH=" + PATH, "TERM=xterm-256color", "PS1=\\w # "))
                .withStdio(Stdio.TERMINAL));
    try {
      container.start();
      return container;
    } catch (RuntimeException e) {
      container.close();
      throw e;
    }
  }

  /** Compares a path of the selected image before and after the layer that is shown. */
  void compare(PathRow row, Consumer<Comparison.Content> shown) {
    Optional<Image> image = state.get().selected();
    Optional<LayerScene> scene = state.get().scene();
    if (image.isEmpty() || scene.filter(now -> now.layer() > 0).isEmpty()) {
      return;
    }
    String name = image.get().reference();
    int layer = scene.get().layer();
    ask(
        store -> {
          Overlay overlay = Overlay.of(Rights.current().privileged());
          try (Side before = Side.of(name + "#" + layer, store, overlay);
              Side after = Side.of(name + "#" + (layer + 1), store, overlay)) {
            return new Comparison(before, after).content(row.path());
          }
        },
        shown);
  }

  /** Takes in an image, and looks into it. */
  void take(Path from) {
    cancelled.set(false);
    change(now ->
        now.withWork(Optional.of(new Work(from.getFileName().toString(), 0, 0)))
            .withProblem(Optional.empty()));
    long[] told = {0};
    ask(
        store ->
            store
                .take(
                    from,
                    ImageStore.Import.USUAL,
                    (what, done, total) -> {
                      if (cancelled.get()) {
                        throw new InterruptedIOException("cancelled");
                      }
                      long now = System.nanoTime();
                      if (now - told[0] > PROGRESS_NANOS) {
                        told[0] = now;
                        Platform.runLater(() -> progress(new Work(what, done, total)));
                      }
                    })
                .image(),
        image -> {
          change(now -> now.withWork(Optional.empty()));
          refresh();
          select(image);
        });
  }

  /** Ends the import that goes on; nothing of it stays. */
  void cancel() {
    cancelled.set(true);
  }

  void forgetProblem() {
    change(now -> now.withProblem(Optional.empty()));
  }

  private void progress(Work work) {
    if (state.get().work().isPresent()) {
      change(now -> now.withWork(Optional.of(work)));
    }
  }

  private boolean isSelected(Image image) {
    return state.get().selected().filter(image::equals).isPresent();
  }

  private void change(UnaryOperator<ImagesState> how) {
    state.set(how.apply(state.get()));
  }

  private interface Question<T> {
    T ask(ImageStore store) throws IOException;
  }

  private <T> void ask(Question<T> question, Consumer<T> answered) {
    thread.execute(() -> {
      try {
        ImageShelf open = shelf;
        if (open == null) {
          open = opener.open();
          shelf = open;
        }
        T answer = question.ask(open.store());
        Platform.runLater(() -> answered.accept(answer));
      } catch (InterruptedIOException e) {
        Platform.runLater(() -> change(now -> now.withWork(Optional.empty())));
      } catch (IOException | RuntimeException e) {
        String why = String.valueOf(e.getMessage());
        Platform.runLater(
            () -> change(now -> now.withWork(Optional.empty()).withProblem(Optional.of(why))));
      }
    });
  }

  /** Lets go of the store; an import that goes on is ended. Waits for that. */
  @Override
  public void close() {
    cancel();
    Optional<Trial> last = state.get().trial();
    thread.execute(() -> {
      last.ifPresent(trial -> trial.container().close());
      if (shelf != null) {
        shelf.close();
      }
    });
    thread.close();
  }
}
