package dev.terrarium.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who this process is to the kernel. Source: proc_pid_status(5), capabilities(7).
 *
 * @param uid effective user id
 * @param gid effective group id
 * @param capabilities the effective set, one bit each
 */
public record Rights(int uid, int gid, long capabilities) {
  private static final int CAP_SYS_ADMIN = 21;

  /** Of this process, now. */
  public static Rights current() {
    int uid = -1;
    int gid = -1;
    long capabilities = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        String[] words = line.split("\\s+");
        switch (words[0]) {
          case "Uid:" -> uid = Integer.parseInt(words[2]);
          case "Gid:" -> gid = Integer.parseInt(words[2]);
          case "CapEff:" -> capabilities = Long.parseUnsignedLong(words[1], 16);
          default -> {}
        }
      }
    } catch (IOException e) {
      // Without /proc nothing is known, and nothing is allowed.
    }
    return new Rights(uid, gid, capabilities);
  }

  /** Whether it may make namespaces and mounts without a user namespace of its own. */
  public boolean privileged() {
    return uid == 0 && (capabilities & 1L << CAP_SYS_ADMIN) != 0;
  }
}
