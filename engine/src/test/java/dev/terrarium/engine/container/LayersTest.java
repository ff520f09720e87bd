package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.LayersDiff;
import dev.terrarium.engine.observe.MergedTree;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.spec.Filesystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the layers of a running container hold, against what the kernel makes of them. */
class LayersTest extends OnTheKernel {

  private static final String CHANGES =
      "echo ready; read go; "
          + "rm /etc/motd; echo '# mine' >> /etc/profile; echo draft > /tmp/notes; "
          + "rm -r /usr/bin; mkdir /usr/bin; echo mine > /usr/bin/mine; "
          + "echo changed; read go; "
          + "find / -xdev; echo END; read go";

  @ParameterizedTest
  @EnumSource(As.class)
  void theStackedLayersAreWhatTheContainerSees(As as) throws Exception {
    try (Container container = engine.prepare(shell(as, LayersTest::layersOnly, CHANGES))) {
      assertThat(container.layers()).isEqualTo(Layers.NONE);
      container.start();
      assertThat(line(container)).isEqualTo("ready");
      Layers before = container.layers();
      assertThat(before.all())
          .extracting(Layers.Layer::role)
          .containsExactly(Role.UPPER, Role.INIT, Role.LOWER, Role.LOWER);
      assertThat(before.all().get(3).number()).isEqualTo(1);
      goOn(container);
      assertThat(line(container)).isEqualTo("changed");

      Layers layers = container.layers();

      assertThat(upper(layers, "etc/motd").orElseThrow().kind()).isEqualTo(Kind.WHITEOUT);
      assertThat(upper(layers, "usr/bin").orElseThrow().kind()).isEqualTo(Kind.OPAQUE);
      assertThat(upper(layers, "etc/profile").orElseThrow().kind()).isEqualTo(Kind.FILE);
      assertThat(upper(layers, "tmp/notes").orElseThrow().size()).isEqualTo(6);
      assertThat(LayersDiff.between(before, layers))
          .contains(new Change.EntryAdded(Role.UPPER, upper(layers, "etc/motd").orElseThrow()));
      goOn(container);
      List<String> seen =
          Stream.generate(() -> next(container))
              .takeWhile(line -> !line.equals("END"))
              .filter(line -> !line.equals("/"))
              // Where something is mounted, find stays on its side: the folder alone is told.
              .map(line -> line.substring(1))
              .sorted()
              .toList();
      assertThat(
              MergedTree.of(layers).stream()
                  .filter(found -> found.fate() == Fate.SEEN)
                  .map(found -> found.entry().path())
                  .distinct()
                  .sorted())
          .isEqualTo(seen);
      goOn(container);
      assertThat(container.exited().get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  private static Filesystem layersOnly(Filesystem usual) {
    return Filesystem.bare(usual.root(), usual.proc()).withInitLayer(true);
  }

  private static Optional<Entry> upper(Layers layers, String path) {
    return layers.all().getFirst().entries().stream()
        .filter(entry -> entry.path().equals(path))
        .findFirst();
  }

  private static String next(Container container) {
    try {
      return line(container);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
