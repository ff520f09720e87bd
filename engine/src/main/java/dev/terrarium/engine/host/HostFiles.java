package dev.terrarium.engine.host;

import dev.terrarium.engine.cgroup.Cgroups;
import dev.terrarium.engine.cgroup.Delegation;
import dev.terrarium.engine.cgroup.Driver;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be known of the host by reading alone. */
public final class HostFiles {
  private HostFiles() {}

  /** One finding per subject. */
  public static List<Finding> read(Path stateFolder) {
    List<Finding> findings = new ArrayList<>();
    findings.add(kernel());
    findings.add(userNamespaces());
    findings.add(overlay());
    findings.add(stateFolder(stateFolder));
    findings.add(cgroups());
    findings.add(seccomp());
    findings.add(terminals());
    return findings;
  }

  private static Finding kernel() {
    return ok(
        "kernel",
        "Linux " + text("/proc/sys/kernel/osrelease") + " on " + System.getProperty("os.arch"));
  }

  private static Finding userNamespaces() {
    if (!Files.exists(Path.of("/proc/self/ns/user"))) {
      return new Finding("user-namespaces", Level.MISSING, "this kernel is built without them", "");
    }
    String limit = text("/proc/sys/user/max_user_namespaces");
    if (limit.equals("0")) {
      return new Finding(
          "user-namespaces",
          Level.MISSING,
          "user.max_user_namespaces is 0",
          "sudo sysctl user.max_user_namespaces=15000");
    }
    if (text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
      return new Finding(
          "user-namespaces",
          Level.LIMITED,
          "AppArmor restricts them for ordinary users",
          "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0");
    }
    if (text("/proc/sys/kernel/unprivileged_userns_clone").equals("0")) {
      return new Finding(
          "user-namespaces",
          Level.LIMITED,
          "switched off for ordinary users",
          "sudo sysctl kernel.unprivileged_userns_clone=1");
    }
    return ok("user-namespaces", "allowed, up to " + limit);
  }

  private static Finding overlay() {
    boolean there = text("/proc/filesystems").lines().anyMatch(line -> line.endsWith("\toverlay"));
    return there
        ? ok("overlayfs", "the kernel has it")
        : new Finding(
            "overlayfs", Level.LIMITED, "not loaded, or not there", "sudo modprobe overlay");
  }

  private static Finding stateFolder(Path folder) {
    Path nearest = folder;
    while (nearest.getParent() != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    String choose = "set TERRARIUM_STATE to a folder of your own";
    if (!Files.isWritable(nearest)) {
      return new Finding("state-folder", Level.MISSING, nearest + " cannot be written", choose);
    }
    try {
      FileStore store = Files.getFileStore(nearest);
      String where =
          "%s on %s, %d MiB free"
              .formatted(folder, store.type(), store.getUsableSpace() / (1024 * 1024));
      if (store.type().toLowerCase(Locale.ROOT).contains("overlay")) {
        return new Finding(
            "state-folder",
            Level.LIMITED,
            where + "; a writable layer cannot lie on another overlay",
            "set TERRARIUM_STATE to a folder on a disk or a tmpfs, such as /run/terrarium");
      }
      return store.getUsableSpace() < 16L * 1024 * 1024
          ? new Finding("state-folder", Level.LIMITED, where, choose)
          : ok("state-folder", where);
    } catch (IOException e) {
      return new Finding("state-folder", Level.LIMITED, nearest + ": " + e.getMessage(), choose);
    }
  }

  /** Which versions are mounted, and what of them is ours to use. */
  private static Finding cgroups() {
    Cgroups cgroups = Cgroups.find();
    String versions =
        switch (cgroups.layout()) {
          case NONE -> "no hierarchy is mounted";
          case V1 -> "version 1";
          case V2 -> "version 2";
          case HYBRID -> "hybrid: version 1 and version 2 side by side";
        };
    return switch (Delegation.find()) {
      case Delegation.Granted(Driver driver) -> controllers(versions, driver);
      case Delegation.Refused(String why, String remedy) ->
          new Finding("cgroups", Level.LIMITED, versions + "; no limits, because " + why, remedy);
    };
  }

  private static Finding controllers(String versions, Driver driver) {
    String has =
        Driver.CONTROLLERS.stream()
            .filter(driver.controllers()::contains)
            .collect(Collectors.joining(", "));
    List<String> problems = driver.problems(Limits.EVERY_KIND);
    return problems.isEmpty()
        ? ok("cgroups", versions + "; controllers " + has)
        : new Finding(
            "cgroups",
            Level.LIMITED,
            versions + "; only the controllers " + has,
            String.join("; ", problems));
  }

  private static Finding seccomp() {
    return text("/proc/sys/kernel/seccomp/actions_avail").contains("user_notif")
        ? ok("seccomp", "filters and user notification")
        : new Finding("seccomp", Level.LIMITED, "no user notification", "");
  }

  private static Finding terminals() {
    return Files.isWritable(Path.of("/dev/ptmx"))
        ? ok("terminals", "/dev/ptmx can be opened")
        : new Finding(
            "terminals",
            Level.MISSING,
            "/dev/ptmx cannot be opened",
            "mount -t devpts devpts /dev/pts, or mend the rights of /dev/ptmx");
  }

  private static Finding ok(String subject, String found) {
    return new Finding(subject, Level.OK, found, "");
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
