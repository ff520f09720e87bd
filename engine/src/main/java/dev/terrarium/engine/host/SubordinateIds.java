package dev.terrarium.engine.host;

import dev.terrarium.engine.observe.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ids that the host lends to a user, as maps for a user namespace: root inside is the user, and
 * from 1 on come those that were lent. Source: subuid(5), subgid(5), user_namespaces(7).
 *
 * @param helped whether it takes newuidmap(1) and newgidmap(1) to write them
 */
public record SubordinateIds(List<IdMapping> uids, List<IdMapping> gids, boolean helped) {
  private static final Path UIDS = Path.of("/etc/subuid");
  private static final Path GIDS = Path.of("/etc/subgid");

  /** As useradd(8) lends them. */
  private static final long USUAL_FIRST = 100_000;

  private static final long USUAL_COUNT = 65_536;

  /** The kernel takes so many lines. Source: user_namespaces(7). */
  private static final int MOST_LINES = 340;

  public SubordinateIds {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
  }

  /**
   * Those of the user that this process runs as.
   *
   * @throws IllegalArgumentException with one line that says what is missing and which command
   *     brings it
   */
  public static SubordinateIds find(Rights rights) {
    return find(rights, System.getProperty("user.name", "?"), UIDS, GIDS);
  }

  static SubordinateIds find(Rights rights, String name, Path uidFile, Path gidFile) {
    Optional<Obstacle> obstacle = obstacle(rights, name, uidFile, gidFile);
    if (obstacle.isPresent()) {
      throw new IllegalArgumentException("ranges of ids: " + obstacle.get().sentence());
    }
    return new SubordinateIds(
        map(lines(uidFile), name, rights.uid(), rights.uid()),
        map(lines(gidFile), name, rights.uid(), rights.gid()),
        !rights.privileged());
  }

  /** Why there are none for the user that this process runs as. */
  static Optional<Obstacle> obstacle(Rights rights) {
    return obstacle(rights, System.getProperty("user.name", "?"), UIDS, GIDS);
  }

  private static Optional<Obstacle> obstacle(
      Rights rights, String name, Path uidFile, Path gidFile) {
    List<String> uidLines = lines(uidFile);
    List<String> gidLines = lines(gidFile);
    boolean noUids = map(uidLines, name, rights.uid(), rights.uid()).size() == 1;
    boolean noGids = map(gidLines, name, rights.uid(), rights.gid()).size() == 1;
    if (noUids || noGids) {
      long first = Math.max(firstFree(uidLines), firstFree(gidLines));
      String range = first + "-" + (first + USUAL_COUNT - 1);
      return Optional.of(
          new Obstacle(
              "%s lends none to user %s".formatted(noUids ? uidFile : gidFile, name),
              "sudo usermod --add-subuids %s --add-subgids %s %s".formatted(range, range, name)));
    }
    return rights.privileged()
        ? Optional.empty()
        : helperMissing("newuidmap").or(() -> helperMissing("newgidmap"));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      // Nothing is lent to anybody.
      return List.of();
    }
  }

  /** The user himself, and what is lent to him, by name or by number. */
  private static List<IdMapping> map(List<String> lines, String name, int uid, int root) {
    List<IdMapping> map = new ArrayList<>(List.of(new IdMapping(0, root, 1)));
    long inside = 1;
    for (String line : lines) {
      String[] fields = line.strip().split(":");
      boolean his =
          fields.length == 3
              && (fields[0].equals(name) || fields[0].equals(Integer.toString(uid)))
              && fields[1].matches("\\d{1,10}")
              && fields[2].matches("[1-9]\\d{0,9}");
      if (his && map.size() < MOST_LINES) {
        long count = Long.parseLong(fields[2]);
        map.add(new IdMapping(inside, Long.parseLong(fields[1]), count));
        inside += count;
      }
    }
    return map;
  }

  private static long firstFree(List<String> lines) {
    long free = USUAL_FIRST;
    for (String line : lines) {
      String[] fields = line.strip().split(":");
      if (fields.length == 3 && fields[1].matches("\\d{1,10}") && fields[2].matches("\\d{1,10}")) {
        free = Math.max(free, Long.parseLong(fields[1]) + Long.parseLong(fields[2]));
      }
    }
    return free;
  }

  private static Optional<Obstacle> helperMissing(String name) {
    Optional<Path> program = HostProgram.find(name);
    if (program.isEmpty()) {
      return Optional.of(
          new Obstacle(
              name + " is not installed",
              "sudo apt-get install uidmap, or the package shadow-utils of other distributions"));
    }
    Path path = program.get();
    return HostProgram.raisesRights(path)
        ? Optional.empty()
        : Optional.of(
            new Obstacle(
                path + " runs without root's rights",
                "sudo chown root %s && sudo chmod u+s %s".formatted(path, path)));
  }
}
