package dev.terrarium.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A user of the host without any right, as which root runs a part of a test in a JVM of its own.
 */
public final class OrdinaryUser {
  /** Of every host: daemon. */
  public static final int UID = 1;

  public static final String NAME = "daemon";

  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");

  private OrdinaryUser() {}

  /** The class path of the tests may lie in a home folder that nobody else can enter. */
  public static String classPathForAll(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, OPEN);
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path source = Path.of(entry);
      Path target = folder.resolve(copies.size() + "-" + source.getFileName());
      try (Stream<Path> tree = Files.exists(source) ? Files.walk(source) : Stream.empty()) {
        for (Path file : tree.toList()) {
          Path copy = target.resolve(source.relativize(file).toString());
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      copies.add(target.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  /**
   * Runs it to its end, which must be a good one; what it says is the reason otherwise. Its first
   * argument is a state folder that is the user's.
   *
   * @param classPath as {@link #classPathForAll} answers it
   * @param host what root does before in a mount namespace that ends with it: a shell script
   */
  public static void run(String classPath, Path folder, String host, Class<?> main, String... args)
      throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, OPEN);
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setAttribute(state, "unix:uid", UID);
    Files.setAttribute(state, "unix:gid", UID);
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-ec",
                host
                    + "\nexec setpriv --reuid="
                    + UID
                    + " --regid="
                    + UID
                    + " --clear-groups -- \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main.getName(),
                state.toString()));
    command.addAll(List.of(args));
    Path said = folder.resolve("said");
    Process jvm =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = jvm.waitFor(100, TimeUnit.SECONDS);
    if (!ended) {
      jvm.destroyForcibly();
    }
    assertThat(ended && jvm.exitValue() == 0).as(Files.readString(said)).isTrue();
  }
}
