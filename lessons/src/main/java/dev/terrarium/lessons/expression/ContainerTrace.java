package dev.terrarium.lessons.expression;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.NamespaceSet;
import java.util.Optional;

/**
 * What is remembered of a lesson's container, so that one can still speak of it after its end.
 *
 * @param pid its first process's number on the host
 * @param namespaces the first process's, when last seen alive
 * @param ended how it ended, once it has
 * @param belongings what else it has
 */
public record ContainerTrace(
    int pid, NamespaceSet namespaces, Optional<ExitStatus> ended, Belongings belongings) {

  /** A container of which only processes are known. */
  public ContainerTrace(int pid, NamespaceSet namespaces, Optional<ExitStatus> ended) {
    this(pid, namespaces, ended, Belongings.NONE);
  }
}
