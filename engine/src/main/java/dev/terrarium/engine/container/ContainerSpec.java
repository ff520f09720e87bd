package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a container is to be, before anything is made. Pure data: {@link SpecValidation} judges it
 * as a whole, {@link Plan} turns it into steps.
 *
 * @param name unique among running containers; letters, digits, dot, dash and underscore
 * @param namespaces which namespaces are new; all others are shared with the engine
 * @param root what it sees at {@code /}
 * @param proc what it sees at {@code /proc}
 * @param hostname its host name; needs a new uts namespace
 * @param argv the program and its arguments; the program is looked up inside the new root
 * @param env its whole environment, {@code KEY=VALUE}
 * @param workdir where it starts, absolute, inside the new root
 * @param stdio what its descriptors 0, 1 and 2 are
 */
public record ContainerSpec(
    String name,
    Set<NamespaceType> namespaces,
    Root root,
    Proc proc,
    Optional<String> hostname,
    List<String> argv,
    List<String> env,
    String workdir,
    Stdio stdio) {

  /** What a container sees at {@code /}. */
  public sealed interface Root {
    /** The host's own root; nothing is mounted and nothing is pivoted. */
    record Host() implements Root {}

    /** An overlay of an image's read-only layers and a writable layer of its own. */
    record Image(String reference) implements Root {}

    /** An overlay of one folder, read-only, and a writable layer of its own. */
    record Folder(Path rootfs) implements Root {}
  }

  /** What a container sees at {@code /proc}. */
  public enum Proc {
    /** A new procfs, which shows the container's own pid namespace. */
    NEW,
    /** The host's, bound into the new root: what {@code ps} then shows is the lesson. */
    HOST,
    /** Whatever the root file system holds, usually an empty folder. */
    NONE
  }

  /** What descriptors 0, 1 and 2 are. */
  public enum Stdio {
    /** {@code /dev/null}. */
    NULL,
    /** Three pipes to the engine. */
    PIPES,
    /** A pseudo-terminal, which is also the controlling terminal. */
    TERMINAL
  }

  public ContainerSpec {
    namespaces = Set.copyOf(namespaces);
    argv = List.copyOf(argv);
    env = List.copyOf(env);
  }

  /** Whether it has a user namespace of its own, and so needs no privilege on the host. */
  public boolean rootless() {
    return namespaces.contains(NamespaceType.USER);
  }
}
