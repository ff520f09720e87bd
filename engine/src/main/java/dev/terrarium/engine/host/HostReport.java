package dev.terrarium.engine.host;

import java.util.List;

/**
 * What this host and this user can do.
 *
 * @param rung how far up the ladder of rights this process stands
 * @param findings one per subject, in reading order
 */
public record HostReport(Rung rung, List<Finding> findings) {
  public HostReport {
    findings = List.copyOf(findings);
  }

  /** The ladder of rights. */
  public enum Rung {
    /** Everything. */
    ROOT,
    /** Containers inside a user namespace. */
    ROOTLESS,
    /** Looking, not making. */
    READ_ONLY
  }

  /** How good the news is. */
  public enum Level {
    OK,
    LIMITED,
    MISSING
  }

  /**
   * One subject.
   *
   * @param subject stable name, such as {@code user-namespaces}
   * @param found what is there, in English, with the evidence
   * @param remedy the command or the change that would lift a limit; empty if there is none
   */
  public record Finding(String subject, Level level, String found, String remedy) {}
}
