package dev.terrarium.engine.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the lesson image gets its shell and tools from. */
sealed interface Tools {

  /** Changes when the tools on the host change. */
  String identity() throws IOException;

  /** Puts them under that root. */
  void install(Path root) throws IOException;

  /**
   * Static busybox if the host has one, else the host's own.
   *
   * @throws IOException if there is not even a shell
   */
  static Tools find() throws IOException {
    for (String folder : searchPath()) {
      Path candidate = Path.of(folder, "busybox");
      if (Files.isExecutable(candidate) && ElfFile.isStatic(candidate)) {
        return new Busybox(candidate.toRealPath());
      }
    }
    return HostTools.find();
  }

  private static List<String> searchPath() {
    List<String> folders = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (folder.startsWith("/")) {
        folders.add(folder);
      }
    }
    folders.addAll(List.of("/bin", "/usr/bin", "/sbin", "/usr/sbin"));
    return folders;
  }

  private static String stamp(Path file) throws IOException {
    return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }

  /** One static program that is many, by the name it is called by. */
  record Busybox(Path program) implements Tools {
    @Override
    public String identity() throws IOException {
      return "busybox " + stamp(program);
    }

    @Override
    public void install(Path root) throws IOException {
      Path copy = root.resolve("bin/busybox");
      Files.copy(program, copy, StandardCopyOption.COPY_ATTRIBUTES);
      for (String applet : applets()) {
        Path link = root.resolve("bin").resolve(applet);
        if (!applet.equals("busybox")) {
          Files.createSymbolicLink(link, Path.of("busybox"));
        }
      }
    }

    private List<String> applets() throws IOException {
      Process process =
          new ProcessBuilder(program.toString(), "--list")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try (var output = process.getInputStream()) {
        String list = new String(output.readAllBytes(), StandardCharsets.US_ASCII);
        List<String> applets =
            list.lines().filter(name -> name.matches("[A-Za-z0-9\\[_.-]+")).toList();
        if (!applets.contains("sh")) {
          throw new IOException(program + " --list names no shell; it is no usable busybox");
        }
        return applets;
      }
    }
  }

  /** The host's own programs, dynamic ones with the libraries that they need. */
  record HostTools(List<Path> programs) implements Tools {
    private static final List<String> WANTED =
        List.of(
            "sh",
            "ls",
            "cat",
            "echo",
            "ps",
            "sleep",
            "kill",
            "mount",
            "umount",
            "hostname",
            "id",
            "true",
            "false",
            "rm",
            "mkdir",
            "env",
            "uname");

    static HostTools find() throws IOException {
      List<Path> found = new ArrayList<>();
      for (String name : WANTED) {
        Optional<Path> program =
            searchPath().stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isPresent()) {
          found.add(program.get());
        } else if (name.equals("sh")) {
          throw new IOException(
              "no shell for the lesson image: install busybox-static (Debian, Ubuntu) or busybox");
        }
      }
      return new HostTools(List.copyOf(found));
    }

    @Override
    public String identity() throws IOException {
      StringBuilder identity = new StringBuilder("host");
      for (Path program : programs) {
        identity.append(' ').append(stamp(program));
      }
      return identity.toString();
    }

    @Override
    public void install(Path root) throws IOException {
      for (Path program : programs) {
        Files.copy(
            program.toRealPath(),
            root.resolve("bin").resolve(program.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
        for (Path library : libraries(program)) {
          Path target = root.resolve(library.toString().substring(1));
          Files.createDirectories(target.getParent());
          Files.copy(
              library.toRealPath(),
              target,
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }

    /**
     * The program's interpreter is asked itself: it prints what it would load. Source: ld.so(8),
     * --list.
     */
    private static List<Path> libraries(Path program) throws IOException {
      Optional<Path> interpreter = ElfFile.interpreter(program);
      if (interpreter.isEmpty()) {
        return List.of();
      }
      Process process =
          new ProcessBuilder(interpreter.get().toString(), "--list", program.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try (var output = process.getInputStream()) {
        String list = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        Stream<Path> loaded =
            list.lines()
                .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                .filter(word -> word.startsWith("/"))
                .map(Path::of)
                .filter(Files::isRegularFile);
        return Stream.concat(Stream.of(interpreter.get()), loaded).distinct().toList();
      }
    }
  }
}
