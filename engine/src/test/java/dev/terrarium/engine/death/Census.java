package dev.terrarium.engine.death;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.cgroup.Delegation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** All that there is on a host, of each kind that an engine makes. */
record Census(SortedMap<String, SortedSet<String>> kinds) {

  /**
   * Takes it now.
   *
   * @param state the state folder, of which all files count
   * @param apart processes that do not count
   * @param engines ids of engines whose cgroups count, beside the canary's: the hierarchies are not
   *     this test's alone
   */
  static Census take(Path state, Set<Long> apart, Set<String> engines)
      throws IOException, InterruptedException {
    SortedMap<String, SortedSet<String>> kinds = new TreeMap<>();
    kinds.put("mount", lines(Path.of("/proc/self/mountinfo")));
    kinds.put("process", processes(apart));
    kinds.put("net namespace", netNamespaces());
    kinds.put("cgroup", cgroups(engines));
    kinds.put("interface", new TreeSet<>(Host.interfaces()));
    kinds.put("packet rule", packetRules());
    kinds.put("file", files(state));
    return new Census(kinds);
  }

  /** What is here and not there, a line each. */
  List<String> beyond(Census other) {
    List<String> more = new ArrayList<>();
    kinds.forEach((kind, things) ->
        things.stream()
            .filter(thing -> !other.kinds.getOrDefault(kind, new TreeSet<>()).contains(thing))
            .forEach(thing -> more.add(kind + " " + thing)));
    return more;
  }

  private static SortedSet<String> lines(Path file) throws IOException {
    return new TreeSet<>(Files.readAllLines(file));
  }

  private static SortedSet<String> processes(Set<Long> apart) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        String stat = text(process.resolve("stat"));
        // A zombie is a number that waits for its parent, and no process any more.
        if (!apart.contains(Long.valueOf(process.getFileName().toString()))
            && !stat.isEmpty()
            && !stat.contains(") Z ")) {
          found.add(process.getFileName() + " " + text(process.resolve("cmdline")));
        }
      }
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static SortedSet<String> netNamespaces() throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        try {
          found.add(Files.readSymbolicLink(process.resolve("ns/net")).toString());
        } catch (IOException e) {
          // It has just ended.
        }
      }
    }
    return found;
  }

  private static SortedSet<String> cgroups(Set<String> engines) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    if (Delegation.find() instanceof Delegation.Granted(var driver)) {
      for (Path top : driver.folders(Delegation.TOP)) {
        for (Path folder : walk(top, Files::isDirectory)) {
          Path below = top.relativize(folder);
          String engine = below.getName(0).toString();
          if (engines.contains(engine) || engine.equals(Canary.CGROUP)) {
            found.add(folder.toString());
          }
        }
      }
    }
    return found;
  }

  /** As nft(8) lists them; nothing where there is no such program. */
  private static SortedSet<String> packetRules() throws IOException, InterruptedException {
    if (!Canary.hasNft()) {
      return new TreeSet<>();
    }
    Process nft = new ProcessBuilder("nft", "list", "ruleset").redirectErrorStream(true).start();
    String rules = new String(nft.getInputStream().readAllBytes(), UTF_8);
    nft.waitFor();
    return new TreeSet<>(rules.lines().toList());
  }

  private static SortedSet<String> files(Path state) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    for (Path file : walk(state, path -> true)) {
      found.add(state.relativize(file).toString());
    }
    // Two sweeps at once take turns by it.
    found.remove("sweep.lock");
    return found;
  }

  private static List<Path> walk(Path top, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(top)) {
      for (Path child : children) {
        if (wanted.test(child)) {
          found.add(child);
        }
        if (Files.isDirectory(child, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          found.addAll(walk(child, wanted));
        }
      }
    } catch (java.nio.file.NoSuchFileException e) {
      // Gone meanwhile: another engine's cgroup.
    }
    return found;
  }
}
