package dev.terrarium.engine.bench;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.journal.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The peers of a container's start, each doing what a {@link Shape} says as nearly as it can. */
final class PeerRuntime {
  /**
   * Those that were looked for.
   *
   * @param missing by name
   */
  record Peers(List<Contender> installed, List<String> missing) {}

  /** Podman wants a path of no more than 50 characters. */
  private static final Path RUN_ROOT =
      Path.of("/tmp/terrarium-bench-" + ProcessHandle.current().pid());

  private final Path root;
  private final Path folder;
  private final boolean rootless;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Contender> installed = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private PeerRuntime(Path root, Path folder, boolean rootless) {
    this.root = root;
    this.folder = folder;
    this.rootless = rootless;
  }

  /**
   * The peers of that shape.
   *
   * @param root the root file system
   * @param folder an empty one, for what they want to read and write
   */
  static Peers of(Shape shape, Path root, Path folder) throws IOException, InterruptedException {
    PeerRuntime peers = new PeerRuntime(root, folder, !Rights.current().privileged());
    switch (shape) {
      case PLAIN -> {
        peers.command("(a process)", "true", List.of());
        peers.command("bubblewrap", "bwrap", peers.bubblewrap());
        peers.command("unshare", "unshare", peers.unshare());
        // On hosts with both versions crun may refuse to work with a cgroup.
        peers.oci("crun", List.of("--cgroup-manager=disabled"), peers.plainConfig());
        peers.oci("runc", List.of(), peers.plainConfig());
      }
      case COUNTED -> {
        peers.oci("crun", List.of("--cgroup-manager=cgroupfs"), peers.plainConfig());
        peers.oci("runc", List.of(), peers.plainConfig());
      }
      case USUAL, USUAL_UNCOUNTED -> {
        peers.oci("crun", crunManager(shape), peers.defaultConfig("crun"));
        peers.oci("runc", List.of(), peers.defaultConfig("runc"));
        peers.command("podman", "podman", peers.podman(List.of()));
        peers.command("podman with runc", "podman", peers.podman(List.of("--runtime=runc")));
        peers.docker();
      }
    }
    return new Peers(List.copyOf(peers.installed), List.copyOf(peers.missing));
  }

  private static List<String> crunManager(Shape shape) {
    return List.of("--cgroup-manager=" + (shape == Shape.USUAL ? "cgroupfs" : "disabled"));
  }

  /** A peer that is one command. */
  private void command(String name, String program, List<String> arguments) {
    Optional<Path> found = Programs.find(program);
    if (found.isEmpty()) {
      missing.add(name);
      return;
    }
    List<String> command =
        Stream.concat(Stream.of(found.get().toString()), arguments.stream()).toList();
    installed.add(new Contender(name, () -> Programs.run(command)));
  }

  private List<String> bubblewrap() {
    return List.of(
        "--unshare-pid",
        "--unshare-uts",
        "--unshare-ipc",
        "--unshare-net",
        "--bind",
        root.toString(),
        "/",
        "--proc",
        "/proc",
        "/bin/true");
  }

  private List<String> unshare() {
    List<String> arguments = new ArrayList<>();
    if (rootless) {
      arguments.addAll(List.of("--user", "--map-root-user"));
    }
    arguments.addAll(
        List.of(
            "--pid",
            "--fork",
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--root=" + root,
            "--mount-proc",
            "/bin/true"));
    return arguments;
  }

  private List<String> podman(List<String> options) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            "--root=" + folder.resolve("podman"),
            "--runroot=" + RUN_ROOT,
            "--cgroup-manager=cgroupfs",
            "--events-backend=file",
            "run",
            "--rm",
            "--network=none",
            // More than its own limits nobody may give who lacks CAP_SYS_RESOURCE.
            "--ulimit=nofile=1024:1024",
            "--ulimit=nproc=4096:4096",
            "--rootfs",
            root + ":O",
            "/bin/true"));
    return arguments;
  }

  /** An image is made of the root the first time; each container is removed, the image stays. */
  private void docker() {
    String image = "terrarium-bench:" + ProcessHandle.current().pid();
    Optional<Path> docker = Programs.find("docker").filter(PeerRuntime::answers);
    if (docker.isEmpty()) {
      missing.add("docker with a running daemon");
      return;
    }
    String program = docker.get().toString();
    installed.add(
        new Contender(
            "docker",
            () -> {
              if (count.getAndIncrement() == 0) {
                Programs.run(
                    List.of(
                        "sh",
                        "-c",
                        "tar -C \"$1\" -c . | \"$2\" import - \"$3\"",
                        "sh",
                        root.toString(),
                        program,
                        image));
              }
              Programs.run(List.of(program, "run", "--rm", "--network=none", image, "/bin/true"));
            }));
  }

  private static boolean answers(Path docker) {
    try {
      Programs.run(List.of(docker.toString(), "version"));
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What podman has mounted below that folder, and leaves to whoever resets its storage. */
  static void tidy(Path folder) throws IOException, InterruptedException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String mounted = line.split(" ")[4];
      if (Path.of(mounted).startsWith(folder)) {
        Programs.run(List.of("umount", "-l", mounted));
      }
    }
    Trees.remove(RUN_ROOT);
  }

  private void oci(String runtime, List<String> options, String config) throws IOException {
    Optional<Path> program = Programs.find(runtime);
    if (program.isEmpty()) {
      missing.add(runtime);
      return;
    }
    Path bundle = Files.createDirectory(folder.resolve(runtime));
    Files.writeString(bundle.resolve("config.json"), config);
    String state = bundle.resolve("state").toString();
    installed.add(
        new Contender(
            runtime,
            () -> {
              List<String> command = new ArrayList<>(List.of(program.get().toString()));
              command.addAll(options);
              command.addAll(List.of("--root", state, "run", "--bundle", bundle.toString()));
              command.add(
                  "terrarium-bench-%d-%d"
                      .formatted(ProcessHandle.current().pid(), count.incrementAndGet()));
              Programs.run(command);
            }));
  }

  /** What the runtime itself proposes, with another root and program. */
  private String defaultConfig(String runtime) throws IOException, InterruptedException {
    Optional<Path> program = Programs.find(runtime);
    if (program.isEmpty()) {
      return "";
    }
    Path proposal = Files.createDirectory(folder.resolve(runtime + "-proposal"));
    List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\""));
    command.addAll(List.of(proposal.toString(), program.get().toString(), "spec"));
    if (rootless) {
      command.add("--rootless");
    }
    Programs.run(command);
    return Files.readString(proposal.resolve("config.json"))
        .replaceFirst("\"terminal\": *true", "\"terminal\": false")
        .replaceFirst("\"sh\"", "\"/bin/true\"")
        .replaceFirst("\"path\": *\"rootfs\"", "\"path\": \"" + root + "\"");
  }

  private String plainConfig() {
    String mappings =
        rootless
            ? "\"uidMappings\": [{\"containerID\": 0, \"hostID\": %d, \"size\": 1}],"
                    .formatted(Rights.current().uid())
                + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": %d, \"size\": 1}],"
                    .formatted(Rights.current().gid())
            : "";
    return """
    {"ociVersion": "1.0.2",
     "process": {"user": {"uid": 0, "gid": 0}, "args": ["/bin/true"], "env": ["PATH=/bin"],
                 "cwd": "/", "noNewPrivileges": true},
     "root": {"path": "%s", "readonly": true},
     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
     "linux": {%s "namespaces": [%s{"type": "pid"}, {"type": "mount"}, {"type": "uts"},
                                 {"type": "ipc"}, {"type": "network"}]}}
    """
        .formatted(root, mappings, rootless ? "{\"type\": \"user\"}, " : "");
  }
}
