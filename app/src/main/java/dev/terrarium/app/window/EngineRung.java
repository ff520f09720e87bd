package dev.terrarium.app.window;

/**
 * How much the engine may do on this host, for the header.
 *
 * @param privileged whether it has root's rights on the host
 * @param cgroup which cgroup hierarchy the host has
 * @param overlay whether the kernel knows overlayfs
 */
public record EngineRung(boolean privileged, Cgroup cgroup, boolean overlay) {

  /** Which cgroup hierarchy is mounted. Source: cgroups(7). */
  public enum Cgroup {
    V1("v1"),
    V2("v2"),
    HYBRID("v1+v2"),
    NONE("none");

    private final String label;

    Cgroup(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
