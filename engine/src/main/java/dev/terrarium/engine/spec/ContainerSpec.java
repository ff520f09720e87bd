package dev.terrarium.engine.spec;

import dev.terrarium.engine.observe.NamespaceType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a container is to be, before anything is made. Pure data: {@link SpecValidation} judges it
 * as a whole, and it becomes a plan of steps.
 *
 * @param name unique among running containers; letters, digits, dot, dash and underscore
 * @param namespaces what it does not share with the engine
 * @param files what it sees as files
 * @param hostname its host name; needs a new uts namespace
 * @param program what it runs
 * @param stdio what its descriptors 0, 1 and 2 are
 * @param limits the most that it may use
 * @param network what its net namespace is wired to
 * @param hardening what it is kept from
 * @param wire whether its own system calls are listened to and become facts
 * @param stopSignal the number of the signal by which its program is asked to end
 */
public record ContainerSpec(
    String name,
    Namespaces namespaces,
    Filesystem files,
    Optional<String> hostname,
    Program program,
    Stdio stdio,
    Limits limits,
    Network network,
    Hardening hardening,
    boolean wire,
    int stopSignal) {

  private static final int SIGTERM = 15;

  /**
   * The plainest container: those namespaces, that root and {@code /proc}, no limit, no hardening,
   * no input or output.
   */
  public static ContainerSpec of(
      String name, Set<NamespaceType> fresh, Root root, Proc proc, List<String> argv) {
    return new ContainerSpec(
        name,
        Namespaces.of(fresh),
        Filesystem.bare(root, proc),
        Optional.empty(),
        Program.of(argv),
        Stdio.NULL,
        Limits.NONE,
        new Network.Untouched(),
        Hardening.NONE,
        false,
        SIGTERM);
  }

  /** Whether it has a user namespace of its own, and so needs no privilege on the host. */
  public boolean rootless() {
    return namespaces.makes(NamespaceType.USER);
  }

  public ContainerSpec withNamespaces(Namespaces other) {
    return new ContainerSpec(
        name, other, files, hostname, program, stdio, limits, network, hardening, wire, stopSignal);
  }

  public ContainerSpec withFiles(Filesystem other) {
    return new ContainerSpec(
        name,
        namespaces,
        other,
        hostname,
        program,
        stdio,
        limits,
        network,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withHostname(String other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        Optional.of(other),
        program,
        stdio,
        limits,
        network,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withProgram(Program other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        other,
        stdio,
        limits,
        network,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withEnv(List<String> env) {
    return withProgram(new Program(program.argv(), env, program.workdir(), program.user()));
  }

  public ContainerSpec withWorkdir(String workdir) {
    return withProgram(new Program(program.argv(), program.env(), workdir, program.user()));
  }

  public ContainerSpec withUser(Program.User user) {
    return withProgram(new Program(program.argv(), program.env(), program.workdir(), user));
  }

  public ContainerSpec withStdio(Stdio other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        other,
        limits,
        network,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withLimits(Limits other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        stdio,
        other,
        network,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withNetwork(Network other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        stdio,
        limits,
        other,
        hardening,
        wire,
        stopSignal);
  }

  public ContainerSpec withHardening(Hardening other) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        stdio,
        limits,
        network,
        other,
        wire,
        stopSignal);
  }

  public ContainerSpec withWire(boolean listen) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        stdio,
        limits,
        network,
        hardening,
        listen,
        stopSignal);
  }

  public ContainerSpec withStopSignal(int signal) {
    return new ContainerSpec(
        name,
        namespaces,
        files,
        hostname,
        program,
        stdio,
        limits,
        network,
        hardening,
        wire,
        signal);
  }
}
