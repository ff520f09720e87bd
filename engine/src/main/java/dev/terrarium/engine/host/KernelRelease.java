package dev.terrarium.engine.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's version, such as {@code 6.1.0-56-amd64}. Source: uname(2), proc_sys_kernel(5). */
record KernelRelease(int major, int minor, String text) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");

  /** Overlayfs in a user namespace, close_range(2) that marks only. */
  static final int LEAST_MAJOR = 5;

  static final int LEAST_MINOR = 11;

  /** Empty where the text begins with no two numbers. */
  static Optional<KernelRelease> parse(String text) {
    Matcher matcher = NUMBERS.matcher(text);
    return matcher.lookingAt()
        ? Optional.of(
            new KernelRelease(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text))
        : Optional.empty();
  }

  boolean atLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }

  Optional<Obstacle> obstacle() {
    return atLeast(LEAST_MAJOR, LEAST_MINOR)
        ? Optional.empty()
        : Optional.of(
            new Obstacle(
                "Linux %s is older than %d.%d, which brought overlayfs to ordinary users"
                    .formatted(text, LEAST_MAJOR, LEAST_MINOR),
                "a newer kernel (Debian 12, Ubuntu 22.04 and RHEL 9 have one), or sudo ./terrarium"));
  }
}
