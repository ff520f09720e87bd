package dev.terrarium.engine.container;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A program that makes a container which is to be listened to, itself inside of one. */
final class NestedEngine {
  private NestedEngine() {}

  public static void main(String[] args) throws Exception {
    try (Engine engine =
        Engine.open(
            Path.of(args[0]),
            fact -> {
              if (fact instanceof Fact.LeftOut left) {
                System.out.println("left out: " + left.step() + ": " + left.why());
              }
            })) {
      ContainerSpec spec =
          ContainerSpec.of(
                  "inner",
                  Set.of(NamespaceType.UTS),
                  new Root.Host(),
                  Proc.HOST,
                  List.of("/bin/sh", "-c", "exit 0"))
              .withWire(true);
      try (Container container = engine.prepare(spec)) {
        container.start();
        System.out.println("ended: " + container.exited().get().shellStatus());
      }
    }
  }
}
