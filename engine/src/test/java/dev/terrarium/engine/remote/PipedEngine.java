package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.posix.DescriptorStreams;
import dev.terrarium.engine.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Server and client in this one process, with real pipes between them. */
final class PipedEngine {
  private PipedEngine() {}

  static Engine open(Path state, Consumer<Fact> facts) throws IOException {
    return connect(state, facts).engine();
  }

  static Connection connect(Path state, Consumer<Fact> facts) throws IOException {
    Posix.Pipe requests = Posix.pipe();
    Posix.Pipe messages = Posix.pipe();
    Thread.ofPlatform()
        .name("engine server")
        .start(() -> {
          try (InputStream in = DescriptorStreams.input(requests.readEnd());
              OutputStream out = DescriptorStreams.output(messages.writeEnd())) {
            EngineServer.serve(state, in, out, () -> {});
          } catch (IOException e) {
            // The other side has been told, or does not listen any more.
          }
        });
    Connection connection =
        new Connection(
            DescriptorStreams.input(messages.readEnd()),
            DescriptorStreams.output(requests.writeEnd()),
            facts,
            () -> "the server thread has ended");
    var _ = connection.hello().join();
    return connection;
  }
}
