package dev.terrarium.engine.observe;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One line of {@code /proc/PID/uid_map}: a range of user ids inside a user namespace and what they
 * are outside, to the observer. Source: user_namespaces(7), "User and group ID mappings".
 *
 * @param inside the first id inside
 * @param outside the first id outside
 * @param count how many ids follow one another
 */
public record IdMapping(long inside, long outside, long count) {

  /** What the kernel shows for an id without a mapping: {@code /proc/sys/kernel/overflowuid}. */
  public static final int OVERFLOW = 65534;

  /** The lines of {@code uid_map} or {@code gid_map}. */
  public static List<IdMapping> parse(String lines) {
    byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
    return ProcText.idMap(bytes, bytes.length);
  }

  /** How an id outside looks inside. */
  public static int toInside(List<IdMapping> map, int outsideId) {
    long id = Integer.toUnsignedLong(outsideId);
    for (IdMapping line : map) {
      if (id >= line.outside && id < line.outside + line.count) {
        return (int) (line.inside + id - line.outside);
      }
    }
    return OVERFLOW;
  }
}
