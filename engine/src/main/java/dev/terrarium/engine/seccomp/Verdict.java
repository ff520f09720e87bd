package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.syscall.Errno;

/**
 * What a filter says of a call. Where several filters judge it, the severest holds: kill before
 * refuse before ask before allow. Source: seccomp(2), "SECCOMP_RET_*".
 */
public sealed interface Verdict {

  /** The call goes on. */
  record Allow() implements Verdict {}

  /** The call is not made; the caller gets that error. */
  record Refuse(Errno errno) implements Verdict {}

  /** The caller waits until whoever listens to the filter has answered. */
  record Ask() implements Verdict {}

  /** The process is ended, as if by SIGSYS. */
  record Kill() implements Verdict {}

  /** As the filter returns it. */
  default int word() {
    return switch (this) {
      case Allow() -> 0x7fff_0000;
      case Refuse(Errno errno) -> 0x0005_0000 | errno.number();
      case Ask() -> 0x7fc0_0000;
      case Kill() -> 0x8000_0000;
    };
  }

  /** What such a word means. */
  static Verdict of(int word) {
    return switch (word & 0xffff_0000) {
      case 0x7fff_0000 -> new Allow();
      case 0x0005_0000 -> new Refuse(Errno.of(word & 0xffff));
      case 0x7fc0_0000 -> new Ask();
      case 0x8000_0000 -> new Kill();
      default ->
          throw new IllegalArgumentException("no verdict of ours: 0x" + Integer.toHexString(word));
    };
  }
}
