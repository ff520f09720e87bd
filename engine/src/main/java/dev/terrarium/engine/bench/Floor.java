package dev.terrarium.engine.bench;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.stub.Playback;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The calls of a plain container from nothing to nothing, in the order of its plan, its folders
 * made and removed as well, played to a warm stub: as near as one comes to a C program that does
 * just this and has nothing to decide.
 */
final class Floor {
  private Floor() {}

  static Contender of(Stub stub, Path root, Path folder) {
    Path upper = folder.resolve("upper");
    Path work = folder.resolve("work");
    Path merged = folder.resolve("merged");
    List<Path> folders = List.of(folder, upper, work, merged);
    Playback playback = stub.prepare(calls(root, folders));
    return new Contender(
        "(its calls alone)",
        () -> {
          playback.play();
          Overlay.emptyWork(work);
          for (Path made : folders.reversed()) {
            Files.delete(made);
          }
        });
  }

  private static List<Call> calls(Path root, List<Path> folders) {
    Rights rights = Rights.current();
    Path upper = folders.get(1);
    Path work = folders.get(2);
    Path merged = folders.getLast();
    List<Call> calls = new ArrayList<>();
    folders.forEach(
        path -> calls.add(FileCalls.mkdirat(FileCalls.AT_FDCWD, path.toString(), 0755)));
    Set<NamespaceType> kinds = Namespaces.usual(rights.privileged());
    long flags = kinds.stream().mapToLong(NamespaceType::cloneFlag).sum();
    calls.add(Calls.clone(flags | Calls.CLONE_VFORK | Calls.SIGCHLD));
    if (!rights.privileged()) {
      write(calls, "/proc/self/setgroups", "deny");
      write(calls, "/proc/self/uid_map", "0 " + rights.uid() + " 1");
      write(calls, "/proc/self/gid_map", "0 " + rights.gid() + " 1");
    }
    calls.add(Calls.prctlPdeathsig(Calls.SIGKILL));
    calls.add(Calls.setsid());
    calls.add(Calls.close(0));
    calls.add(Calls.openat("/dev/null", Calls.O_RDWR));
    calls.add(Calls.dup3(0, 1));
    calls.add(Calls.dup3(0, 2));
    calls.add(Calls.mount("none", "/", "", Calls.MS_REC | Calls.MS_PRIVATE, ""));
    String layers =
        "lowerdir=%s,upperdir=%s,workdir=%s,volatile%s"
            .formatted(root, upper, work, rights.privileged() ? "" : ",userxattr");
    calls.add(Calls.mount("overlay", merged.toString(), "overlay", 0, layers));
    long sealed = Calls.MS_NOSUID | Calls.MS_NODEV | Calls.MS_NOEXEC;
    calls.add(Calls.mount("proc", merged.resolve("proc").toString(), "proc", sealed, ""));
    calls.add(Calls.chdir(merged.toString()));
    calls.add(Calls.pivotRoot(".", "."));
    calls.add(Calls.umount2(".", Calls.MNT_DETACH));
    calls.add(Calls.chdir("/"));
    calls.add(Calls.execve("/bin/true", List.of("/bin/true"), List.of()));
    calls.add(Calls.wait4(ANY_CHILD));
    return calls;
  }

  private static final int ANY_CHILD = -1;

  /** The lowest descriptor that a stub has free: 0 to 2 are open, and its channel is at 8 and 9. */
  private static final int FREE = 3;

  private static void write(List<Call> calls, String path, String text) {
    calls.add(Calls.openat(path, Calls.O_WRONLY | Calls.O_CLOEXEC));
    calls.add(FileCalls.write(FREE, text));
    calls.add(Calls.close(FREE));
  }
}
