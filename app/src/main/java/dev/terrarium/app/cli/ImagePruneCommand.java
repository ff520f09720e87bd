package dev.terrarium.app.cli;

import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/** Throws away what nothing needs. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = "Throw away what no image and no container needs, running or kept, and list it.")
final class ImagePruneCommand implements Callable<Integer> {
  private final Streams streams;

  ImagePruneCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    StoreAccess.withStore(store -> {
      List<String> removed = store.collect(neededLayers(store.state()));
      removed.forEach(streams.out()::println);
      if (removed.isEmpty()) {
        streams.say("nothing was superfluous");
      }
    });
    return ExitCodes.OK;
  }

  /** Of what containers are made that are being set up, that run, or that were kept. */
  private static Set<Path> neededLayers(StateFolder state) throws IOException {
    Set<Path> needed = mountedLayers();
    for (Registry.Entry container : new Registry(state).list()) {
      container.record().layers().forEach(layer -> needed.add(Path.of(layer)));
    }
    return needed;
  }

  /** The layers of which some container's root is made at this moment. */
  private static Set<Path> mountedLayers() {
    Set<Path> mounted = new HashSet<>();
    new Observer()
        .observe().mounts().values().stream()
            .flatMap(List::stream)
            .filter(mount -> mount.fsType().equals("overlay"))
            .flatMap(
                mount -> Pattern.compile("[^:=,]+/diff").matcher(mount.superOptions()).results())
            .forEach(found -> mounted.add(Path.of(found.group())));
    return mounted;
  }
}
