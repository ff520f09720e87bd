package dev.terrarium.engine.host;

import java.util.Optional;

/**
 * Whether an ordinary user may make user namespaces, and be root in them. Source:
 * user_namespaces(7), kernel documents admin-guide/sysctl/user and admin-guide/sysctl/kernel.
 */
final class UserNamespaces {
  private UserNamespaces() {}

  /** What forbids them to everybody, root included. */
  static Optional<Obstacle> forAll(HostFiles host) {
    if (!host.exists("/proc/self/ns/user")) {
      return Optional.of(
          new Obstacle("this kernel is built without user namespaces (CONFIG_USER_NS)", ""));
    }
    if (host.text("/proc/sys/user/max_user_namespaces").equals("0")) {
      return Optional.of(
          new Obstacle(
              "user namespaces are switched off: user.max_user_namespaces is 0",
              "sudo sysctl user.max_user_namespaces=15000"));
    }
    return Optional.empty();
  }

  /** What forbids them to ordinary users only. */
  static Optional<Obstacle> forUsers(HostFiles host) {
    if (host.text("/proc/sys/kernel/unprivileged_userns_clone").equals("0")) {
      return Optional.of(
          new Obstacle(
              "user namespaces are switched off for ordinary users: kernel.unprivileged_userns_clone is 0",
              "sudo sysctl kernel.unprivileged_userns_clone=1"));
    }
    return appArmor(host);
  }

  /** AppArmor lets the namespace be made, and then forbids whatever its root wants to do. */
  static Optional<Obstacle> appArmor(HostFiles host) {
    return host.text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1")
        ? Optional.of(
            new Obstacle(
                "AppArmor forbids ordinary users whatever needs a right in a user namespace:"
                    + " kernel.apparmor_restrict_unprivileged_userns is 1",
                "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"))
        : Optional.empty();
  }
}
