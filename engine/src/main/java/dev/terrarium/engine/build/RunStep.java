package dev.terrarium.engine.build;

import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.commit.WrittenLayer;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.container.ContainerFolder;
import dev.terrarium.engine.fact.BuildStep;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Program;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.step.LayerStep;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * RUN: a container of the layers so far, and what it wrote as one more layer.
 *
 * <pre>
 *   layers so far ─▶ container ─▶ program ─▶ status 0 ─▶ its writable layer, packed
 *                                    └─────▶ otherwise the build ends
 * </pre>
 */
final class RunStep {
  private final Workplace place;
  private final BuildStep step;
  private final Image image;
  private final ImageConfig config;

  RunStep(Workplace place, BuildStep step, Image image, ImageConfig config) {
    this.place = place;
    this.step = step;
    this.image = image;
    this.config = config;
  }

  /** Runs it to its end. */
  ImageStore.Packed run(
      List<String> argv, String input, Map<String, String> variables, Network network)
      throws IOException, InterruptedException {
    try (Container container = place.container(spec(argv, variables, network))) {
      container.start();
      Thread out = listen(container.stdout().orElseThrow(), false);
      Thread err = listen(container.stderr().orElseThrow(), true);
      feed(container.stdin().orElseThrow(), input);
      ExitStatus status = place.await(container);
      // The end of process 1 ends all others: the pipes have no writer left.
      out.join();
      err.join();
      if (!status.equals(new ExitStatus.Exited(0))) {
        throw new BuildException(
            "%s: %s: %s".formatted(step.place(), step.text(), shown(status)), Optional.of(status));
      }
      return pack(container);
    }
  }

  private static String shown(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited(int code) -> "exit status " + code;
      case ExitStatus.Killed(int signal) -> "killed by signal " + signal;
    };
  }

  private ContainerSpec spec(List<String> argv, Map<String, String> variables, Network network)
      throws IOException {
    Set<NamespaceType> kinds = Namespaces.usual(place.privileged());
    Root root = new Root.Image(image.manifest().toString());
    return ContainerSpec.of(
            place.request().name() + "-" + step.stage() + "-" + step.number(),
            kinds,
            root,
            Proc.NEW,
            argv)
        .withFiles(Filesystem.usual(root, Proc.NEW))
        .withHostname("build")
        .withProgram(program(argv, variables))
        .withNetwork(network)
        .withStdio(Stdio.PIPES)
        .withHardening(Hardening.USUAL.withNoNewPrivileges(false));
  }

  private Program program(List<String> argv, Map<String, String> variables) throws IOException {
    String workdir = config.workdir().isEmpty() ? "/" : config.workdir();
    List<String> environment = Settings.withVariables(config.env(), variables);
    if (environment.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      environment =
          Settings.withVariables(environment, Map.of("PATH", Settings.USUAL_PATH.substring(5)));
    }
    try (LayeredTree tree = LayeredTree.of(place.images(), Optional.of(image))) {
      Accounts accounts = Workplace.accounts(tree);
      Program.User user =
          config.user().isEmpty() ? accounts.user("0") : accounts.user(config.user());
      if (environment.stream().noneMatch(variable -> variable.startsWith("HOME="))) {
        String home =
            accounts
                .account(user.uid())
                .map(Accounts.Account::home)
                .filter(path -> !path.isEmpty())
                .orElse(user.uid() == 0 ? "/root" : "/");
        environment = Settings.withVariables(environment, Map.of("HOME", home));
      }
      return new Program(argv, environment, workdir, user);
    }
  }

  private Thread listen(InputStream pipe, boolean error) {
    return Thread.ofPlatform()
        .daemon()
        .name("build output " + (error ? 2 : 1))
        .start(() -> carry(pipe, error));
  }

  private void carry(InputStream pipe, boolean error) {
    char[] buffer = new char[4096];
    try (Reader reader = new InputStreamReader(pipe, StandardCharsets.UTF_8)) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        place.printed(step, error, new String(buffer, 0, n));
      }
    } catch (IOException e) {
      // The container is gone.
    }
  }

  private static void feed(OutputStream pipe, String input) throws InterruptedException {
    Thread feeder =
        Thread.ofPlatform()
            .daemon()
            .name("build input")
            .start(() -> {
              try (pipe) {
                pipe.write(input.getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                // It has ended without reading all of it, which is its own choice.
              }
            });
    if (input.isEmpty()) {
      feeder.join();
    }
  }

  private ImageStore.Packed pack(Container container) throws IOException {
    Path upper =
        container.plan().stream()
            .filter(LayerStep.MakeWritableLayer.class::isInstance)
            .map(made -> ((LayerStep.MakeWritableLayer) made).upper())
            .findFirst()
            .orElseThrow();
    Path folder = upper.getParent();
    if (folder == null) {
      throw new IOException(upper + " lies in no folder");
    }
    WrittenLayer written =
        WrittenLayer.of(
            new ContainerFolder(folder),
            place.privileged() ? Overlay.TRUSTED : Overlay.USER,
            place.images().folders(image));
    return place.images().pack(written.source(), place.progress());
  }
}
