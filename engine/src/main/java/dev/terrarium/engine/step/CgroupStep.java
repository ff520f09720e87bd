package dev.terrarium.engine.step;

import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.DeviceProgram;
import dev.terrarium.engine.cgroup.DeviceRule;
import dev.terrarium.engine.cgroup.Edit;
import dev.terrarium.engine.cgroup.V1;
import dev.terrarium.engine.cgroup.V2;
import dev.terrarium.engine.journal.Resource;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.syscall.BpfCalls;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.SyscallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The container's cgroup, all of it done on the host: its folders, its limits, who is in it. */
public sealed interface CgroupStep extends Step {

  /** A cgroup with those limits: mkdir(2), and a write into a file for each limit. */
  record MakeCgroup(Cgroup cgroup, Limits limits) implements CgroupStep {
    /** Engines that end remove the folder that all share, as long as nobody has made one in it. */
    private static final int TRIES = 10;

    @Override
    public void perform(StepContext context) {
      for (Path folder : cgroup.runFolders()) {
        if (!Files.isDirectory(folder)) {
          context.note(new Resource.Cgroup(folder));
        }
      }
      int tries = 1;
      while (!parentsMade(context, tries)) {
        tries++;
      }
      CgroupStep.perform(context, cgroup.make(limits));
    }

    private boolean parentsMade(StepContext context, int tries) {
      try {
        CgroupStep.perform(context, cgroup.makeParents().stream().filter(Edit::needed).toList());
        return true;
      } catch (SyscallException e) {
        // Made by another container, or removed by another engine, at the same moment.
        if (tries < TRIES && Set.of("EEXIST", "ENOENT").contains(e.errno().name())) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public String sentence() {
      String made = "Makes a cgroup, which counts what its processes use";
      boolean limited = !limits.equals(Limits.COUNTED) && !limits.equals(Limits.NONE);
      return limited ? made + " and limits it." : made + ".";
    }

    @Override
    public String byHand() {
      String parents =
          cgroup.makeParents().stream()
              .filter(Edit::needed)
              .map(edit -> edit.byHand() + "\n")
              .collect(Collectors.joining());
      return parents + CgroupStep.byHand(cgroup.make(limits));
    }

    @Override
    public String undoByHand() {
      return cgroup.folders().stream()
          .map(Path::toString)
          .collect(Collectors.joining(" ", "rmdir ", ""));
    }
  }

  /** The process moves into the cgroup; its children will be born there. */
  record EnterCgroup(Cgroup cgroup) implements CgroupStep {
    @Override
    public void perform(StepContext context) {
      CgroupStep.perform(context, cgroup.enter(context.child()));
    }

    @Override
    public String sentence() {
      return "Moves the process into the cgroup, where its children will be born as well.";
    }

    @Override
    public String byHand() {
      return cgroup.folders().stream()
          .map(folder -> "echo PID > " + folder.resolve("cgroup.procs"))
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String undoByHand() {
      return cgroup.folders().stream()
          .map(folder -> "echo PID > " + folder.resolve("../../../cgroup.procs").normalize())
          .collect(Collectors.joining("\n"));
    }
  }

  /**
   * Says which devices its processes may open. Whoever may make a node for the host's disk, or
   * finds one in an image, has no use for it.
   */
  record GuardDevices(Cgroup cgroup, List<DeviceRule> allowed) implements CgroupStep {
    public GuardDevices {
      allowed = List.copyOf(allowed);
    }

    @Override
    public void perform(StepContext context) {
      switch (cgroup.driver()) {
        case V1 v1 -> CgroupStep.perform(context, v1.devices(cgroup.path(), allowed));
        case V2 v2 -> attach(context, v2.folders(cgroup.path()).getFirst());
      }
    }

    private void attach(StepContext context, Path folder) {
      Bytes code = Bytes.of(DeviceProgram.of(allowed));
      int program = (int) context.make(BpfCalls.loadDeviceProgram(code)).result();
      long mode = Calls.O_RDONLY | Calls.O_CLOEXEC;
      int there = (int) context.make(Calls.openat(folder.toString(), mode)).result();
      context.make(BpfCalls.attachDeviceProgram(there, program));
      context.make(Calls.close(there));
      context.make(Calls.close(program));
    }

    @Override
    public String sentence() {
      return "Allows it null, zero, full, random, urandom and terminals, and no other device.";
    }

    @Override
    public String byHand() {
      return switch (cgroup.driver()) {
        case V1 v1 -> CgroupStep.byHand(v1.devices(cgroup.path(), allowed));
        case V2 v2 ->
            "bpftool cgroup attach %s device pinned /sys/fs/bpf/PROGRAM multi"
                .formatted(v2.folders(cgroup.path()).getFirst());
      };
    }
  }

  /** Other limits while it runs; only what differs is written. */
  record ChangeLimits(Cgroup cgroup, Limits from, Limits to) implements CgroupStep {
    @Override
    public void perform(StepContext context) {
      CgroupStep.perform(context, cgroup.limit(from, to));
    }

    @Override
    public String sentence() {
      return "Changes the limits of the running container.";
    }

    @Override
    public String byHand() {
      return CgroupStep.byHand(cgroup.limit(from, to));
    }

    @Override
    public String undoByHand() {
      return CgroupStep.byHand(cgroup.limit(to, from));
    }
  }

  /** Every process of the cgroup stops where it is, and cannot tell. */
  record Freeze(Cgroup cgroup) implements CgroupStep {
    @Override
    public void perform(StepContext context) {
      CgroupStep.perform(context, List.of(cgroup.freeze(true)));
      cgroup.awaitFrozen();
    }

    @Override
    public String sentence() {
      return "Freezes all processes of the container; none of them gets a signal.";
    }

    @Override
    public String byHand() {
      return cgroup.freeze(true).byHand();
    }

    @Override
    public String undoByHand() {
      return cgroup.freeze(false).byHand();
    }
  }

  /** And they go on. */
  record Thaw(Cgroup cgroup) implements CgroupStep {
    @Override
    public void perform(StepContext context) {
      CgroupStep.perform(context, List.of(cgroup.freeze(false)));
    }

    @Override
    public String sentence() {
      return "Lets all processes of the container go on from where they were.";
    }

    @Override
    public String byHand() {
      return cgroup.freeze(false).byHand();
    }

    @Override
    public String undoByHand() {
      return cgroup.freeze(true).byHand();
    }
  }

  private static void perform(StepContext context, List<Edit> edits) {
    for (Edit edit : edits) {
      switch (edit) {
        case Edit.Mkdir(Path folder) ->
            context.makeOutside(FileCalls.mkdirat(FileCalls.AT_FDCWD, folder.toString(), 0755));
        case Edit.Write write -> {
          write.remember();
          context.changeOutside(write.file(), write.value());
        }
      }
    }
  }

  private static String byHand(List<Edit> edits) {
    return edits.stream().map(Edit::byHand).collect(Collectors.joining("\n"));
  }
}
