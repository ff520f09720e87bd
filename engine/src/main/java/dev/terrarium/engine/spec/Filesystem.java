package dev.terrarium.engine.spec;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a container sees as files.
 *
 * @param root at {@code /}
 * @param entry how it gets there
 * @param proc at {@code /proc}
 * @param initLayer whether a layer between image and writable layer holds {@code /etc/hostname},
 *     {@code /etc/hosts}, {@code /etc/resolv.conf} and the mount points
 * @param dev whether {@code /dev} is a tmpfs with the usual nodes, a devpts and {@code /dev/shm}
 * @param sys whether {@code /sys} is a read-only sysfs
 * @param masked paths that are hidden: a file under {@code /dev/null}, a folder under an empty one
 * @param readOnly paths that nobody inside may write
 * @param propagation what mounts of the host and of the container are to each other
 * @param writableBytes the most that the writable layer may hold; empty for no limit but the disk's
 * @param volumes in the order in which they are mounted
 * @param cgroupAware whether {@code /proc/meminfo} and the like tell of the container's cgroup
 *     instead of the host; needs a cgroup
 */
public record Filesystem(
    Root root,
    Entry entry,
    Proc proc,
    boolean initLayer,
    boolean dev,
    boolean sys,
    List<String> masked,
    List<String> readOnly,
    Propagation propagation,
    OptionalLong writableBytes,
    List<Volume> volumes,
    boolean cgroupAware) {

  /** How the new root becomes {@code /}. */
  public enum Entry {
    /** pivot_root(2): the old root is gone. */
    PIVOT_ROOT,
    /** chroot(2): the old root is still there, and whoever has CAP_SYS_CHROOT finds it. */
    CHROOT
  }

  /** Source: mount_namespaces(7), "Shared subtrees". */
  public enum Propagation {
    /** Nothing travels. */
    PRIVATE,
    /** The host's later mounts appear inside; nothing travels back. */
    SLAVE,
    /** Both ways, where the host's mounts are shared. */
    SHARED
  }

  /**
   * Paths of procfs and sysfs that tell too much. Source: OCI runtime-spec, maskedPaths, as Docker
   * sets them.
   */
  public static final List<String> USUALLY_MASKED =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  /**
   * Paths of procfs through which the host could be changed. Source: OCI runtime-spec,
   * readonlyPaths.
   */
  public static final List<String> USUALLY_READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  public Filesystem {
    masked = List.copyOf(masked);
    readOnly = List.copyOf(readOnly);
    volumes = List.copyOf(volumes);
  }

  /** The root and {@code /proc}, and nothing more than the first lesson needs. */
  public static Filesystem bare(Root root, Proc proc) {
    return new Filesystem(
        root,
        Entry.PIVOT_ROOT,
        proc,
        false,
        false,
        false,
        List.of(),
        List.of(),
        Propagation.PRIVATE,
        OptionalLong.empty(),
        List.of(),
        false);
  }

  /** All that Docker would give it. */
  public static Filesystem usual(Root root, Proc proc) {
    return new Filesystem(
        root,
        Entry.PIVOT_ROOT,
        proc,
        true,
        true,
        true,
        USUALLY_MASKED,
        USUALLY_READ_ONLY,
        Propagation.PRIVATE,
        OptionalLong.empty(),
        List.of(),
        false);
  }

  public Filesystem withEntry(Entry other) {
    return new Filesystem(
        root,
        other,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withInitLayer(boolean wanted) {
    return new Filesystem(
        root,
        entry,
        proc,
        wanted,
        dev,
        sys,
        masked,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withDev(boolean wanted) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        wanted,
        sys,
        masked,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withSys(boolean wanted) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        wanted,
        masked,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withMasked(List<String> paths) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        paths,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withReadOnly(List<String> paths) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        paths,
        propagation,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withPropagation(Propagation other) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        readOnly,
        other,
        writableBytes,
        volumes,
        cgroupAware);
  }

  public Filesystem withWritableBytes(long most) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        readOnly,
        propagation,
        OptionalLong.of(most),
        volumes,
        cgroupAware);
  }

  public Filesystem withVolumes(List<Volume> others) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        readOnly,
        propagation,
        writableBytes,
        others,
        cgroupAware);
  }

  public Filesystem withCgroupAware(boolean wanted) {
    return new Filesystem(
        root,
        entry,
        proc,
        initLayer,
        dev,
        sys,
        masked,
        readOnly,
        propagation,
        writableBytes,
        volumes,
        wanted);
  }
}
