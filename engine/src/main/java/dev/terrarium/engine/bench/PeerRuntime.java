package dev.terrarium.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The peers of a container's start, as far as they are installed and work on this host. */
final class PeerRuntime {
  private PeerRuntime() {}

  /**
   * Those that can do the work here; one that fails its first try is left out.
   *
   * @param root the root file system
   * @param bundle an empty folder for what runc and crun want to read and write
   */
  static List<Contender> installed(Path root, Path bundle, boolean rootless)
      throws IOException, InterruptedException {
    List<Contender> peers = new ArrayList<>();
    bubblewrap(root).ifPresent(peers::add);
    Files.writeString(bundle.resolve("config.json"), config(root, rootless));
    oci("runc", bundle, List.of()).ifPresent(peers::add);
    // No cgroup is part of the work. On hosts with both versions crun may refuse even so.
    oci("crun", bundle, List.of("--cgroup-manager=disabled")).ifPresent(peers::add);
    List<Contender> working = new ArrayList<>();
    for (Contender peer : peers) {
      try {
        peer.work().run();
        working.add(peer);
      } catch (IOException e) {
        // Installed, but not allowed to work here: no peer.
      }
    }
    return working;
  }

  private static Optional<Contender> bubblewrap(Path root) {
    return Programs.find("bwrap")
        .map(program ->
            List.of(
                program.toString(),
                "--unshare-pid",
                "--unshare-uts",
                "--unshare-ipc",
                "--unshare-net",
                "--bind",
                root.toString(),
                "/",
                "--proc",
                "/proc",
                "/bin/true"))
        .map(command -> new Contender("bubblewrap", () -> Programs.run(command)));
  }

  private static Optional<Contender> oci(String runtime, Path bundle, List<String> options) {
    AtomicInteger count = new AtomicInteger();
    String state = bundle.resolve("state-" + runtime).toString();
    return Programs.find(runtime)
        .map(program ->
            new Contender(
                runtime,
                () -> {
                  List<String> command = new ArrayList<>(List.of(program.toString()));
                  command.addAll(options);
                  command.addAll(List.of("--root", state, "run", "--bundle", bundle.toString()));
                  command.add(
                      "terrarium-bench-%d-%d"
                          .formatted(ProcessHandle.current().pid(), count.incrementAndGet()));
                  Programs.run(command);
                }));
  }

  private static String config(Path root, boolean rootless) {
    String mappings =
        rootless
            ? "\"uidMappings\": [{\"containerID\": 0, \"hostID\": %s, \"size\": 1}],"
                    .formatted(id("uid"))
                + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": %s, \"size\": 1}],"
                    .formatted(id("gid"))
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

  private static Object id(String kind) {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:" + kind);
    } catch (IOException e) {
      return 0;
    }
  }
}
