package dev.terrarium.engine.container;

import dev.terrarium.engine.aware.AwareFile;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import dev.terrarium.engine.step.AwareStep;
import dev.terrarium.engine.step.DeviceStep;
import dev.terrarium.engine.step.LayerStep;
import dev.terrarium.engine.step.MountStep;
import dev.terrarium.engine.step.PathStep;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.step.VolumeStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The chapter of a container's plan that makes what it sees as files.
 *
 * <p>The order is not free. A /proc or /sys of one's own may be mounted only while the host's are
 * still to be seen; a volume's source is found on the host and its target in the new root, so
 * volumes come after all else that is mounted there and before the host's root goes.
 */
final class FilesChapter {
  /** The address that Debian gives to a host's own name where no other is sure to stay. */
  private static final String LOOPBACK = "127.0.1.1";

  private final ContainerSpec spec;
  private final Namespaces namespaces;
  private final Filesystem files;
  private final Plan.Ground ground;
  private final ContainerFolder folder;
  private final List<Step> steps = new ArrayList<>();

  private FilesChapter(ContainerSpec spec, Plan.Ground ground) {
    this.spec = spec;
    this.namespaces = spec.namespaces();
    this.files = spec.files();
    this.ground = ground;
    this.folder = new ContainerFolder(ground.folder());
  }

  /** The steps that furnish the new root, while the old one is still there to take from. */
  static List<Step> furnish(ContainerSpec spec, Plan.Ground ground) {
    FilesChapter chapter = new FilesChapter(spec, ground);
    chapter.pickUpSharedVolumes();
    chapter.propagation();
    if (chapter.ownRoot()) {
      chapter.layers();
      chapter.proc();
      chapter.dev();
      chapter.sys();
      chapter.aware(chapter.root());
      chapter.volumes();
    } else {
      chapter.procOfTheHost();
      chapter.aware(Path.of("/"));
    }
    return List.copyOf(chapter.steps);
  }

  /** The steps that enter it, and those whose paths are looked up inside. */
  static List<Step> enter(ContainerSpec spec, Plan.Ground ground) {
    FilesChapter chapter = new FilesChapter(spec, ground);
    if (chapter.ownRoot()) {
      chapter.entry();
    }
    chapter.paths();
    return List.copyOf(chapter.steps);
  }

  private void propagation() {
    if (!namespaces.makes(NamespaceType.MNT)) {
      return;
    }
    switch (files.propagation()) {
      case SLAVE -> steps.add(new MountStep.MakeMountsSlave());
      // What is shared is shared through volumes; the root and all else in it is nobody's business.
      case PRIVATE, SHARED -> steps.add(new MountStep.MakeMountsPrivate());
    }
  }

  private void layers() {
    List<Path> lower = new ArrayList<>();
    if (files.initLayer()) {
      Path init = folder.init();
      String address =
          ground.wiring().map(place -> place.address().getHostAddress()).orElse(LOOPBACK);
      steps.add(
          new LayerStep.MakeInitLayer(
              init, spec.hostname(), address, namespaces.apart(NamespaceType.NET)));
      lower.add(init);
    }
    lower.addAll(ground.layers());
    Path upper;
    Path work;
    if (files.writableBytes().isPresent()) {
      var limited =
          new LayerStep.LimitWritableLayer(folder.writable(), files.writableBytes().getAsLong());
      steps.add(limited);
      upper = limited.upper();
      work = limited.work();
    } else {
      upper = folder.upper();
      work = folder.work();
      steps.add(new LayerStep.MakeWritableLayer(upper, work));
    }
    steps.add(new MountStep.MountOverlay(lower, upper, work, root(), inUserNamespace()));
    if (Plan.forbidsDevices(spec, ground)) {
      steps.add(new DeviceStep.ForbidDevices(root()));
    }
  }

  private void proc() {
    Path proc = root().resolve("proc");
    switch (files.proc()) {
      case NEW -> steps.add(new MountStep.MountProc(proc));
      case HOST -> steps.add(new MountStep.BindHostProc(proc));
      case NONE -> {}
    }
  }

  /** In the host's own root the host's /proc is there already. */
  private void procOfTheHost() {
    if (files.proc() == Proc.NEW) {
      steps.add(new MountStep.MountProc(Path.of("/proc")));
    }
  }

  private void dev() {
    if (!files.dev()) {
      return;
    }
    Path dev = root().resolve("dev");
    steps.add(new DeviceStep.MakeDev(dev, inUserNamespace()));
    boolean hasTerminalGroup = !inUserNamespace() || namespaces.ids() == IdMap.RANGES;
    steps.add(new DeviceStep.MountPts(dev, hasTerminalGroup));
    steps.add(new DeviceStep.MountShm(dev));
    if (owns(NamespaceType.IPC)) {
      steps.add(new DeviceStep.MountQueues(dev));
    }
    if (spec.stdio() == Stdio.TERMINAL) {
      steps.add(new DeviceStep.BindConsole(dev));
    }
  }

  private void sys() {
    if (!files.sys()) {
      return;
    }
    Path sys = root().resolve("sys");
    boolean ownsNet = !inUserNamespace() || owns(NamespaceType.NET);
    steps.add(ownsNet ? new MountStep.MountSys(sys) : new MountStep.BindHostSys(sys));
    if (owns(NamespaceType.CGROUP) && !ground.hierarchies().isEmpty()) {
      steps.add(new MountStep.MountCgroups(sys.resolve("fs/cgroup"), cgroupTrees()));
    }
  }

  private List<MountStep.MountCgroups.Tree> cgroupTrees() {
    boolean several = ground.hierarchies().size() > 1;
    return ground.hierarchies().stream()
        .map(hierarchy -> {
          String folder = several ? hierarchy.mountPoint().getFileName().toString() : "";
          return switch (hierarchy.version()) {
            case V1 ->
                new MountStep.MountCgroups.Tree(
                    hierarchy.mountPoint().getFileName().toString(), "cgroup", hierarchy.options());
            case V2 -> new MountStep.MountCgroups.Tree(folder, "cgroup2", "");
          };
        })
        .toList();
  }

  private void aware(Path root) {
    if (!files.cgroupAware()) {
      return;
    }
    Path folder = awareFolder(ground.folder());
    List<AwareFile> covering = awareFiles(files);
    steps.add(new AwareStep.MakeAwareFiles(folder, ground.cgroup().orElseThrow()));
    steps.add(new AwareStep.PickUpAwareFiles(folder, covering));
    steps.add(new AwareStep.BindAwareFiles(folder, root, covering));
  }

  /** Where a container's cgroup-aware files are on the host, in its own folder. */
  static Path awareFolder(Path container) {
    return container.resolve("aware");
  }

  /** Those that such a container has something to cover with. */
  static List<AwareFile> awareFiles(Filesystem files) {
    Set<AwareFile> all = EnumSet.allOf(AwareFile.class);
    if (!files.sys()) {
      all.remove(AwareFile.ONLINE);
    }
    return List.copyOf(all);
  }

  private void pickUpSharedVolumes() {
    if (sharesVolumes()) {
      files.volumes().stream()
          .flatMap(volume -> volume.source().stream())
          .forEach(source -> steps.add(new VolumeStep.PickUpVolume(source)));
    }
  }

  private void volumes() {
    int number = 0;
    for (Volume volume : files.volumes()) {
      number++;
      Path anonymous = ground.folder().resolve("volume-" + number);
      if (volume.source().isEmpty()) {
        steps.add(new VolumeStep.MakeVolume(anonymous, volume.target()));
      }
      steps.add(
          new VolumeStep.BindVolume(
              volume.source().orElse(anonymous),
              root(),
              volume.target(),
              volume.readOnly(),
              sharesVolumes() && volume.source().isPresent()));
    }
  }

  private boolean sharesVolumes() {
    return files.propagation() == Filesystem.Propagation.SHARED;
  }

  /**
   * Whether root inside has a right to that namespace, which is not the engine's: it is new, or its
   * owner's user namespace was joined with it.
   */
  private boolean owns(NamespaceType type) {
    if (namespaces.makes(type)) {
      return true;
    }
    Integer joined = namespaces.joined().get(type);
    return joined != null
        && (!inUserNamespace() || joined.equals(namespaces.joined().get(NamespaceType.USER)));
  }

  /** Whether root inside is not root of the host. */
  private boolean inUserNamespace() {
    return namespaces.apart(NamespaceType.USER);
  }

  private void entry() {
    steps.add(
        switch (files.entry()) {
          case PIVOT_ROOT -> new MountStep.PivotRoot(root());
          case CHROOT -> new MountStep.Chroot(root());
        });
  }

  private void paths() {
    if (!files.masked().isEmpty()) {
      steps.add(new PathStep.MaskPaths(files.masked()));
    }
    if (!files.readOnly().isEmpty()) {
      steps.add(new PathStep.ProtectPaths(files.readOnly()));
    }
  }

  private boolean ownRoot() {
    return !ground.layers().isEmpty();
  }

  /** The new root, as a path on the host. */
  private Path root() {
    return folder.merged();
  }
}
