package dev.terrarium.app.cli;

import dev.terrarium.engine.remote.Elevation;
import dev.terrarium.engine.remote.Launch;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How this very program is started once more, with root's rights, as an engine only. */
final class EngineServers {
  private EngineServers() {}

  /** Whether there is anybody who could be asked. Quick: a window asks before its first frame. */
  static boolean canBeAskedFor(Elevation.Asked asked, Map<String, String> environment) {
    return !Elevation.ways(List.of(), asked, environment).isEmpty();
  }

  /** The ways that there are here. */
  static List<Launch> ways(Elevation.Asked asked, Map<String, String> environment) {
    return Elevation.ways(command(), asked, environment);
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(EngineServers::isForAnyStart)
        .forEach(command::add);
    command.addAll(
        List.of("-cp", absoluteClassPath(), "dev.terrarium.app.Main", EngineServerCommand.NAME));
    return command;
  }

  /** An agent or a debugger's port is not handed on to root. */
  private static boolean isForAnyStart(String argument) {
    return argument.startsWith("--enable-native-access")
        || argument.startsWith("--sun-misc-unsafe-memory-access")
        || argument.startsWith("-XX:+UseSerialGC")
        || argument.startsWith("-XX:TieredStopAtLevel")
        || argument.startsWith("-Dfile.encoding");
  }

  /** The server starts in another folder. */
  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(":", entries);
  }
}
