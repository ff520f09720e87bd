package dev.terrarium.engine.observe;

import java.util.List;

/**
 * One line of {@code /proc/PID/mountinfo}. Source: proc_pid_mountinfo(5).
 *
 * @param id unique while mounted
 * @param parentId id of the mount it sits on
 * @param device {@code major:minor} of the file system, equal for two mounts of the same one
 * @param root the folder within that file system which is mounted
 * @param mountPoint where, relative to the reader's root
 * @param options per-mount options
 * @param propagation optional fields such as {@code shared:1}, {@code master:2}; empty means
 *     private
 * @param fsType such as {@code overlay}
 * @param source file system specific, such as a device
 * @param superOptions options of the file system itself, such as {@code lowerdir=...}
 */
public record Mount(
    int id,
    int parentId,
    String device,
    String root,
    String mountPoint,
    String options,
    List<String> propagation,
    String fsType,
    String source,
    String superOptions) {

  public Mount {
    propagation = List.copyOf(propagation);
  }
}
