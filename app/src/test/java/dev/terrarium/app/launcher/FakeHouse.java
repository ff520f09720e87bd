package dev.terrarium.app.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A clone of the repository with the real launcher in it and nothing else: a Maven that notes that
 * it was called and makes two jars, a JDK whose java prints what it was told, and a PATH on which
 * only that is found which a test has put there.
 */
final class FakeHouse {
  /** What the launcher may use of any Linux. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "chown",
          "cp",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "ldconfig",
          "mkdir",
          "mkfifo",
          "mv",
          "nice",
          "readlink",
          "rm",
          "sh",
          "tail",
          "tee",
          "timeout");

  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$@" >> "$CALLS"
      if [ -p "$GATE" ]; then read go < "$GATE"; fi
      echo "[INFO] Building Terrarium: engine 0.1.0     [2/5]"
      if [ -n "$BREAK" ]; then echo "[ERROR] Engine.java:[1,1] $BREAK"; exit 1; fi
      mkdir -p "$HOUSE/app/target/lib"
      echo app > "$HOUSE/app/target/terrarium-app-0.1.0.jar"
      echo lib > "$HOUSE/app/target/lib/lib.jar"
      mkdir -p "$HOUSE/engine/target/classes" "$HOUSE/engine/target/test-classes"
      printf '/m2/a.jar:/m2/b b.jar' > "$HOUSE/engine/target/test-class-path"
      """;

  private static final String JAVA = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";

  private final Path home;
  private final Path bin;
  private final Path jdk;
  private final Map<String, String> env = new HashMap<>();

  /**
   * What became of one start.
   *
   * @param status what it exited with
   * @param out standard output
   * @param err standard error
   */
  record Result(int status, String out, String err) {}

  FakeHouse(Path folder) throws IOException {
    home = Files.createDirectories(folder.resolve("a house with blanks"));
    bin = Files.createDirectories(folder.resolve("bin"));
    jdk = Files.createDirectories(folder.resolve("jdk"));
    Path script = Path.of(System.getProperty("basedir", "."), "..", "terrarium");
    Files.copy(script, home.resolve("terrarium"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve(".mvn"));
    for (String module : List.of("engine", "lessons", "assets", "app")) {
      source(module + "/pom.xml");
      source(module + "/src/main/java/A.java");
      source(module + "/src/test/java/ATest.java");
    }
    for (String tool : TOOLS) {
      Path real = real(tool);
      Files.createSymbolicLink(bin.resolve(tool), real);
    }
    program(bin.resolve("mvn"), MAVEN);
    fakeJdk(jdk, "25.0.3");
    env.put("PATH", bin.toString());
    env.put("JAVA_HOME", jdk.toString());
    env.put("TERRARIUM_JVM_FOLDER", folder.resolve("no jvm").toString());
    env.put("HOUSE", home.toString());
    env.put("CALLS", folder.resolve("calls").toString());
    env.put("GATE", folder.resolve("gate").toString());
    env.put("CI", "true"); // no training run in the background
  }

  Path home() {
    return home;
  }

  Path bin() {
    return bin;
  }

  Path file(String variable) {
    return Path.of(env.getOrDefault(variable, ""));
  }

  FakeHouse with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  /** Writes a source, or writes it again. */
  void source(String path) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "// " + System.nanoTime());
  }

  static void fakeJdk(Path folder, String version) throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    Files.writeString(
        folder.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    program(folder.resolve("bin/java"), JAVA);
    program(folder.resolve("bin/javac"), JAVA);
  }

  static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  /** How often Maven was called. */
  long builds() throws IOException {
    Path calls = file("CALLS");
    if (!Files.exists(calls)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(calls)) {
      return lines.count();
    }
  }

  Result start(String... words) throws IOException, InterruptedException {
    return end(begin(home.resolve("terrarium"), words));
  }

  /** Starts it under that name, from the root folder, without waiting. */
  Process begin(Path script, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectInput(Path.of("/dev/null").toFile());
    return builder.start();
  }

  static Result end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the launcher hangs");
    }
    return new Result(process.exitValue(), out, err);
  }

  private static Path real(String tool) {
    return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("this host has no " + tool));
  }
}
