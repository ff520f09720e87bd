package dev.terrarium.engine.bundle;

import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.seccomp.DenyList;
import dev.terrarium.engine.syscall.Errno;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The deny list in the words of the OCI. Source: OCI runtime-spec, config-linux, "Seccomp".
 *
 * <p>libseccomp takes one comparison of each argument in a rule, so the question {@code
 * personality(0xffffffff)}, which the engine's own filter lets pass, is refused here.
 */
final class SeccompRules {
  private static final int EPERM = Errno.named("EPERM").number();
  private static final int ENOSYS = Errno.named("ENOSYS").number();

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  private static final List<Long> NAMESPACE_FLAGS =
      List.of(
          0x2_0000L,
          0x200_0000L,
          0x400_0000L,
          0x800_0000L,
          0x1000_0000L,
          0x2000_0000L,
          0x4000_0000L);

  /** PER_LINUX32 and UNAME26; all else of a personality is refused. */
  private static final long HARMLESS_PERSONALITY = 0x2_0008L;

  private final ArrayNode rules;

  private SeccompRules(ArrayNode rules) {
    this.rules = rules;
  }

  /**
   * Fills a {@code linux.seccomp}.
   *
   * @param kept the capabilities that the container has
   */
  static void into(ObjectNode seccomp, CapabilitySet kept) {
    seccomp.put("defaultAction", "SCMP_ACT_ALLOW");
    seccomp.putArray("architectures").add("SCMP_ARCH_X86_64").add("SCMP_ARCH_AARCH64");
    new SeccompRules(seccomp.putArray("syscalls")).fill(kept);
  }

  private void fill(CapabilitySet kept) {
    ArrayNode names = rule(EPERM).putArray("names");
    DenyList.entries(kept).forEach(entry -> names.add(entry.name()));
    if (kept.and(CapabilitySet.named(Set.of("CAP_SYS_ADMIN"))).isEmpty()) {
      for (long flag : NAMESPACE_FLAGS) {
        argument(named("clone", EPERM), 0, "SCMP_CMP_MASKED_EQ", flag, flag);
      }
      var _ = named("clone3", ENOSYS);
      long tiocsti = 0x5412;
      long tioclinux = 0x541c;
      argument(named("ioctl", EPERM), 1, "SCMP_CMP_MASKED_EQ", 0xffff_ffffL, tiocsti);
      argument(named("ioctl", EPERM), 1, "SCMP_CMP_MASKED_EQ", 0xffff_ffffL, tioclinux);
    }
    for (int bit = 0; bit < 32; bit++) {
      long flag = 1L << bit;
      if ((flag & HARMLESS_PERSONALITY) == 0) {
        argument(named("personality", EPERM), 0, "SCMP_CMP_MASKED_EQ", flag, flag);
      }
    }
    long alg = 38;
    long vsock = 40;
    argument(named("socket", EPERM), 0, "SCMP_CMP_MASKED_EQ", 0xffff_ffffL, alg);
    argument(named("socket", EPERM), 0, "SCMP_CMP_MASKED_EQ", 0xffff_ffffL, vsock);
  }

  private ObjectNode rule(int errno) {
    ObjectNode rule = rules.addObject();
    rule.put("action", "SCMP_ACT_ERRNO");
    rule.put("errnoRet", errno);
    return rule;
  }

  private ObjectNode named(String call, int errno) {
    ObjectNode rule = rule(errno);
    rule.putArray("names").add(call);
    return rule;
  }

  private static void argument(ObjectNode rule, int index, String operator, long value, long two) {
    rule.putArray("args")
        .addObject()
        .put("index", index)
        .put("value", value)
        .put("valueTwo", two)
        .put("op", operator);
  }
}
