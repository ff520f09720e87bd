package dev.terrarium.engine;

import dev.terrarium.engine.build.Build;
import dev.terrarium.engine.build.BuildRequest;
import dev.terrarium.engine.build.LiveBuild;
import dev.terrarium.engine.cgroup.Cgroup;
import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Driver;
import dev.terrarium.engine.cgroup.Hierarchy;
import dev.terrarium.engine.commit.CommitRequest;
import dev.terrarium.engine.commit.Committed;
import dev.terrarium.engine.commit.Committing;
import dev.terrarium.engine.commit.WrittenChange;
import dev.terrarium.engine.commit.WrittenLayer;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerProcess;
import dev.terrarium.engine.container.Joining;
import dev.terrarium.engine.container.LiveContainer;
import dev.terrarium.engine.container.LiveExecution;
import dev.terrarium.engine.container.LiveLook;
import dev.terrarium.engine.container.Plan;
import dev.terrarium.engine.container.Workshop;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Diagnosis;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.host.SubordinateIds;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.net.Wiring;
import dev.terrarium.engine.observe.Look;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.registry.Registry;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.InvalidSpecException;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.SpecValidation;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.Step;
import dev.terrarium.engine.stub.StubPool;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engine on the live host, in this process. */
final class LiveEngine implements Engine {
  private final Run run;
  private final StubPool stubs;

  /** What is only looked at is no part of the story that the trace tells. */
  private final StubPool lookers;

  private final ImageStore images;
  private final Consumer<Fact> facts;
  private final Rights rights;
  private final Observer observer;
  private final Switch networkSwitch;
  private final Set<ContainerProcess> executions = ConcurrentHashMap.newKeySet();
  private final Set<Build> builds = ConcurrentHashMap.newKeySet();
  private final Set<Container> containers = ConcurrentHashMap.newKeySet();

  /** Shared by whoever makes something; the end waits for them, and then nobody makes anything. */
  private final ReadWriteLock making = new ReentrantReadWriteLock();

  private boolean closed;

  private LiveEngine(
      Run run,
      StubPool stubs,
      StubPool lookers,
      ImageStore images,
      Consumer<Fact> facts,
      Rights rights) {
    this.run = run;
    this.stubs = stubs;
    this.lookers = lookers;
    this.images = images;
    this.facts = facts;
    this.rights = rights;
    this.observer = new Observer();
    this.networkSwitch = new Switch(stubs, run, rights);
  }

  static LiveEngine open(StateFolder state, Consumer<Fact> facts) throws IOException {
    try {
      return begin(state, facts);
    } catch (IOException e) {
      String advice = Diagnosis.of(e, state.path());
      throw advice.isEmpty() ? e : new IOException(e.getMessage() + ": " + advice, e);
    }
  }

  private static LiveEngine begin(StateFolder state, Consumer<Fact> facts) throws IOException {
    Arch arch = Arch.host();
    Path stub = state.stub(arch);
    Leftovers.sweep(state);
    Rights rights = Rights.current();
    Run run = Run.begin(state);
    StubPool stubs = new StubPool(stub, arch, call -> facts.accept(new Fact.Called(call)));
    LiveEngine engine =
        new LiveEngine(
            run,
            stubs,
            new StubPool(stub, arch, call -> {}),
            new ImageStore(state, run.folder().resolve(".images"), rights.privileged()),
            facts,
            rights);
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "close the engine"));
    return engine;
  }

  @Override
  public boolean privileged() {
    return rights.privileged();
  }

  @Override
  public String lessonImage() {
    return ImageStore.LESSON;
  }

  @Override
  public Snapshot observe() {
    Snapshot snapshot = observer.observe();
    facts.accept(new Fact.Seen(snapshot));
    return snapshot;
  }

  @Override
  public Look look(Set<Integer> pids) {
    try {
      Workshop unheard = new Workshop(run, lookers, networkSwitch, fact -> {});
      return LiveLook.at(pids, unheard, rights.privileged());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Container prepare(ContainerSpec spec) {
    return unlessClosed(() -> planned(spec));
  }

  /** Else what another thread makes would come after all has been removed, and stay. */
  private <T> T unlessClosed(Supplier<T> work) {
    making.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the engine is closed");
      }
      return work.get();
    } finally {
      making.readLock().unlock();
    }
  }

  private Container planned(ContainerSpec wanted) {
    ContainerSpec spec = Joining.settled(wanted);
    SpecValidation.check(spec, rights.privileged());
    Joining joining = Joining.of(spec.namespaces(), rights);
    if (containers.stream().anyMatch(other -> other.spec().name().equals(spec.name()))) {
      throw new IllegalArgumentException(
          "name \"%s\": a container of this engine has it already".formatted(spec.name()));
    }
    Path folder = run.folderOf(spec.name());
    Optional<SubordinateIds> ids =
        spec.rootless() && spec.namespaces().ids() == IdMap.RANGES
            ? Optional.of(SubordinateIds.find(rights))
            : Optional.empty();
    List<Path> layers = layers(spec.files().root());
    Optional<Cgroup> cgroup = cgroup(spec);
    Optional<Wiring> wiring =
        spec.network() instanceof Network.Bridge
            ? Optional.of(networkSwitch.reserve())
            : Optional.empty();
    List<Step> plan =
        Plan.of(
            spec,
            new Plan.Ground(
                layers,
                folder,
                rights.uid(),
                rights.gid(),
                cgroup,
                wiring,
                joining,
                ids,
                hierarchies(spec)));
    Container container =
        new LiveContainer(
            spec,
            plan,
            folder,
            workshop(),
            closed -> {
              containers.remove(closed);
              wiring.ifPresent(networkSwitch::release);
            });
    containers.add(container);
    return container;
  }

  /** The cgroup that its limits ask for; asked anew each time, since rights can be granted. */
  private Optional<Cgroup> cgroup(ContainerSpec spec) {
    if (!spec.limits().wanted() && !(Plan.guardsDevices(spec) && rights.privileged())) {
      return Optional.empty();
    }
    return switch (Delegation.find()) {
      case Delegation.Granted(Driver driver) -> {
        List<String> problems = driver.problems(spec.limits());
        if (!problems.isEmpty()) {
          throw new InvalidSpecException(problems);
        }
        yield Optional.of(Cgroup.of(driver, run.id(), spec.name()));
      }
      // Devices can be guarded in another way.
      case Delegation.Refused ignored when !spec.limits().wanted() -> Optional.empty();
      case Delegation.Refused(String why, String remedy) ->
          throw new InvalidSpecException(
              List.of("limits need a cgroup, but " + why + ": " + remedy));
    };
  }

  /** Those that a cgroup namespace shows its part of. */
  private static List<Hierarchy> hierarchies(ContainerSpec spec) {
    return spec.files().sys() && spec.namespaces().apart(NamespaceType.CGROUP)
        ? Cgroups.find().hierarchies()
        : List.of();
  }

  private List<Path> layers(Root root) {
    return switch (root) {
      case Root.Host ignored -> List.of();
      case Root.Folder folder -> List.of(folder.rootfs().toAbsolutePath());
      case Root.Image image -> {
        try {
          List<Path> layers = images.layers(image.reference());
          // A root of no layers would be the host's own.
          if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                "image \"%s\": it has no layer, so there is nothing in it that could run"
                    .formatted(image.reference()));
          }
          yield layers;
        } catch (IOException e) {
          String advice = Diagnosis.of(e, run.folder());
          throw new UncheckedIOException(
              "image \"%s\" cannot be built: %s%s"
                  .formatted(
                      image.reference(), e.getMessage(), advice.isEmpty() ? "" : ": " + advice),
              e);
        }
      }
    };
  }

  @Override
  public ContainerProcess exec(int target, Program program, Stdio streams) {
    return unlessClosed(() -> {
      LiveExecution begun =
          LiveExecution.start(
              workshop(), "process " + target, target, program, streams, Optional.empty());
      executions.add(begun);
      var _ = begun.exited().whenComplete((status, lost) -> executions.remove(begun));
      return begun;
    });
  }

  @Override
  public List<WrittenChange> changes(String container) throws IOException {
    return WrittenLayer.of(registered(container)).changes();
  }

  @Override
  public Committed commit(String container, CommitRequest request) throws IOException {
    return Committing.of(images, workshop(), registered(container), request)
        .run(Progress.UNTIL_INTERRUPTED);
  }

  private Registry.Entry registered(String container) throws IOException {
    return new Registry(run.state()).only(container);
  }

  @Override
  public Build build(BuildRequest request) {
    if (!request.name().matches("[A-Za-z0-9][A-Za-z0-9-]{0,20}")) {
      throw new IllegalArgumentException(
          "build \"%s\": use up to 21 letters, digits and dashes".formatted(request.name()));
    }
    return unlessClosed(() -> {
      LiveBuild build = new LiveBuild(request, images, rights.privileged(), this::prepare, facts);
      builds.add(build);
      var _ = build.built().whenComplete((image, problem) -> builds.remove(build));
      build.begin();
      return build;
    });
  }

  private Workshop workshop() {
    return new Workshop(run, stubs, networkSwitch, facts);
  }

  @Override
  public void signal(int pid, int signal) {
    stubs.make(Calls.kill(pid, signal));
  }

  @Override
  public void close() {
    making.writeLock().lock();
    try {
      closed = true;
    } finally {
      making.writeLock().unlock();
    }
    List.copyOf(builds).forEach(Build::close);
    executions.forEach(ContainerProcess::close);
    List.copyOf(containers).forEach(Container::close);
    networkSwitch.close();
    stubs.close();
    lookers.close();
    run.close();
  }
}
