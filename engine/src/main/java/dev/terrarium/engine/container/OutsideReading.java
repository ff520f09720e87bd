package dev.terrarium.engine.container;

import dev.terrarium.engine.observe.IdMapping;
import dev.terrarium.engine.observe.Isolation;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.observe.NamespaceView;
import dev.terrarium.engine.observe.NamespaceView.Hidden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code /proc/PID} shows of a namespace to those who are not in it. */
final class OutsideReading {
  private final Path process;
  private final NamespaceOwners owners;

  private OutsideReading(int pid, NamespaceOwners owners) {
    this.process = Path.of("/proc", Integer.toString(pid));
    this.owners = owners;
  }

  static NamespaceView of(Namespace namespace, int pid, NamespaceOwners owners) {
    OutsideReading reading = new OutsideReading(pid, owners);
    List<Hidden> hidden = new ArrayList<>();
    Isolation isolation;
    try {
      isolation = reading.read(namespace.type(), hidden);
    } catch (IOException e) {
      isolation = new Isolation.Unreadable(e.getMessage() + ": gone, or somebody else's");
    }
    return new NamespaceView(namespace, owners.owner(namespace.type()), isolation, hidden);
  }

  private Isolation read(NamespaceType type, List<Hidden> hidden) throws IOException {
    return switch (type) {
      case PID -> new Isolation.Pid(owners.parent(NamespaceType.PID));
      case MNT -> new Isolation.Mnt(lines("mountinfo").size());
      case USER ->
          new Isolation.User(
              map("uid_map"),
              map("gid_map"),
              lines("setgroups").contains("allow"),
              owners.maker(),
              owners.parent(NamespaceType.USER));
      case TIME -> time(hidden);
      case UTS, IPC, NET, CGROUP -> throw new IllegalArgumentException(type + " is read inside");
    };
  }

  /** The file shows the offsets of the namespace in which the process's children would be. */
  private Isolation time(List<Hidden> hidden) throws IOException {
    Path own = Files.readSymbolicLink(process.resolve("ns/time"));
    if (!own.equals(Files.readSymbolicLink(process.resolve("ns/time_for_children")))) {
      hidden.add(
          new Hidden("clocks", "timens_offsets shows those that the process's children will have"));
      return new Isolation.Time(Duration.ZERO, Duration.ZERO);
    }
    Duration monotonic = Duration.ZERO;
    Duration boottime = Duration.ZERO;
    for (String line : lines("timens_offsets")) {
      String[] words = line.strip().split("\\s+");
      Duration offset = Duration.ofSeconds(Long.parseLong(words[1]), Long.parseLong(words[2]));
      switch (words[0]) {
        case "monotonic" -> monotonic = offset;
        case "boottime" -> boottime = offset;
        default -> hidden.add(new Hidden("clock " + words[0], "it is newer than this program"));
      }
    }
    return new Isolation.Time(monotonic, boottime);
  }

  private List<IdMapping> map(String file) throws IOException {
    return IdMapping.parse(Files.readString(process.resolve(file)));
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(process.resolve(file));
  }
}
