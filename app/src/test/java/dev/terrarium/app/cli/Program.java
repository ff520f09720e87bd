package dev.terrarium.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program as a process of its own, with a state folder of its own, as root or as somebody who
 * may do nothing.
 */
final class Program {
  /** The number of "nobody" on Debian; any number without an account would do. */
  private static final int NOBODY = 65534;

  private final List<String> prefix;
  private final Map<String, String> env = new HashMap<>();
  private final String classPath;

  /**
   * What became of it.
   *
   * @param status what it exited with
   * @param out standard output
   * @param err standard error
   */
  record Result(int status, String out, String err) {}

  private Program(List<String> prefix, String classPath, Path state) {
    this.prefix = prefix;
    this.classPath = classPath;
    env.put("TERRARIUM_STATE", state.toString());
  }

  /** As whoever runs the tests. */
  static Program withState(Path state) {
    return new Program(List.of(), System.getProperty("java.class.path"), state);
  }

  /**
   * As a user without any right. The class path is copied, because the one of the tests may lie in
   * a home folder that nobody else can enter.
   *
   * @param folder an empty one, in which the copy and the state folder are made; opened to all
   */
  static Program asNobody(Path folder) throws IOException {
    open(folder);
    List<String> copies = new ArrayList<>();
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path source = Path.of(entry);
      if (Files.exists(source)) {
        Path copy = folder.resolve(number++ + "-" + source.getFileName());
        copyTree(source, copy);
        copies.add(copy.toString());
      }
    }
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setAttribute(state, "unix:uid", NOBODY);
    String id = Integer.toString(NOBODY);
    return new Program(
        List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"),
        String.join(File.pathSeparator, copies),
        state);
  }

  /** Runs it to its end, with nothing to read. */
  Result run(String... words) throws IOException, InterruptedException {
    Process process = begin(words);
    process.getOutputStream().close();
    return end(process);
  }

  /** Runs a shell line in which {@code "$@"} is the program. */
  Result shell(String line, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", line, "sh"));
    command.addAll(command(words));
    return end(start(command));
  }

  /** Starts it and does not wait. */
  Process begin(String... words) throws IOException {
    return start(command(words));
  }

  /** Starts a shell line in which {@code "$@"} is the program, on a terminal of that size. */
  Terminal onTerminal(int columns, int rows, String line, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", line, "sh"));
    command.addAll(command(words));
    return Terminal.start(command, env, columns, rows);
  }

  static Result end(Process process) throws IOException, InterruptedException {
    StringBuilder err = new StringBuilder();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                err.append(new String(process.getErrorStream().readAllBytes(), UTF_8));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    reader.join();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end");
    }
    return new Result(process.exitValue(), out, err.toString());
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            "dev.terrarium.app.Main"));
    command.addAll(List.of(words));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(env);
    return builder.start();
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Path copy = target.resolve(source.relativize(path).toString());
        Files.copy(path, copy);
        if (Files.isDirectory(copy)) {
          open(copy);
        } else {
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        }
      }
    }
  }

  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
