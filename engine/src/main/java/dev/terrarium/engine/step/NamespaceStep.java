package dev.terrarium.engine.step;

import dev.terrarium.engine.syscall.Calls;
import java.nio.file.Path;

/** What is set inside a new namespace before anything else uses it. */
public sealed interface NamespaceStep extends Step {

  /** Who the new user namespace's root is outside: user_namespaces(7), uid_map and gid_map. */
  record MapIds(int uid, int gid) implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      Path process = Path.of("/proc", Integer.toString(context.child()));
      // Without this, an unprivileged writer may not write gid_map: it could drop a group that
      // denies it access.
      context.writeOutside(process.resolve("setgroups"), "deny");
      context.writeOutside(process.resolve("uid_map"), "0 " + uid + " 1");
      context.writeOutside(process.resolve("gid_map"), "0 " + gid + " 1");
    }

    @Override
    public String sentence() {
      return "Tells the kernel that root inside is user %d and group %d outside."
          .formatted(uid, gid);
    }

    @Override
    public String byHand() {
      return "echo '0 %d 1' > /proc/PID/uid_map".formatted(uid);
    }
  }

  /** The host name of the new uts namespace: sethostname(2). */
  record SetHostname(String hostname) implements NamespaceStep {
    @Override
    public void perform(StepContext context) {
      context.make(Calls.sethostname(hostname));
    }

    @Override
    public String sentence() {
      return "Sets the host name of this uts namespace to " + hostname + ".";
    }

    @Override
    public String byHand() {
      return "hostname " + hostname;
    }
  }
}
