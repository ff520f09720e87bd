package dev.terrarium.engine.container;

import dev.terrarium.engine.aware.AwareFiles;
import dev.terrarium.engine.aware.AwareView;
import dev.terrarium.engine.cgroup.Cgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The cgroup-aware files of one container on the live host: brought up to date every second while
 * they are mounted and the container is not paused.
 *
 * <p>Thread-safe; who makes several calls of it one locks it.
 */
final class ProcCover {
  /** One thread for all containers: each needs it for about a millisecond. */
  private static final ScheduledThreadPoolExecutor REFRESHER = refresher();

  private final Path folder;
  private @Nullable Cgroup cgroup;
  private @Nullable AwareView view;
  private @Nullable AwareFiles files;
  private @Nullable Future<?> refreshing;

  ProcCover(Path folder) {
    this.folder = folder;
  }

  private static ScheduledThreadPoolExecutor refresher() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("cgroup-aware files").factory());
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** Where the files are, or will be. */
  Path folder() {
    return folder;
  }

  synchronized boolean made() {
    return files != null;
  }

  synchronized boolean mounted() {
    return refreshing != null;
  }

  /** They have been made, for the container with that first process. */
  synchronized void open(Cgroup own, int first) {
    try {
      view = new AwareView(own, Path.of("/"), first);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cgroup = own;
    files = new AwareFiles(folder);
  }

  /** They are mounted, and the container runs. */
  synchronized void begin() {
    try {
      if (view != null) {
        // Nobody has counted since the last look.
        view.rest();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    refreshing = REFRESHER.scheduleAtFixedRate(this::tryToRefresh, 0, 1, TimeUnit.SECONDS);
  }

  /** They are mounted no more. */
  synchronized void end() {
    if (refreshing != null) {
      refreshing.cancel(false);
      refreshing = null;
    }
  }

  private void tryToRefresh() {
    try {
      refresh();
    } catch (IOException | RuntimeException e) {
      // The disk is full, or the container is just ending: what was true a second ago stays.
    }
  }

  /** Brings the files up to date; while the container is paused there is nothing new to tell. */
  synchronized void refresh() throws IOException {
    if (cgroup == null || view == null || files == null) {
      return;
    }
    if (cgroup.frozen()) {
      view.rest();
    } else {
      files.write(view.look());
    }
  }

  /** The container has ended. Idempotent. */
  synchronized void close() {
    end();
    if (files != null) {
      try {
        files.close();
      } catch (IOException e) {
        // Nobody is left to read them.
      }
      files = null;
    }
  }
}
