package dev.terrarium.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.Program.User;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is refused before the first call, and what would be right instead. */
class HardeningRulesTest {
  private static final ContainerSpec PLAIN =
      ContainerSpec.of("box", Set.of(), new Root.Host(), Proc.HOST, List.of("sh"));
  private static final ContainerSpec ROOTLESS =
      PLAIN.withNamespaces(Namespaces.of(Set.of(NamespaceType.USER)));

  private static List<String> problems(ContainerSpec spec, boolean privileged) {
    try {
      SpecValidation.check(spec, privileged);
      return List.of();
    } catch (InvalidSpecException e) {
      return e.problems();
    }
  }

  @Test
  void theUsualHardeningSuitsRootAndRootless() {
    assertThat(problems(PLAIN.withHardening(Hardening.USUAL), true)).isEmpty();
    assertThat(problems(ROOTLESS.withHardening(Hardening.USUAL), false)).isEmpty();
  }

  @Test
  void anOrdinaryUserHasNothingToGiveUp() {
    assertThat(problems(PLAIN.withHardening(Hardening.USUAL), false))
        .containsExactly(
            "capabilities: an ordinary user has none to give up; leave them out, or add --rootless");
    assertThat(problems(PLAIN.withHardening(Hardening.NONE.withDenyList(true)), false))
        .singleElement()
        .asString()
        .endsWith("add no_new_privs");
  }

  @Test
  void otherUsersNeedIdsOfTheirOwn() {
    User user = new User(1000, 1000, List.of());
    assertThat(problems(PLAIN.withUser(user), true)).isEmpty();
    assertThat(problems(PLAIN.withUser(user), false))
        .containsExactly(
            "user 1000:1000: only root may become somebody else; run as root, or add --rootless");
    assertThat(problems(ROOTLESS.withUser(user), true))
        .containsExactly(
            "user 1000:1000: with a single mapping there is no id but 0; map ranges of ids");
    ContainerSpec ranges = ROOTLESS.withNamespaces(ROOTLESS.namespaces().withIds(IdMap.RANGES));
    assertThat(problems(ranges.withUser(user), false)).isEmpty();
    assertThat(problems(PLAIN.withUser(new User(-1, 0, List.of())), true)).hasSize(1);
  }

  @Test
  void namesAreThoseOfTheKernel() {
    assertThat(
            problems(PLAIN.withHardening(Hardening.NONE.withCapabilities(Set.of("CHOWN"))), true))
        .singleElement()
        .asString()
        .startsWith("capability \"CHOWN\": there is none of that name");
    assertThat(problems(limited("NOFILE", new Rlimit(1, 1)), true))
        .singleElement()
        .asString()
        .contains("RLIMIT_NOFILE");
  }

  @Test
  void limitsAreInOrder() {
    assertThat(problems(limited("RLIMIT_NOFILE", new Rlimit(10, 20)), true)).isEmpty();
    assertThat(problems(limited("RLIMIT_NOFILE", new Rlimit(10, Rlimit.UNLIMITED)), true))
        .isEmpty();
    assertThat(problems(limited("RLIMIT_NOFILE", new Rlimit(Rlimit.UNLIMITED, 20)), true))
        .hasSize(1);
    assertThat(problems(limited("RLIMIT_NOFILE", new Rlimit(20, 10)), true)).hasSize(1);
    assertThat(problems(limited("RLIMIT_NOFILE", new Rlimit(-2, -2)), true)).hasSize(1);
  }

  private static ContainerSpec limited(String name, Rlimit limit) {
    return PLAIN.withHardening(Hardening.NONE.withResourceLimits(Map.of(name, limit)));
  }

  @Test
  void theOomScoreHasItsRange() {
    assertThat(problems(PLAIN.withHardening(Hardening.NONE.withOomScoreAdjust(1000)), true))
        .isEmpty();
    assertThat(problems(PLAIN.withHardening(Hardening.NONE.withOomScoreAdjust(1001)), true))
        .hasSize(1);
  }
}
