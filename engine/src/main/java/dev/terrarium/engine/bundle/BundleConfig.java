package dev.terrarium.engine.bundle;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A container's specification as {@code config.json}. Pure. Source: OCI runtime-spec, config and
 * config-linux.
 */
final class BundleConfig {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** How the OCI calls a namespace. */
  private static final Map<NamespaceType, String> NAMESPACES =
      Map.of(
          NamespaceType.PID, "pid",
          NamespaceType.MNT, "mount",
          NamespaceType.UTS, "uts",
          NamespaceType.IPC, "ipc",
          NamespaceType.NET, "network",
          NamespaceType.USER, "user",
          NamespaceType.CGROUP, "cgroup",
          NamespaceType.TIME, "time");

  private final ContainerSpec spec;
  private final int uid;
  private final int gid;
  private final ObjectNode config = JSON.createObjectNode();

  private BundleConfig(ContainerSpec spec, int uid, int gid) {
    this.spec = spec;
    this.uid = uid;
    this.gid = gid;
  }

  /**
   * The file's bytes.
   *
   * @param uid who is to run it, for a user namespace's mapping
   * @throws InvalidSpecException with what a bundle cannot say
   */
  static byte[] of(ContainerSpec spec, int uid, int gid) {
    refuse(spec);
    BundleConfig config = new BundleConfig(spec, uid, gid);
    config.fill();
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config.config);
  }

  /** The runtime makes the file system in a mount namespace, and has no switch to plug into. */
  private static void refuse(ContainerSpec spec) {
    List<String> problems = new ArrayList<>();
    if (!spec.namespaces().makes(NamespaceType.MNT)) {
      problems.add("a bundle needs a mount namespace of its own");
    }
    if (spec.network() instanceof Network.Bridge) {
      problems.add("a bundle knows no switch; its network is its namespace, or the host's");
    }
    if (spec.files().entry() == Filesystem.Entry.CHROOT) {
      problems.add("a bundle enters its root by pivot_root");
    }
    if (spec.files().volumes().stream().anyMatch(volume -> volume.source().isEmpty())) {
      problems.add("a bundle's volumes have a folder on the host");
    }
    if (spec.namespaces().ids() == IdMap.RANGES && spec.rootless()) {
      problems.add("a bundle here maps one id; ranges are the runtime's to choose");
    }
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
  }

  private void fill() {
    config.put("ociVersion", "1.0.2");
    process();
    config.putObject("root").put("path", Bundle.ROOT).put("readonly", false);
    spec.hostname().ifPresent(name -> config.put("hostname", name));
    mounts();
    linux();
  }

  // The program.

  private void process() {
    Program program = spec.program();
    ObjectNode process = config.putObject("process");
    process.put("terminal", spec.stdio() == Stdio.TERMINAL);
    ObjectNode user = process.putObject("user");
    user.put("uid", program.user().uid()).put("gid", program.user().gid());
    if (!program.user().groups().isEmpty()) {
      program.user().groups().forEach(user.putArray("additionalGids")::add);
    }
    program.argv().forEach(process.putArray("args")::add);
    program.env().forEach(process.putArray("env")::add);
    process.put("cwd", program.workdir());
    process.put("noNewPrivileges", spec.hardening().noNewPrivileges());
    capabilities(process, program.user().uid() == 0);
    ArrayNode limits = process.putArray("rlimits");
    new TreeMap<>(spec.hardening().resourceLimits())
        .forEach((name, limit) ->
            limits
                .addObject()
                .put("type", name)
                .put("soft", unsigned(limit.soft()))
                .put("hard", unsigned(limit.hard())));
    spec.hardening().oomScoreAdjust().ifPresent(score -> process.put("oomScoreAdj", score));
  }

  /** No limit is the largest 64-bit number there. */
  private static java.math.BigInteger unsigned(long value) {
    return new java.math.BigInteger(Long.toUnsignedString(value));
  }

  private void capabilities(ObjectNode process, boolean root) {
    ObjectNode sets = process.putObject("capabilities");
    List<String> kept = kept().names().stream().sorted().toList();
    kept.forEach(sets.putArray("bounding")::add);
    // Who is not root has them in no set that counts: capabilities(7).
    if (root) {
      kept.forEach(sets.putArray("effective")::add);
      kept.forEach(sets.putArray("permitted")::add);
    }
  }

  private CapabilitySet kept() {
    return spec.hardening().capabilities().map(CapabilitySet::named).orElse(CapabilitySet.ALL);
  }

  // What it sees as files.

  private void mounts() {
    ArrayNode mounts = config.putArray("mounts");
    Filesystem files = spec.files();
    boolean ownNet = !spec.rootless() || spec.namespaces().makes(NamespaceType.NET);
    switch (files.proc()) {
      case NEW -> mount(mounts, "/proc", "proc", "proc", "nosuid", "noexec", "nodev");
      case HOST -> mount(mounts, "/proc", "bind", "/proc", "rbind");
      case NONE -> {}
    }
    if (files.dev()) {
      mount(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
      List<String> pts =
          new ArrayList<>(List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
      if (!spec.rootless()) {
        pts.add("gid=5");
      }
      mount(mounts, "/dev/pts", "devpts", "devpts", pts.toArray(String[]::new));
      mount(
          mounts,
          "/dev/shm",
          "tmpfs",
          "shm",
          "nosuid",
          "noexec",
          "nodev",
          "mode=1777",
          "size=65536k");
      if (spec.namespaces().makes(NamespaceType.IPC)) {
        mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
      }
    }
    if (files.sys()) {
      if (ownNet) {
        mount(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
      } else {
        mount(mounts, "/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
      }
    }
    for (Volume volume : files.volumes()) {
      String source = volume.source().orElseThrow().toAbsolutePath().toString();
      mount(mounts, volume.target(), "bind", source, "rbind", volume.readOnly() ? "ro" : "rw");
    }
  }

  private static void mount(
      ArrayNode mounts, String destination, String type, String source, String... options) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", destination).put("type", type).put("source", source);
    ArrayNode all = mount.putArray("options");
    for (String option : options) {
      all.add(option);
    }
  }

  // What it shares and what it does not.

  private void linux() {
    ObjectNode linux = config.putObject("linux");
    ArrayNode namespaces = linux.putArray("namespaces");
    for (NamespaceType type : NamespaceType.values()) {
      if (spec.namespaces().makes(type)) {
        namespaces.addObject().put("type", NAMESPACES.get(type));
      } else if (spec.namespaces().joined().containsKey(type)) {
        namespaces
            .addObject()
            .put("type", NAMESPACES.get(type))
            .put(
                "path",
                "/proc/%d/ns/%s".formatted(spec.namespaces().joined().get(type), type.procName()));
      }
    }
    if (spec.rootless()) {
      mapping(linux.putArray("uidMappings"), uid);
      mapping(linux.putArray("gidMappings"), gid);
    }
    spec.files().masked().forEach(linux.putArray("maskedPaths")::add);
    spec.files().readOnly().forEach(linux.putArray("readonlyPaths")::add);
    linux.put(
        "rootfsPropagation",
        switch (spec.files().propagation()) {
          case PRIVATE -> "private";
          case SLAVE -> "slave";
          case SHARED -> "shared";
        });
    if (spec.hardening().denyList()) {
      SeccompRules.into(linux.putObject("seccomp"), kept());
    }
    resources(linux, spec.limits());
    if (spec.namespaces().makes(NamespaceType.TIME)) {
      ObjectNode offsets = linux.putObject("timeOffsets");
      clock(offsets, "monotonic", spec.namespaces().clocks().monotonic());
      clock(offsets, "boottime", spec.namespaces().clocks().boottime());
    }
  }

  private static void clock(ObjectNode offsets, String name, java.time.Duration by) {
    offsets.putObject(name).put("secs", by.getSeconds()).put("nanosecs", by.getNano());
  }

  private static void mapping(ArrayNode mappings, int hostId) {
    mappings.addObject().put("containerID", 0).put("hostID", hostId).put("size", 1);
  }

  private static void resources(ObjectNode linux, Limits limits) {
    if (!limits.wanted()) {
      return;
    }
    ObjectNode resources = linux.putObject("resources");
    if (limits.cpus().isPresent() || limits.cpuset().isPresent()) {
      ObjectNode cpu = resources.putObject("cpu");
      int period = 100_000;
      limits
          .cpus()
          .ifPresent(cpus -> cpu.put("period", period).put("quota", Math.round(cpus * period)));
      limits.cpuset().ifPresent(set -> cpu.put("cpus", set));
    }
    if (limits.memoryBytes().isPresent()) {
      ObjectNode memory = resources.putObject("memory");
      memory.put("limit", limits.memoryBytes().getAsLong());
      limits
          .swapBytes()
          .ifPresent(swap -> memory.put("swap", limits.memoryBytes().getAsLong() + swap));
    }
    limits.pids().ifPresent(pids -> resources.putObject("pids").put("limit", pids));
  }
}
