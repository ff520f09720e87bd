package dev.terrarium.engine.death;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.death.Victim.When;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.Leftovers;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.registry.Registry;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/**
 * Tells a story again and again, kills the engine each time at another point, has the next engine
 * (or the clean-up alone) come, and compares all that there is with what there was. Runs in
 * namespaces of its own, which are the host, so that everything on it is accounted for.
 */
final class Executioner {
  private static final int SIGSTOP = 19;
  private static final int SIGCONT = 18;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Story story;
  private final Path state;
  private final Path folder;
  private final String jars;
  private final Deque<Process> ready = new ArrayDeque<>();
  private final Set<String> engines = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();

  private Executioner(Story story, Path state, Path folder) {
    this.story = story;
    this.state = state;
    this.folder = folder;
    this.jars = jars(folder);
  }

  /** The class path with folders packed, because the JVM archives no classes of folders. */
  private static String jars(Path folder) {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (Files.isDirectory(Path.of(entry))) {
        String jar = folder.resolve("classes-" + jars.size() + ".jar").toString();
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--no-compress",
                "--file",
                jar,
                "-C",
                entry,
                ".");
        jars.add(jar);
      } else {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  /** The story, the share of points that is tried (one in so many), a state folder, a folder. */
  public static void main(String[] args) throws Exception {
    Path state = Path.of(args[2]);
    Path folder = Path.of(args[3]);
    Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
    Executioner executioner = new Executioner(Story.valueOf(args[0]), state, folder);
    try (Canary canary = Canary.plant(folder)) {
      executioner.run(Integer.parseInt(args[1]), canary);
    } finally {
      executioner.ready.forEach(Process::destroyForcibly);
    }
    executioner.wrong.forEach(System.out::println);
    System.exit(executioner.wrong.isEmpty() ? 0 : 1);
  }

  private void run(int oneIn, Canary canary) throws Exception {
    // Makes what is made once, and stays.
    Engine.open(state, fact -> {}).close();
    List<String> points = toTheEnd();
    Census before = census();
    // That it cleans up after itself where nobody kills it.
    List<String> again = toTheEnd();
    judge("told to the end", before, canary);
    if (points.size() != again.size()) {
      System.out.printf("told with %d points and with %d%n", points.size(), again.size());
    }
    int tried = 0;
    Map<When, Integer> moved = new LinkedHashMap<>();
    for (int point : chosen(points, oneIn)) {
      for (When when : List.of(When.BEFORE, When.AFTER)) {
        boolean killed = kill(when, point);
        // One way and the other: whoever comes next, or who only cleans up.
        if ((point + tried) % 2 == 0) {
          Engine.open(state, fact -> {}).close();
        } else {
          Leftovers.sweep(new StateFolder(state)).stream()
              .filter(line -> line.startsWith("not removed"))
              .forEach(line -> wrong.add(when + " " + point + ": " + line));
        }
        if (killed) {
          moved.merge(when, 1, Integer::sum);
        }
        tried++;
        judge(when + " " + point + " " + points.get(point - 1), before, canary);
      }
    }
    System.out.printf("%s: %d points, %d kills tried, %s%n", story, points.size(), tried, moved);
  }

  /** The first of each name, and of all others one in so many. */
  private static List<Integer> chosen(List<String> points, int oneIn) {
    Set<String> seen = new HashSet<>();
    List<Integer> chosen = new ArrayList<>();
    for (int point = 1; point <= points.size(); point++) {
      if (seen.add(points.get(point - 1)) || point % oneIn == 0) {
        chosen.add(point);
      }
    }
    return chosen;
  }

  // --- victims ---

  private Process victim() throws IOException {
    while (ready.size() < 2) {
      ready.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Xmx128m",
                  // Written by the first one that ends by itself: the next ones start in half the
                  // time.
                  "-XX:+AutoCreateSharedArchive",
                  "-XX:SharedArchiveFile=" + folder.resolve("victim.jsa"),
                  "-Xlog:cds=off",
                  "-Xlog:cds*=off",
                  "-cp",
                  jars,
                  Victim.class.getName(),
                  state.toString(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }
    return ready.remove();
  }

  private static void order(OutputStream orders, String order) throws IOException {
    orders.write((order + "\n").getBytes(UTF_8));
    orders.flush();
  }

  /** The names of its points. */
  private List<String> toTheEnd() throws Exception {
    Process victim = victim();
    order(victim.getOutputStream(), story + " " + When.NEVER + " 0");
    List<String> points = new ArrayList<>(victim.inputReader(UTF_8).lines().toList());
    if (victim.waitFor() != 0 || points.isEmpty() || !points.removeLast().equals(Victim.END)) {
      throw new IllegalStateException(story + " cannot be told: " + points);
    }
    pardon();
    return points;
  }

  /** Whether it was killed, and had not come to its end before. */
  private boolean kill(When when, int point) throws Exception {
    Process victim = victim();
    engines.add(victim.pid() + "-" + startTicks(victim.pid()));
    BufferedReader words =
        new BufferedReader(new InputStreamReader(victim.getInputStream(), UTF_8));
    order(victim.getOutputStream(), story + " " + when + " " + point);
    List<Integer> stopped = List.of();
    String word = words.readLine();
    if (Victim.HOLD.equals(word)) {
      stopped = stubs();
      stopped.forEach(stub -> Posix.kill(stub, SIGSTOP));
      order(victim.getOutputStream(), "go");
      word = words.readLine();
    }
    if (!Victim.NOW.equals(word) && !Victim.END.equals(word)) {
      wrong.add(when + " " + point + ": it said " + word);
    }
    victim.destroyForcibly().waitFor();
    // Whoever has not been killed by now has a request before it, and nobody to answer to.
    stopped.forEach(stub -> Posix.kill(stub, SIGCONT));
    return Victim.NOW.equals(word);
  }

  private static String startTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
  }

  /** All that make calls for an engine, and have not become programs. */
  private List<Integer> stubs() throws IOException {
    List<Integer> stubs = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        try {
          if (Files.readString(process.resolve("cmdline")).startsWith(state + "/stub-")) {
            stubs.add(Integer.valueOf(process.getFileName().toString()));
          }
        } catch (IOException e) {
          // It has just ended.
        }
      }
    }
    return stubs;
  }

  // --- judgement ---

  private Census census() throws IOException, InterruptedException {
    Set<Long> apart = new HashSet<>();
    ready.forEach(process -> apart.add(process.pid()));
    return Census.take(state, apart, engines);
  }

  /** What is dying takes its time; what is still there after that remains. */
  private void judge(String what, Census before, Canary canary) throws Exception {
    pardon();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Census now = census();
    while (!now.equals(before) && System.nanoTime() < deadline) {
      Thread.sleep(10);
      now = census();
    }
    for (String left : now.beyond(before)) {
      wrong.add(what + ": left: " + left);
    }
    for (String gone : before.beyond(now)) {
      wrong.add(what + ": gone: " + gone);
    }
    for (String ails : canary.ails()) {
      wrong.add(what + ": harmed: " + ails);
    }
    if (!wrong.isEmpty() && wrong.size() > 40) {
      wrong.forEach(System.out::println);
      System.exit(1);
    }
  }

  /** Takes away what is meant to stay: kept containers, and whole images. */
  private void pardon() throws IOException {
    Registry registry = new Registry(new StateFolder(state));
    for (Registry.Entry kept : registry.named(Story.NAME)) {
      registry.remove(kept);
    }
    StateFolder folder = new StateFolder(state);
    try (Run run = Run.begin(folder)) {
      ImageStore store = Story.store(folder, run);
      if (store.references().contains("imported")) {
        store.remove("imported");
      }
      store.collect(Set.of());
    }
  }
}
