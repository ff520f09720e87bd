package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.cgroup.CgroupUsage.Pressure;
import dev.terrarium.engine.cgroup.CgroupUsage.PressureOn;
import dev.terrarium.engine.cgroup.CgroupUsage.Stall;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files {@code cpu.pressure} and its kin. Source: kernel document accounting/psi. */
final class PressureFiles {
  private static final Pattern LINE =
      Pattern.compile("(some|full) avg10=(\\S+) avg60=(\\S+) avg300=(\\S+) total=(\\d+)");

  private PressureFiles() {}

  static Map<PressureOn, Pressure> read(Path folder) {
    Map<PressureOn, Pressure> all = new EnumMap<>(PressureOn.class);
    for (PressureOn on : PressureOn.values()) {
      Map<String, Stall> stalls = new HashMap<>();
      for (String line : CgroupFile.lines(folder.resolve(on.file()))) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          stalls.put(matcher.group(1), stall(matcher));
        }
      }
      Stall some = stalls.get("some");
      if (some != null) {
        all.put(on, new Pressure(some, Optional.ofNullable(stalls.get("full"))));
      }
    }
    return all;
  }

  private static Stall stall(Matcher matcher) {
    return new Stall(
        Double.parseDouble(matcher.group(2)),
        Double.parseDouble(matcher.group(3)),
        Double.parseDouble(matcher.group(4)),
        Long.parseLong(matcher.group(5)));
  }
}
