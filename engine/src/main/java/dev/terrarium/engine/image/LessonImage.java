package dev.terrarium.engine.image;

import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private static final String LABEL = "dev.terrarium.recipe";

  private final ImageStore store;
  private final References references;
  private final Path beside;

  LessonImage(ImageStore store, References references, Path beside) {
    this.store = store;
    this.references = references;
    this.beside = beside;
  }

  /** Top first. */
  List<Path> layers() throws IOException {
    Tools tools = Tools.find();
    String recipe = RECIPE + "-" + fingerprint(tools);
    if (references.find(ImageStore.LESSON).isPresent()) {
      Image there = store.present(ImageStore.LESSON);
      if (recipe.equals(there.config().labels().get(LABEL))) {
        return store.folders(there);
      }
    }
    return store.folders(build(tools, recipe));
  }

  /** Two engines may do it at once: they come to the same, and the later one's name wins. */
  private Image build(Tools tools, String recipe) throws IOException {
    Files.createDirectories(beside);
    Path fresh = Files.createTempDirectory(beside, "lesson-");
    try (var _ = store.hold()) {
      Path base = root(fresh.resolve("base"));
      base(tools, base);
      Path greeting = root(fresh.resolve("greeting"));
      greeting(greeting);
      ImageConfig config =
          ImageConfig.empty(Platform.architecture())
              .with("Env", List.of("PATH=/bin:/usr/bin"))
              .with("Cmd", List.of("/bin/sh"))
              .withEntry("Labels", LABEL, Optional.of(recipe));
      Image first = commit(Optional.empty(), config, base, "a shell and its tools");
      return commit(Optional.of(first), first.config(), greeting, "a greeting");
    } finally {
      Trees.remove(fresh);
    }
  }

  private Image commit(Optional<Image> below, ImageConfig config, Path folder, String by)
      throws IOException {
    // The name comes last, so that nobody finds the half of it.
    Optional<String> reference =
        below.isPresent() ? Optional.of(ImageStore.LESSON) : Optional.empty();
    return store.commit(
        below, config, folder, path -> true, by, Instant.now(), reference, Progress.NONE);
  }

  private static Path root(Path folder) throws IOException {
    Files.createDirectory(folder);
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
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
