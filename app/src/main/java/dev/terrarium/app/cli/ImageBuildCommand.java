package dev.terrarium.app.cli;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.build.Build;
import dev.terrarium.engine.build.BuildException;
import dev.terrarium.engine.build.BuildRequest;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.spec.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds an image from a Dockerfile, an instruction after the other, and says why each runs. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Build an image from the Dockerfile of a folder. Each instruction that runs something does so"
          + " in a container of its own; what was built before is taken again, and if not, the"
          + " reason is said. SOURCE_DATE_EPOCH in the environment is the time of all that is new."
    })
final class ImageBuildCommand implements Callable<Integer> {
  /** What a shell reports of a program that SIGINT ended, less the signal's number. */
  private static final int SIGNALLED = 128;

  private final Streams streams;

  @Parameters(paramLabel = "DIR", description = "The build context: what COPY can take.")
  private Path context = Path.of(".");

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "REF",
      description = "What the image is called. Default: nothing; its digest is printed.")
  private @Nullable String reference;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The Dockerfile. Default: DIR/Dockerfile.")
  private @Nullable Path file;

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "The stage that is wanted, by name or number. Default: the last one.")
  private @Nullable String target;

  @Option(
      names = "--build-arg",
      paramLabel = "KEY=VALUE",
      description = "A value for ARG; KEY alone takes it from the environment. Can be repeated.")
  private List<String> arguments = new ArrayList<>();

  @Option(names = "--no-cache", description = "Take nothing that was built before.")
  private boolean noCache;

  /** What the containers of RUN reach. */
  enum Reach {
    /** Themselves. */
    NONE,
    /** The host and what is beyond it. */
    BRIDGE
  }

  @Option(
      names = "--network",
      paramLabel = "none|bridge",
      defaultValue = "none",
      description = "What RUN reaches: nothing, or what the host reaches. Default: none.")
  private Reach reach = Reach.NONE;

  @Option(
      names = "--progress",
      paramLabel = "plain|json",
      defaultValue = "plain",
      description = "As text to standard error, or each event as JSON to standard output.")
  private BuildProgress.Form form = BuildProgress.Form.PLAIN;

  ImageBuildCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    BuildRequest request = request();
    AtomicInteger signal = new AtomicInteger();
    try (Engine engine =
            Engine.open(StateFolder.standard().path(), new BuildProgress(streams, form));
        Build build = engine.build(request)) {
      ForwardedSignals.to(
          number -> {
            signal.set(number);
            build.cancel();
          },
          List.of("INT", "TERM", "HUP"));
      Build.Built built = build.built().get();
      if (form == BuildProgress.Form.PLAIN) {
        streams.out().println(built.reference().orElse(built.manifest()));
      }
      return ExitCodes.OK;
    } catch (ExecutionException | CancellationException e) {
      if (signal.get() != 0) {
        streams.say("terrarium image build: interrupted; nothing of this step is left");
        return SIGNALLED + signal.get();
      }
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private static RuntimeException failure(Throwable cause) {
    return cause instanceof BuildException
        ? Failure.of(String.valueOf(cause.getMessage()), cause)
        : Failure.of(ErrorLine.of(cause), cause);
  }

  private BuildRequest request() {
    return new BuildRequest(
        "build-" + ProcessHandle.current().pid(),
        context,
        file == null ? context.resolve("Dockerfile") : file,
        Optional.ofNullable(reference),
        Optional.ofNullable(target),
        given(),
        !noCache,
        reach == Reach.NONE ? new Network.Loopback() : new Network.Bridge(true),
        epoch());
  }

  private Map<String, String> given() {
    Map<String, String> given = new TreeMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw Failure.usage("--build-arg: '" + argument + "' is not KEY=VALUE");
      }
      String value = equals < 0 ? System.getenv(name) : argument.substring(equals + 1);
      if (value != null) {
        given.put(name, value);
      }
    }
    return given;
  }

  private static OptionalLong epoch() {
    String text = System.getenv().getOrDefault("SOURCE_DATE_EPOCH", "");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,11}")) {
      throw Failure.usage("SOURCE_DATE_EPOCH: '" + text + "' is not seconds since 1970");
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
