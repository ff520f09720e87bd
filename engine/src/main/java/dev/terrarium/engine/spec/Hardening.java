package dev.terrarium.engine.spec;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a container's program is kept from. Each is a step of its own that can be left out.
 *
 * @param capabilities the names of those that it may have, such as {@code CAP_CHOWN}; empty for all
 *     that the engine has. Source: capabilities(7)
 * @param noNewPrivileges whether execve(2) can never give more. Source: PR_SET_NO_NEW_PRIVS(2const)
 * @param denyList whether a seccomp filter refuses the calls that a container has no business with.
 *     Source: seccomp(2)
 * @param resourceLimits by name, such as {@code RLIMIT_NOFILE}. Source: getrlimit(2)
 * @param oomScoreAdjust -1000 to 1000. Source: proc_pid_oom_score_adj(5)
 * @param closeDescriptors whether everything beyond 2 is closed when the program begins
 * @param devices whether only such devices can be opened as tell nothing of the host and keep
 *     nothing. In a user namespace the kernel sees to that: user_namespaces(7)
 */
public record Hardening(
    Optional<Set<String>> capabilities,
    boolean noNewPrivileges,
    boolean denyList,
    Map<String, Rlimit> resourceLimits,
    OptionalInt oomScoreAdjust,
    boolean closeDescriptors,
    boolean devices) {

  /**
   * What counts, and what the process may raise that to. Source: getrlimit(2).
   *
   * @param soft in the limit's own unit
   * @param hard not less; -1 is no limit
   */
  public record Rlimit(long soft, long hard) {
    public static final long UNLIMITED = -1;
  }

  public static final Hardening NONE =
      new Hardening(Optional.empty(), false, false, Map.of(), OptionalInt.empty(), false, false);

  /** What Docker leaves to a container's root. */
  public static final Set<String> USUAL_CAPABILITIES =
      Set.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  /** Docker's defaults, with no_new_privs. */
  public static final Hardening USUAL =
      new Hardening(
          Optional.of(USUAL_CAPABILITIES), true, true, Map.of(), OptionalInt.empty(), true, true);

  public Hardening withCapabilities(Set<String> kept) {
    return new Hardening(
        Optional.of(kept),
        noNewPrivileges,
        denyList,
        resourceLimits,
        oomScoreAdjust,
        closeDescriptors,
        devices);
  }

  public Hardening withNoNewPrivileges(boolean wanted) {
    return new Hardening(
        capabilities, wanted, denyList, resourceLimits, oomScoreAdjust, closeDescriptors, devices);
  }

  public Hardening withDenyList(boolean wanted) {
    return new Hardening(
        capabilities,
        noNewPrivileges,
        wanted,
        resourceLimits,
        oomScoreAdjust,
        closeDescriptors,
        devices);
  }

  public Hardening withResourceLimits(Map<String, Rlimit> limits) {
    return new Hardening(
        capabilities, noNewPrivileges, denyList, limits, oomScoreAdjust, closeDescriptors, devices);
  }

  public Hardening withOomScoreAdjust(int score) {
    return new Hardening(
        capabilities,
        noNewPrivileges,
        denyList,
        resourceLimits,
        OptionalInt.of(score),
        closeDescriptors,
        devices);
  }

  public Hardening withDevices(boolean guarded) {
    return new Hardening(
        capabilities,
        noNewPrivileges,
        denyList,
        resourceLimits,
        oomScoreAdjust,
        closeDescriptors,
        guarded);
  }

  public Hardening {
    capabilities = capabilities.map(Set::copyOf);
    resourceLimits = Map.copyOf(resourceLimits);
  }
}
