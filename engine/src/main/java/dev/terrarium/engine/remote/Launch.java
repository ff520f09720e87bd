package dev.terrarium.engine.remote;

import java.time.Duration;
import java.util.List;

/**
 * One way to start the server.
 *
 * @param name what a person calls it, such as {@code sudo}
 * @param command the program by its path, and its arguments
 * @param patience how long it may take until the server is ready; where a person is asked for a
 *     password, long
 */
public record Launch(String name, List<String> command, Duration patience) {
  public Launch {
    command = List.copyOf(command);
  }
}
