package dev.terrarium.engine.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Whether, and where, this process may make cgroups. Found by asking the files themselves, so it
 * holds for root, for root in a container, and for a user to whom systemd has handed a subtree.
 * Source: kernel document admin-guide/cgroup-v2, "Delegation".
 */
public sealed interface Delegation {

  /** The folder of ours, right below what was granted. */
  String TOP = "terrarium";

  /** It may. */
  record Granted(Driver driver) implements Delegation {}

  /**
   * It may not.
   *
   * @param why with the evidence
   * @param remedy the command that would lift it
   */
  record Refused(String why, String remedy) implements Delegation {}

  /** On this host, for this process. */
  static Delegation find() {
    return of(Cgroups.find(), Files::isWritable);
  }

  /**
   * The version that has most of the controllers is taken.
   *
   * @param writable whether this process may write a file, and make something in a folder
   */
  static Delegation of(Cgroups cgroups, Predicate<Path> writable) {
    return new DelegationSearch(cgroups, writable).answer();
  }
}
