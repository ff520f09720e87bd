package dev.terrarium.lessons.play;

import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.lessons.expression.Belongings;
import dev.terrarium.lessons.expression.ContainerTrace;
import dev.terrarium.lessons.expression.World;
import java.util.List;
import java.util.Optional;

/**
 * What of a snapshot a learner would notice in the container: two that are equal need no redrawing.
 * Whether a shell runs or sleeps at that instant is noise, and so is the rest of the host.
 */
record Presence(List<Member> members, List<Mount> mounts, Belongings belongings) {

  static final Presence NONE = new Presence(List.of(), List.of(), Belongings.NONE);

  /** A process without what flickers. */
  record Member(
      int pid, long startTicks, List<String> argv, NamespaceSet namespaces, boolean halted) {
    static Member of(ProcessInfo process) {
      boolean halted = process.state() == 'T' || process.state() == 'Z';
      return new Member(
          process.pid(), process.startTicks(), process.argv(), process.namespaces(), halted);
    }
  }

  static Presence of(Snapshot snapshot, Optional<ContainerTrace> container) {
    if (container.isEmpty()) {
      return NONE;
    }
    long mountNamespace = container.get().namespaces().mnt();
    return new Presence(
        World.members(snapshot, container.get()).stream().map(Member::of).toList(),
        snapshot.mounts().getOrDefault(mountNamespace, List.of()),
        container.get().belongings());
  }
}
