package dev.terrarium.app.cli;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which namespaces a container has of its own, and how they differ from the host's. */
final class NamespaceOptions {
  private static final String USUAL_WORD = "usual";
  private static final String ALL_WORD = "all";

  private static final List<String> NETWORKS = List.of("none", "loopback", "bridge", "nat", "host");

  @Option(
      names = "--ns",
      paramLabel = "KINDS",
      description = {
        "The namespaces that are new, of pid,mnt,uts,ipc,net,user,cgroup,time, separated by commas,"
            + " or all; all others are the host's. Default: usual, which is pid,mnt,uts,ipc,net."
      })
  private String kinds = USUAL_WORD;

  @Option(
      names = "--rootless",
      description = {
        "In a user namespace, without any right on the host; by itself where you are not root."
      })
  private boolean rootless;

  @Option(
      names = "--id-map",
      paramLabel = "single|ranges",
      description = {
        "Who the users of a user namespace are outside: you are root inside and nobody else exists"
            + " (single, the default), or ids from 1 on are those that subuid(5) lends you."
      })
  private IdMap ids = IdMap.SINGLE;

  @Option(
      names = "--share",
      paramLabel = "KIND=NAME|PID",
      description = "Enter that namespace of a running container or process; can be repeated.")
  private List<String> shared = new ArrayList<>();

  @Option(
      names = "--time-offset",
      paramLabel = "boot=TIME,mono=TIME",
      description = {
        "What a time namespace adds to the clocks, such as boot=3d,mono=-10s; makes one."
      })
  private @Nullable String offsets;

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "Its host name; needs a new uts namespace.")
  private @Nullable String hostname;

  @Option(
      names = "--network",
      paramLabel = "none|loopback|bridge|nat|host",
      description = {
        "What it reaches: nothing, not even itself; itself (the default); also this program's other"
            + " containers, by a bridge; also the host and what is beyond; or the host's own"
            + " interfaces."
      })
  private @Nullable String network;

  /**
   * The namespaces that were asked for.
   *
   * @param privileged whether this process has root's rights on the host
   */
  Namespaces namespaces(boolean privileged, Containers containers) {
    Set<NamespaceType> fresh = fresh();
    if (rootless || !privileged) {
      fresh.add(NamespaceType.USER);
    }
    if (offsets != null) {
      fresh.add(NamespaceType.TIME);
    }
    if (Optional.ofNullable(network).filter("host"::equals).isPresent()) {
      fresh.remove(NamespaceType.NET);
    }
    Map<NamespaceType, Integer> joined = joined(containers);
    fresh.removeAll(joined.keySet());
    return Namespaces.of(fresh).joining(joined).withIds(ids).withClocks(clocks());
  }

  private Set<NamespaceType> fresh() {
    if (kinds.equals(USUAL_WORD)) {
      return Namespaces.usual(true);
    }
    if (kinds.equals(ALL_WORD)) {
      return EnumSet.allOf(NamespaceType.class);
    }
    Set<NamespaceType> fresh = EnumSet.noneOf(NamespaceType.class);
    for (String word : kinds.split(",", -1)) {
      fresh.add(kind("--ns", word.strip(), "all, usual, or some of "));
    }
    return fresh;
  }

  private static NamespaceType kind(String option, String word, String wanted) {
    List<String> known =
        Arrays.stream(NamespaceType.values()).map(NamespaceType::procName).toList();
    if (!known.contains(word)) {
      throw Failure.usage(
          "%s: '%s' is no kind of namespace%s; it is %s%s"
              .formatted(
                  option, word, Nearest.question(word, known), wanted, String.join(",", known)));
    }
    return NamespaceType.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private Map<NamespaceType, Integer> joined(Containers containers) {
    Map<NamespaceType, Integer> joined = new EnumMap<>(NamespaceType.class);
    for (String word : shared) {
      int equals = word.indexOf('=');
      if (equals < 1 || equals == word.length() - 1) {
        throw Failure.usage(
            "--share: '" + word + "' is not KIND=NAME or KIND=PID, such as net=web or pid=4711");
      }
      joined.put(
          kind("--share", word.substring(0, equals), "one of "),
          containers.process(word.substring(equals + 1)));
    }
    return joined;
  }

  private ClockOffsets clocks() {
    if (offsets == null) {
      return ClockOffsets.NONE;
    }
    Duration monotonic = Duration.ZERO;
    Duration boottime = Duration.ZERO;
    for (String word : offsets.split(",", -1)) {
      int equals = word.indexOf('=');
      String clock = equals < 0 ? word : word.substring(0, equals);
      String time = word.substring(equals + 1);
      switch (clock) {
        case "mono", "monotonic" -> monotonic = Durations.parse("--time-offset", time);
        case "boot", "boottime" -> boottime = Durations.parse("--time-offset", time);
        default ->
            throw Failure.usage(
                "--time-offset: '"
                    + clock
                    + "' is no clock of a time namespace; it is boot=TIME,"
                    + " mono=TIME or both, separated by a comma");
      }
    }
    return new ClockOffsets(monotonic, boottime);
  }

  /** Its host name, if one was given. */
  Optional<String> hostname() {
    return Optional.ofNullable(hostname);
  }

  /**
   * What its net namespace is wired to.
   *
   * @param made which namespaces it has
   * @param bare whether it is to be the plainest
   */
  Network network(Namespaces made, boolean bare) {
    if (network == null) {
      return bare || !made.makes(NamespaceType.NET)
          ? new Network.Untouched()
          : new Network.Loopback();
    }
    return switch (network) {
      case "none", "host" -> new Network.Untouched();
      case "loopback" -> new Network.Loopback();
      case "bridge" -> new Network.Bridge(false);
      case "nat" -> new Network.Bridge(true);
      default ->
          throw Failure.usage(
              "--network: '%s' is no network%s; it is one of %s"
                  .formatted(
                      network, Nearest.question(network, NETWORKS), String.join(", ", NETWORKS)));
    };
  }
}
