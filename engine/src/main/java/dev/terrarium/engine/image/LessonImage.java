package dev.terrarium.engine.image;

import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.journal.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The built-in image: a base layer with a shell and its tools, and a second layer with a greeting,
 * so that there is a union to look at. Built from the host's static busybox or, where there is
 * none, from the host's own shell and tools with their libraries.
 */
final class LessonImage {
  /** Part of the folder's name: another recipe is another image. */
  private static final String RECIPE = "1";

  private static final List<String> FOLDERS =
      List.of("bin", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "usr/bin", "var");

  private static final Map<String, String> BASE_FILES =
      Map.of(
          "etc/passwd",
          "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
          "etc/group",
          "root:x:0:\nnobody:x:65534:\n",
          "etc/profile",
          "export PATH=/bin:/usr/bin\n",
          "etc/motd",
          "Welcome to the terrarium.\n");

  private final StateFolder state;

  LessonImage(StateFolder state) {
    this.state = state;
  }

  /** Top first. */
  List<Path> layers() throws IOException {
    Tools tools = Tools.find();
    Path image = state.images().resolve("lesson-" + RECIPE + "-" + fingerprint(tools));
    if (!Files.isDirectory(image)) {
      build(tools, image);
    }
    return List.of(image.resolve("2-greeting"), image.resolve("1-base"));
  }

  /** Builds beside and renames into place; a lock keeps two engines from doing it at once. */
  private void build(Tools tools, Path image) throws IOException {
    state.create();
    Files.createDirectories(state.images());
    try (FileChannel channel =
        FileChannel.open(
            state.images().resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Closing the channel releases it.
      var _ = channel.lock();
      if (Files.isDirectory(image)) {
        return;
      }
      Path fresh = Files.createTempDirectory(state.images(), ".building-");
      try {
        base(tools, Files.createDirectory(fresh.resolve("1-base")));
        greeting(Files.createDirectory(fresh.resolve("2-greeting")));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, image, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Trees.remove(fresh);
      }
    }
  }

  private static void base(Tools tools, Path root) throws IOException {
    for (String folder : FOLDERS) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.setPosixFilePermissions(
        root.resolve("root"), PosixFilePermissions.fromString("rwx------"));
    for (Map.Entry<String, String> file : BASE_FILES.entrySet()) {
      Files.writeString(root.resolve(file.getKey()), file.getValue());
    }
    tools.install(root);
  }

  private static void greeting(Path root) throws IOException {
    Files.createDirectories(root.resolve("usr/bin"));
    Path greet = root.resolve("usr/bin/greet");
    Files.writeString(
        greet, "#!/bin/sh\necho \"Hello from $(hostname), process $$.\"\ncat /etc/greet.conf\n");
    Files.setPosixFilePermissions(greet, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/greet.conf"), "I came with layer 2.\n");
  }

  private static String fingerprint(Tools tools) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(tools.identity().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
