package dev.terrarium.engine.syscall;

/** A processor architecture that the stub can be generated for. */
public enum Arch {
  X86_64,
  AARCH64;

  /**
   * The architecture of this JVM.
   *
   * @throws UnsupportedOperationException on any other
   */
  public static Arch host() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "no stub for the architecture " + name + "; there is one for x86-64 and aarch64");
    };
  }
}
