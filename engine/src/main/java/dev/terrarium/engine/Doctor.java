package dev.terrarium.engine;

import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.host.Examination;
import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.host.HostReport.Rung;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.netlink.Netlink;
import dev.terrarium.engine.netlink.NfTables;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Examines the host: reads what can be read, and then starts a real container, and makes a packet
 * filter in a net namespace of its own, which are the only proofs.
 */
public final class Doctor {
  private static final Path NS = Path.of("/proc/self/ns");
  private static final String ROOTLESS = "container-rootless";

  private Doctor() {}

  /** Everything is undone when it returns. */
  public static HostReport examine(Path stateFolder) {
    List<Finding> findings = new ArrayList<>(Examination.read(stateFolder));
    boolean privileged = Rights.current().privileged();
    findings.addFirst(
        privileged
            ? new Finding("rights", Level.OK, "root", "")
            : new Finding(
                "rights",
                Level.LIMITED,
                "an ordinary user; containers live in a user namespace",
                "sudo ./terrarium"));
    List<Finding> trials = new ArrayList<>();
    if (privileged) {
      trials.add(start(stateFolder, false));
    }
    trials.add(start(stateFolder, true));
    trials.add(filter(stateFolder, privileged));
    if (trials.stream().anyMatch(trial -> trial.level() != Level.OK)) {
      // Where everything works nobody is kept from anything.
      Examination.confinement().ifPresent(findings::add);
    }
    findings.addAll(trials);
    return new HostReport(rung(privileged, trials), findings);
  }

  private static Rung rung(boolean privileged, List<Finding> trials) {
    if (privileged && trials.getFirst().level() == Level.OK) {
      return Rung.ROOT;
    }
    return trials.stream()
            .anyMatch(trial -> trial.subject().equals(ROOTLESS) && trial.level() == Level.OK)
        ? Rung.ROOTLESS
        : Rung.READ_ONLY;
  }

  /** A container with every kind of namespace that this kernel has. */
  private static Finding start(Path stateFolder, boolean rootless) {
    String subject = rootless ? ROOTLESS : "container";
    Set<NamespaceType> namespaces = EnumSet.noneOf(NamespaceType.class);
    for (NamespaceType type : NamespaceType.values()) {
      if (Files.exists(NS.resolve(type.procName())) && (rootless || type != NamespaceType.USER)) {
        namespaces.add(type);
      }
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
      String kinds =
          namespaces.stream().map(NamespaceType::procName).collect(Collectors.joining(", "));
      return new Finding(
          subject,
          Level.OK,
          "started, run and reaped in %.1f ms: overlayfs, and namespaces %s"
              .formatted(micros / 1000.0, kinds),
          "");
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      return new Finding(subject, Level.MISSING, String.valueOf(e.getMessage()), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(subject, Level.MISSING, "interrupted", "");
    }
  }

  /** A rule as it lets a container out into the world, in a net namespace where nobody is. */
  private static Finding filter(Path stateFolder, boolean privileged) {
    String subject = "packet-filter";
    try (Stub stub =
        Stub.start(new StateFolder(stateFolder).stub(Arch.host()), Arch.host(), call -> {})) {
      long user = privileged ? 0 : NamespaceType.USER.cloneFlag();
      stub.make(Calls.unshare(user | NamespaceType.NET.cloneFlag()));
      try (Netlink netlink = Netlink.open(stub, Netlink.Family.NETFILTER)) {
        netlink.change(
            NfTables.masquerade(
                "doctor", (Inet4Address) InetAddress.ofLiteral("10.0.0.0"), 24, "eth0"));
      }
      return new Finding(
          subject,
          privileged ? Level.OK : Level.LIMITED,
          privileged
              ? "nf_tables takes rules: containers can reach what the host reaches"
              : "nf_tables takes rules, but those of the host are root's: containers reach each other only",
          privileged ? "" : "sudo ./terrarium");
    } catch (IOException | RuntimeException e) {
      return new Finding(
          subject,
          Level.LIMITED,
          "no nf_tables, so containers reach each other only: " + e.getMessage(),
          "sudo modprobe -a nf_tables nft_chain_nat nft_masq");
    }
  }
}
