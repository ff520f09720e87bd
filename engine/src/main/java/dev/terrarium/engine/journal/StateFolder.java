package dev.terrarium.engine.journal;

import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.stub.StubImage;
import dev.terrarium.engine.syscall.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The one folder under which everything lives.
 *
 * <pre>
 *   stub-x86_64            the stub's program
 *   images/                layers, built once, read-only from then on
 *   run/PID-START/         one folder per running engine: its journal and its containers' writable layers
 *   kept/NAME/             a container that has ended and was to be kept
 * </pre>
 */
public record StateFolder(Path path) {

  public StateFolder {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * Where it is unless told otherwise: {@code $TERRARIUM_STATE}; for root {@code
   * /var/lib/terrarium}; else {@code $XDG_STATE_HOME/terrarium} or {@code
   * ~/.local/state/terrarium}.
   */
  public static StateFolder standard() {
    Map<String, String> env = System.getenv();
    String chosen = env.getOrDefault("TERRARIUM_STATE", "");
    if (!chosen.isEmpty()) {
      return new StateFolder(Path.of(chosen));
    }
    if (Rights.current().uid() == 0) {
      return new StateFolder(Path.of("/var/lib/terrarium"));
    }
    String xdg = env.getOrDefault("XDG_STATE_HOME", "");
    Path base =
        xdg.startsWith("/")
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home", "/"), ".local", "state");
    return new StateFolder(base.resolve("terrarium"));
  }

  /** Makes the folder, for its owner alone, if it is not there yet. */
  public void create() throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /**
   * Refuses a folder into which another user could put something, or which another user could
   * exchange for one of his own. For whoever does with more rights what somebody else asks for.
   *
   * @throws IOException that names the folder that is open to others
   */
  public void refuseIfOthersMayWrite() throws IOException {
    if (!path.equals(path.toRealPath())) {
      throw new IOException(
          "the state folder %s is reached through a symbolic link: name %s itself"
              .formatted(path, path.toRealPath()));
    }
    int self = Rights.current().uid();
    for (Path folder = path; folder != null; folder = folder.getParent()) {
      int owner = (int) Files.getAttribute(folder, "unix:uid");
      int mode = (int) Files.getAttribute(folder, "unix:mode");
      // Where the sticky bit is set, one may add files, but not exchange those of others.
      boolean open = (mode & 0022) != 0 && ((mode & 01000) == 0 || folder.equals(path));
      if (open || (owner != 0 && owner != self)) {
        throw new IOException(
            "the state folder %s is not safe: others may write %s".formatted(path, folder));
      }
    }
  }

  /** Where images are kept. */
  public Path images() {
    return path.resolve("images");
  }

  /** Where running engines have their folders. */
  public Path run() {
    return path.resolve("run");
  }

  /** Where containers go that have ended and were to be kept. */
  public Path kept() {
    return path.resolve("kept");
  }

  /** The stub's program for that architecture, written if it is missing or differs. */
  public Path stub(Arch arch) throws IOException {
    create();
    Path program = path.resolve("stub-" + arch.name().toLowerCase(Locale.ROOT));
    byte[] elf = StubImage.elf(arch);
    if (Files.isExecutable(program) && Arrays.equals(Files.readAllBytes(program), elf)) {
      return program;
    }
    // Renamed into place: another engine may be starting the old one right now.
    Path fresh = Files.createTempFile(path, "stub-", ".new");
    Files.write(fresh, elf);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
    // Its mode says that it is; access(2) also asks the mount.
    if (!Files.isExecutable(program)) {
      throw new IOException(program + " cannot be started from there");
    }
    return program;
  }
}
