package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.ProcessLinks;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.NamespaceCalls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * To whom the namespaces of a process belong, asked of the kernel by a stub on the host. Empty
 * where that is out of sight: above one's own user namespace. Source: ioctl_nsfs(2).
 */
final class NamespaceOwners {
  private final Stub stub;
  private final int pid;

  NamespaceOwners(Stub stub, int pid) {
    this.stub = stub;
    this.pid = pid;
  }

  /** The user namespace that owns it, by its inode number. */
  OptionalLong owner(NamespaceType type) {
    return asked(type, NamespaceCalls::ioctlNsGetUserns);
  }

  /** The namespace of the same kind around it; of pid and user namespaces only. */
  OptionalLong parent(NamespaceType type) {
    return asked(type, NamespaceCalls::ioctlNsGetParent);
  }

  /** Who made the user namespace: a user of the host. */
  OptionalInt maker() {
    OptionalInt descriptor = open(NamespaceType.USER);
    if (descriptor.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      Outcome answer = stub.make(NamespaceCalls.ioctlNsGetOwnerUid(descriptor.getAsInt()));
      return OptionalInt.of(answer.memory().getFirst().intAt(0));
    } catch (SyscallException e) {
      return OptionalInt.empty();
    } finally {
      stub.make(Calls.close(descriptor.getAsInt()));
    }
  }

  private OptionalLong asked(NamespaceType type, IntFunction<Call> question) {
    OptionalInt descriptor = open(type);
    if (descriptor.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      int answer = (int) stub.make(question.apply(descriptor.getAsInt())).result();
      long inode = ProcessLinks.inode(link(answer));
      stub.make(Calls.close(answer));
      return OptionalLong.of(inode);
    } catch (SyscallException e) {
      return OptionalLong.empty();
    } finally {
      stub.make(Calls.close(descriptor.getAsInt()));
    }
  }

  private OptionalInt open(NamespaceType type) {
    String link = "/proc/" + pid + "/ns/" + type.procName();
    try {
      return OptionalInt.of(
          (int) stub.make(Calls.openat(link, Calls.O_RDONLY | Calls.O_CLOEXEC)).result());
    } catch (SyscallException e) {
      return OptionalInt.empty();
    }
  }

  private String link(int descriptor) {
    Outcome link =
        stub.make(FileCalls.readlinkat(FileCalls.AT_FDCWD, "/proc/self/fd/" + descriptor));
    return new String(
        link.memory().getFirst().toArray(), 0, (int) link.result(), StandardCharsets.US_ASCII);
  }
}
