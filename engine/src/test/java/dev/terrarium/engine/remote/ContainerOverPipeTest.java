package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.ContainerTest;
import dev.terrarium.engine.fact.Fact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** All that is true of containers is true of those on the other side of a pipe. */
class ContainerOverPipeTest extends ContainerTest {
  @Override
  protected Engine openEngine(Path folder, Consumer<Fact> hearer) throws IOException {
    return PipedEngine.open(folder, hearer);
  }
}
