package dev.terrarium.engine.container;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.CgroupUsage;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.step.CgroupStep;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container's cgroup on the live host: what limits it now, and what it had used at its end. */
final class LiveCgroup {
  private final Cgroup cgroup;
  private Limits limits;
  private @Nullable CgroupUsage last;

  LiveCgroup(Cgroup cgroup, Limits limits) {
    this.cgroup = cgroup;
    this.limits = limits;
  }

  Cgroup cgroup() {
    return cgroup;
  }

  /** What it has used; empty as long as it is not made. */
  synchronized Optional<CgroupUsage> usage() {
    if (last != null) {
      return Optional.of(last);
    }
    return cgroup.folders().stream().anyMatch(Files::isDirectory)
        ? Optional.of(cgroup.usage())
        : Optional.empty();
  }

  /** Keeps what was used, because the cgroup will not be there for ever. */
  synchronized CgroupUsage ended() {
    CgroupUsage usage = cgroup.usage();
    last = usage;
    return usage;
  }

  /** The step that leads from the present limits to those. */
  synchronized CgroupStep.ChangeLimits change(Limits to) {
    return new CgroupStep.ChangeLimits(cgroup, limits, to);
  }

  synchronized void changed(Limits to) {
    limits = to;
  }

  void letDie() {
    cgroup.letDie();
  }

  void remove() throws IOException {
    cgroup.remove();
  }
}
