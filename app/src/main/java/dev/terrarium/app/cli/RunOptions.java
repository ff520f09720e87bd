package dev.terrarium.app.cli;

import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.syscall.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} is told, and the container that it means. */
final class RunOptions {
  private static final int SIGTERM = 15;

  @Option(names = "--name", paramLabel = "NAME", description = "Its name. Default: run-PID.")
  private @Nullable String name;

  @Option(
      names = "--bare",
      description = {
        "The plainest container: namespaces, a root and /proc, and nothing else unless asked for."
            + " Default: what Docker gives it, /dev, /sys, hidden paths, fewer capabilities, a"
            + " filter of system calls, a cgroup."
      })
  private boolean bare;

  @Option(
      names = "--keep",
      description = "When it has ended, keep what it wrote, until ./terrarium rm NAME.")
  private boolean keep;

  @Option(
      names = "--log",
      description = {
        "What it prints goes into a log, which ./terrarium logs NAME shows, and not here; it reads"
            + " nothing."
      })
  private boolean log;

  @Option(
      names = "--wire",
      description = {
        "Print to standard error what its programs call that changes files, mounts, names,"
            + " namespaces or processes, as they do; with --trace=json as JSON."
      })
  private boolean wire;

  @Option(
      names = "--entrypoint",
      paramLabel = "PROGRAM",
      description = "In place of the image's entrypoint and command; CMD is its arguments.")
  private @Nullable String entrypoint;

  @Option(
      names = "--stop-signal",
      paramLabel = "SIGNAL",
      description = "By which ./terrarium stop asks it to end. Default: the image's, or TERM.")
  private @Nullable String stopSignal;

  @ArgGroup(validate = false, heading = "%nIts program:%n", order = 1)
  private ProcessOptions process = new ProcessOptions();

  @ArgGroup(validate = false, heading = "%nIts files:%n", order = 2)
  private FileOptions files = new FileOptions();

  @ArgGroup(validate = false, heading = "%nIts namespaces and network:%n", order = 3)
  private NamespaceOptions namespaces = new NamespaceOptions();

  @ArgGroup(
      validate = false,
      heading = "%nIts limits, kept by a cgroup (SIZE: 64m, 1g):%n",
      order = 4)
  private LimitOptions limits = new LimitOptions();

  @ArgGroup(validate = false, heading = "%nWhat it is kept from:%n", order = 5)
  private HardeningOptions hardening = new HardeningOptions();

  @Parameters(
      paramLabel = "[IMAGE] [--] CMD ARG",
      description = {
        "The image (unless --rootfs names a folder), the program and its arguments; without them"
            + " what the image says."
      })
  private List<String> words = new ArrayList<>();

  /** Whether its own calls are to be heard. */
  boolean wired() {
    return wire;
  }

  /** Whether what it wrote is kept when it has ended. */
  boolean keep() {
    return keep;
  }

  /**
   * The container that was asked for.
   *
   * @param privileged whether this process has root's rights on the host
   */
  ContainerSpec spec(boolean privileged) throws IOException {
    Containers containers = new Containers();
    if (name != null) {
      containers.free(name);
    }
    Stdio stdio = stdio();
    Namespaces own = namespaces.namespaces(privileged, containers);
    Optional<Integer> whose = Optional.ofNullable(own.joined().get(NamespaceType.MNT));
    Root root = root(whose.isPresent());
    RootFacts facts = whose.isPresent() ? RootFacts.ofProcess(whose.get()) : RootFacts.of(root);
    Optional<ImageConfig> config = facts.config();
    ContainerSpec spec =
        ContainerSpec.of(
                name == null ? "run-" + ProcessHandle.current().pid() : name,
                own.fresh(),
                root,
                Proc.NONE,
                List.of())
            .withNamespaces(own)
            .withFiles(files(root, own, config))
            .withProgram(program(facts, root))
            .withStdio(stdio)
            .withLimits(limits.limits(counted()))
            .withNetwork(namespaces.network(own, bare))
            .withHardening(hardening.hardening(bare))
            .withStopSignal(stopSignal(config))
            .withWire(wire);
    return namespaces.hostname().map(spec::withHostname).orElse(spec);
  }

  private Filesystem files(Root root, Namespaces own, Optional<ImageConfig> config) {
    if (root instanceof Root.Host) {
      return files.files(root, Proc.NONE, true, List.of());
    }
    return files.files(
        root,
        own.apart(NamespaceType.PID) ? Proc.NEW : Proc.HOST,
        bare,
        config.map(ImageConfig::volumes).orElse(List.of()));
  }

  private Stdio stdio() {
    Stdio stdio = process.stdio();
    if (!log) {
      return stdio;
    }
    if (stdio == Stdio.TERMINAL) {
      throw Failure.usage("--log and -t exclude each other: a terminal keeps no log");
    }
    return Stdio.LOG;
  }

  /** What it uses is counted, and it can be paused, wherever that needs no further right. */
  private boolean counted() {
    return (!bare || files.cgroupAware())
        && limits.limits(false).equals(Limits.NONE)
        && Delegation.find() instanceof Delegation.Granted;
  }

  /** With a mount namespace that is joined come its files: then there is no image. */
  private Root root(boolean joined) {
    Optional<Path> folder = files.rootfs();
    if (joined && folder.isEmpty()) {
      return new Root.Host();
    }
    if (folder.isPresent()) {
      return new Root.Folder(folder.get());
    }
    if (words.isEmpty()) {
      throw Failure.usage("IMAGE is missing; try: ./terrarium run lesson -- /bin/sh -c 'echo $$'");
    }
    return new Root.Image(words.getFirst());
  }

  private Program program(RootFacts facts, Root root) {
    Supplier<Accounts> accounts = memoized(facts);
    Optional<ImageConfig> config = facts.config();
    User user = process.user(config.map(ImageConfig::user).orElse(""), accounts);
    return new Program(
        argv(config, root),
        process.environment(config.map(ImageConfig::env).orElse(List.of()), user, accounts),
        process
            .workdir()
            .or(() -> config.map(ImageConfig::workdir).filter(folder -> !folder.isEmpty()))
            .orElse("/"),
        user);
  }

  private static Supplier<Accounts> memoized(RootFacts facts) {
    List<Accounts> known = new ArrayList<>();
    return () -> {
      if (known.isEmpty()) {
        known.add(facts.accounts());
      }
      return known.getFirst();
    };
  }

  /** The image's entrypoint, then the words given here or else the image's command. */
  private List<String> argv(Optional<ImageConfig> config, Root root) {
    List<String> given = given(root);
    List<String> argv = new ArrayList<>();
    if (entrypoint != null) {
      if (!entrypoint.isEmpty()) {
        argv.add(entrypoint);
      }
      argv.addAll(given);
    } else {
      argv.addAll(config.map(ImageConfig::entrypoint).orElse(List.of()));
      argv.addAll(given.isEmpty() ? config.map(ImageConfig::cmd).orElse(List.of()) : given);
    }
    if (argv.isEmpty()) {
      throw Failure.usage(
          "CMD is missing%s: what is to run in it? Such as: /bin/sh -c 'echo $$'"
              .formatted(
                  config.isPresent() ? ", and image " + words.getFirst() + " names none" : ""));
    }
    return argv;
  }

  private List<String> given(Root root) {
    int from = root instanceof Root.Image ? 1 : 0;
    if (words.size() > from && words.get(from).equals("--")) {
      from++;
    }
    return words.subList(Math.min(from, words.size()), words.size());
  }

  private int stopSignal(Optional<ImageConfig> config) {
    String signal =
        stopSignal != null
            ? stopSignal
            : config
                .flatMap(own -> own.raw("StopSignal"))
                .map(json -> json.replace("\"", ""))
                .filter(text -> !text.isEmpty())
                .orElse("");
    if (signal.isEmpty()) {
      return SIGTERM;
    }
    return Signals.number(signal)
        .orElseThrow(() ->
            Failure.usage("--stop-signal: '" + signal + "' is no signal; use TERM, QUIT, 15"));
  }
}
