package dev.terrarium.engine.bench;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** How much of a container is made. */
enum Shape {
  /** New pid, mnt, uts, ipc and net namespaces, an overlay root, a new /proc. */
  PLAIN("plain: pid, mnt, uts, ipc, net; a root; /proc"),
  /** The same in a cgroup of its own. */
  COUNTED("the same in a cgroup of its own"),
  /** With all that Docker would give it and keep it from, in a cgroup. */
  USUAL("as usual: /dev, /sys, hidden paths, capabilities, seccomp filter, in a cgroup"),
  /** The same without a cgroup, for users to whom nobody has given one. */
  USUAL_UNCOUNTED("as usual, without a cgroup");

  private final String title;

  Shape(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Such a container on that root, without a user namespace unless the engine needs one. */
  ContainerSpec spec(Engine engine, Path root, String name, List<String> argv) {
    Set<NamespaceType> kinds = Namespaces.usual(engine.privileged());
    Root folder = new Root.Folder(root);
    ContainerSpec plain = ContainerSpec.of(name, kinds, folder, Proc.NEW, argv);
    ContainerSpec usual =
        plain
            .withFiles(Filesystem.usual(folder, Proc.NEW))
            .withHostname("bench")
            .withHardening(Hardening.USUAL);
    return switch (this) {
      case PLAIN -> plain;
      case COUNTED -> plain.withLimits(Limits.COUNTED);
      case USUAL -> usual.withLimits(Limits.COUNTED);
      case USUAL_UNCOUNTED -> usual;
    };
  }

  /** The engine's way from nothing to nothing. */
  Contender ours(Engine engine, Path root) {
    ContainerSpec spec = spec(engine, root, "bench", List.of("/bin/true"));
    return new Contender("terrarium", () -> once(engine, spec));
  }

  private static void once(Engine engine, ContainerSpec spec)
      throws IOException, InterruptedException {
    try (Container container = engine.prepare(spec)) {
      container.start();
      awaitSuccess(container);
    }
  }

  static void awaitSuccess(Container container) throws IOException, InterruptedException {
    try {
      int status = container.exited().get().shellStatus();
      if (status != 0) {
        throw new IOException("the program ended with " + status);
      }
    } catch (ExecutionException e) {
      throw new IOException("the container was lost", e);
    }
  }
}
