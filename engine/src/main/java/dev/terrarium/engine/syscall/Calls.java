package dev.terrarium.engine.syscall;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One constructor per system call, with the C prototype's argument names. Source: section 2 of the
 * manual.
 */
public final class Calls {
  public static final long CLONE_VFORK = 0x4000;
  public static final long SIGCHLD = 17;

  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_BIND = 0x1000;
  public static final long MS_REC = 0x4000;
  public static final long MS_PRIVATE = 1 << 18;

  public static final long MNT_DETACH = 2;

  public static final long O_RDONLY = 0;
  public static final long O_WRONLY = 1;
  public static final long O_RDWR = 2;
  public static final long O_NOCTTY = 0x100;
  public static final long O_CLOEXEC = 0x80000;

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;

  private static final long AT_FDCWD = -100;
  private static final long PR_SET_PDEATHSIG = 1;
  private static final long PR_SET_DUMPABLE = 4;
  private static final long PR_SET_NAME = 15;
  private static final long TIOCSCTTY = 0x540E;

  private Calls() {}

  /** Without CLONE_VM, and with a null stack: the child goes on with a copy, as after fork(2). */
  public static Call clone(long flags) {
    return of(Syscall.CLONE, Bits.CLONE.of(flags), Operand.nil());
  }

  /** Leaves the namespaces of those kinds for new ones. Source: unshare(2). */
  public static Call unshare(long flags) {
    return of(Syscall.UNSHARE, Bits.CLONE.of(flags));
  }

  public static Call execve(String pathname, List<String> argv, List<String> envp) {
    return of(
        Syscall.EXECVE,
        new Operand.Text(pathname),
        new Operand.Words(argv),
        new Operand.Words(envp));
  }

  /** The status word comes back in the reply's memory. */
  public static Call wait4(int pid) {
    return of(
        Syscall.WAIT4,
        Operand.number(pid),
        new Operand.Memory(Bytes.zeros(4), new Arg.Struct("&status")),
        Operand.number(0),
        Operand.nil());
  }

  public static Call mount(String source, String target, String type, long flags, String data) {
    return of(
        Syscall.MOUNT,
        new Operand.Text(source),
        new Operand.Text(target),
        type.isEmpty() ? Operand.nil() : new Operand.Text(type),
        Bits.MOUNT.of(flags),
        data.isEmpty() ? Operand.nil() : new Operand.Text(data));
  }

  public static Call umount2(String target, long flags) {
    return of(Syscall.UMOUNT2, new Operand.Text(target), Bits.UMOUNT.of(flags));
  }

  public static Call pivotRoot(String newRoot, String putOld) {
    return of(Syscall.PIVOT_ROOT, new Operand.Text(newRoot), new Operand.Text(putOld));
  }

  public static Call chdir(String path) {
    return of(Syscall.CHDIR, new Operand.Text(path));
  }

  public static Call sethostname(String name) {
    return of(
        Syscall.SETHOSTNAME,
        new Operand.Text(name),
        Operand.number(name.getBytes(StandardCharsets.UTF_8).length));
  }

  public static Call openat(String pathname, long flags) {
    return of(
        Syscall.OPENAT,
        Operand.flags(AT_FDCWD, List.of("AT_FDCWD")),
        new Operand.Text(pathname),
        Bits.OPEN.of(flags),
        Operand.number(0));
  }

  public static Call write(int fd, String text) {
    return of(
        Syscall.WRITE,
        Operand.number(fd),
        new Operand.Text(text),
        Operand.number(text.getBytes(StandardCharsets.UTF_8).length));
  }

  public static Call dup3(int oldfd, int newfd) {
    return of(Syscall.DUP3, Operand.number(oldfd), Operand.number(newfd), Operand.number(0));
  }

  public static Call close(int fd) {
    return of(Syscall.CLOSE, Operand.number(fd));
  }

  /** The two descriptors come back in the reply's memory, the end to read from first. */
  public static Call pipe2(long flags) {
    return of(
        Syscall.PIPE2,
        new Operand.Memory(Bytes.zeros(8), new Arg.Struct("&pipefd")),
        Bits.OPEN.of(flags));
  }

  public static Call setsid() {
    return of(Syscall.SETSID);
  }

  /** Makes the terminal at that descriptor the controlling one. Source: ioctl_tty(2). */
  public static Call ioctlTiocsctty(int fd) {
    return of(
        Syscall.IOCTL,
        Operand.number(fd),
        Operand.flags(TIOCSCTTY, List.of("TIOCSCTTY")),
        Operand.number(0));
  }

  /** The signal that this process gets when its parent dies. Source: PR_SET_PDEATHSIG(2const). */
  public static Call prctlPdeathsig(int signal) {
    return of(
        Syscall.PRCTL,
        Operand.flags(PR_SET_PDEATHSIG, List.of("PR_SET_PDEATHSIG")),
        signal(signal));
  }

  /** What ps(1) calls this process, up to 15 bytes. Source: PR_SET_NAME(2const). */
  public static Call prctlSetName(String name) {
    return of(
        Syscall.PRCTL, Operand.flags(PR_SET_NAME, List.of("PR_SET_NAME")), new Operand.Text(name));
  }

  /** Whether others of the same user may trace this process. Source: PR_SET_DUMPABLE(2const). */
  public static Call prctlDumpable(int dumpable) {
    return of(
        Syscall.PRCTL,
        Operand.flags(PR_SET_DUMPABLE, List.of("PR_SET_DUMPABLE")),
        Operand.number(dumpable));
  }

  public static Call kill(int pid, int signal) {
    return of(Syscall.KILL, Operand.number(pid), signal(signal));
  }

  public static Call getpid() {
    return of(Syscall.GETPID);
  }

  public static Call setns(int fd, long nstype) {
    return of(Syscall.SETNS, Operand.number(fd), Bits.CLONE.of(nstype));
  }

  public static Call pidfdOpen(int pid) {
    return of(Syscall.PIDFD_OPEN, Operand.number(pid), Operand.number(0));
  }

  /** The struct utsname, six strings of 65 bytes, comes back in the reply's memory. */
  public static Call uname() {
    return of(Syscall.UNAME, new Operand.Memory(Bytes.zeros(6 * 65), new Arg.Struct("&utsname")));
  }

  public static Call exitGroup(int status) {
    return of(Syscall.EXIT_GROUP, Operand.number(status));
  }

  private static Operand signal(int number) {
    return Operand.flags(number, List.of(Signals.name(number)));
  }

  static Call of(Syscall syscall, Operand... operands) {
    return new Call(syscall, List.of(operands));
  }
}
