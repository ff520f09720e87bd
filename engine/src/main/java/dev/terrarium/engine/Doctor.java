package dev.terrarium.engine;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.host.HostFiles;
import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.host.HostReport.Rung;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Examines the host: reads what can be read, and then starts a real container, which is the only
 * proof.
 */
public final class Doctor {
  private Doctor() {}

  /** Everything is undone when it returns. */
  public static HostReport examine(Path stateFolder) {
    List<Finding> findings = new ArrayList<>(HostFiles.read(stateFolder));
    boolean privileged = Rights.current().privileged();
    Finding rights =
        privileged
            ? new Finding("rights", Level.OK, "root", "")
            : new Finding(
                "rights",
                Level.LIMITED,
                "an ordinary user; containers live in a user namespace, without cgroups of their own",
                "sudo ./terrarium");
    findings.addFirst(rights);
    Finding asRoot = privileged ? start(stateFolder, false) : rights;
    Finding rootless = start(stateFolder, true);
    if (privileged) {
      findings.add(asRoot);
    }
    findings.add(rootless);
    return new HostReport(rung(privileged, asRoot, rootless), findings);
  }

  private static Rung rung(boolean privileged, Finding asRoot, Finding rootless) {
    if (privileged && asRoot.level() == Level.OK) {
      return Rung.ROOT;
    }
    return rootless.level() == Level.OK ? Rung.ROOTLESS : Rung.READ_ONLY;
  }

  /** A container with everything that the first lesson needs. */
  private static Finding start(Path stateFolder, boolean rootless) {
    String subject = rootless ? "container-rootless" : "container";
    Set<NamespaceType> namespaces =
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS);
    if (rootless) {
      namespaces.add(NamespaceType.USER);
    }
    try (Engine engine = Engine.open(stateFolder, fact -> {});
        Container container =
            engine.prepare(
                ContainerSpec.of(
                        "doctor",
                        namespaces,
                        new Root.Image(engine.lessonImage()),
                        Proc.NEW,
                        List.of("/bin/true"))
                    .withHostname("doctor"))) {
      long begin = System.nanoTime();
      container.start();
      ExitStatus status = container.exited().get(10, TimeUnit.SECONDS);
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
      if (status.shellStatus() != 0) {
        return new Finding(subject, Level.MISSING, "its program ended with " + status, "");
      }
      return new Finding(
          subject, Level.OK, "started, run and reaped in %.1f ms".formatted(micros / 1000.0), "");
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      return new Finding(subject, Level.MISSING, String.valueOf(e.getMessage()), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(subject, Level.MISSING, "interrupted", "");
    }
  }
}
