package dev.terrarium.engine.death;

import dev.terrarium.engine.cgroup.Delegation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What others have on the host, under names that look like the engine's: who cleans up too much
 * kills it. A process, a mount in its own mount namespace and one in the host's, a cgroup with a
 * member, an interface, packet rules, files.
 */
final class Canary implements AutoCloseable {
  static final String CGROUP = "99999-1-canary";
  private static final String LINK = "tr-99999";

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> cgroups = new ArrayList<>();

  private Canary(Path folder) {
    this.folder = folder;
  }

  /** Puts all of it there, in what is a host of this process's own. */
  static Canary plant(Path folder) throws IOException, InterruptedException {
    Canary canary = new Canary(folder);
    Path precious = Files.createDirectories(folder.resolve("precious"));
    Files.writeString(precious.resolve("file"), "precious");
    Path mounted = Files.createDirectories(folder.resolve("merged"));
    run("mount", "--bind", precious.toString(), mounted.toString());
    Process apart =
        new ProcessBuilder(
                "setsid",
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs overlay /mnt && exec sleep " + Story.SLEEP)
            .start();
    canary.processes.add(apart);
    while (!mounts(apart.pid()).contains(" /mnt ")) {
      Thread.sleep(5);
    }
    run("ip", "link", "add", LINK, "type", "bridge");
    if (hasNft()) {
      run("nft", "add", "table", "ip", LINK);
    }
    if (Delegation.find() instanceof Delegation.Granted(var driver)) {
      for (Path top : driver.folders(Delegation.TOP + "/" + CGROUP + "/victim")) {
        canary.cgroups.add(Files.createDirectories(top));
      }
      for (Path cgroup : canary.cgroups) {
        if (!cgroup.toString().contains("cpuset")) {
          Files.writeString(
              cgroup.resolve("cgroup.procs"), Long.toString(apart.pid()), StandardOpenOption.WRITE);
        }
      }
    }
    return canary;
  }

  static boolean hasNft() {
    return Stream.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft")
        .anyMatch(path -> Files.isExecutable(Path.of(path)));
  }

  /** What is wrong with it, a line each. */
  List<String> ails() throws IOException {
    List<String> ails = new ArrayList<>();
    for (Process process : processes) {
      if (!process.isAlive()) {
        ails.add("a process is dead");
      } else if (!mounts(process.pid()).contains(" /mnt ")) {
        ails.add("a mount in another mount namespace is gone");
      }
    }
    for (Path cgroup : cgroups) {
      if (!Files.isDirectory(cgroup)) {
        ails.add(cgroup + " is gone");
      } else if (!cgroup.toString().contains("cpuset") && members(cgroup).isBlank()) {
        ails.add("nobody is in " + cgroup);
      }
    }
    if (!Files.readString(folder.resolve("precious/file")).equals("precious")) {
      ails.add("a bound folder has changed");
    }
    return ails;
  }

  private static String members(Path cgroup) throws IOException {
    Path members = cgroup.resolve("cgroup.procs");
    return Files.exists(members) ? Files.readString(members) : "";
  }

  private static String mounts(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/mountinfo"));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      uproot();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void uproot() throws IOException, InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (Path cgroup : cgroups) {
      while (!members(cgroup).isBlank()) {
        Thread.sleep(5);
      }
      Files.deleteIfExists(cgroup);
      Files.deleteIfExists(cgroup.getParent());
      try {
        Files.deleteIfExists(cgroup.getParent().getParent());
      } catch (IOException e) {
        // Somebody else's is in it as well.
      }
    }
    run("ip", "link", "delete", LINK);
    run("umount", folder.resolve("merged").toString());
  }
}
