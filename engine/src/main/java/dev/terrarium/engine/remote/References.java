package dev.terrarium.engine.remote;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.build.Build;
import dev.terrarium.engine.console.Console;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * What crosses the pipe as a number, because it lives on the server's side: each side's table of
 * numbers and objects.
 */
interface References {

  /** The engine's number, from the beginning. */
  int ENGINE = 0;

  /** What has methods that can be called from the other side. */
  List<Class<?>> KINDS =
      List.of(
          Engine.class,
          Container.class,
          ContainerProcess.class,
          Build.class,
          Console.class,
          Source.class,
          Sink.class);

  /** What crosses as a {@link Source} or a {@link Sink}. */
  List<Class<?>> STREAMS = List.of(InputStream.class, OutputStream.class);

  /**
   * The number of an object that is on its way to the other side.
   *
   * @param kind one of {@link #KINDS} or {@link #STREAMS}
   */
  int numberOf(Object object, Class<?> kind);

  /**
   * The object of a number that came from the other side.
   *
   * @throws IllegalArgumentException if there is none, or one of another kind
   */
  Object objectOf(int number, Class<?> kind);
}
