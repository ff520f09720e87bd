package dev.terrarium.engine.image;

import dev.terrarium.engine.syscall.Arch;

/** What this host runs, in the words of image specifications. */
public final class Platform {
  private Platform() {}

  /** As Go names it: {@code amd64}, {@code arm64}. */
  public static String architecture() {
    return switch (Arch.host()) {
      case X86_64 -> "amd64";
      case AARCH64 -> "arm64";
    };
  }

  /** {@code linux/amd64} or {@code linux/arm64}. */
  public static String host() {
    return "linux/" + architecture();
  }
}
