package dev.terrarium.engine.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.spec.Hardening;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilityTest {
  @Test
  void theUsualOnesAreTheBitsThatDockerShows() {
    assertThat(CapabilitySet.named(Hardening.USUAL_CAPABILITIES))
        .isEqualTo(CapabilitySet.parse("00000000a80425fb"));
  }

  @Test
  void setsReadLikeTheHeadersOfC() {
    assertThat(CapabilitySet.parse("0000000000000021")).hasToString("CAP_CHOWN|CAP_KILL");
    assertThat(CapabilitySet.NONE).hasToString("0");
  }

  @Test
  void oneThatIsNewerThanTheListKeepsItsPlace() {
    CapabilitySet set = CapabilitySet.parse("0000020000000001");
    assertThat(set.names()).containsExactly("CAP_CHOWN", "cap_41");
    assertThat(set.has(41)).isTrue();
  }

  @Test
  void aNameThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> CapabilitySet.named(List.of("CAP_EVERYTHING")))
        .hasMessageContaining("CAP_EVERYTHING");
  }

  @Test
  void theFiveSetsOfAProcessAreReadFromItsStatus() {
    ProcessCapabilities sets =
        ProcessCapabilities.parse(
            List.of(
                "Name:\tsh",
                "CapInh:\t0000000000000000",
                "CapPrm:\t00000000a80425fb",
                "CapEff:\t0000000000000001",
                "CapBnd:\t000001ffffffffff",
                "CapAmb:\t0000000000000000"));
    assertThat(sets.effective()).isEqualTo(CapabilitySet.of(List.of(Capability.CAP_CHOWN)));
    assertThat(sets.permitted().has(Capability.CAP_NET_RAW)).isTrue();
    assertThat(sets.bounding().names()).hasSize(Capability.values().length);
    assertThat(sets.inheritable().isEmpty()).isTrue();
    assertThat(sets.ambient().isEmpty()).isTrue();
  }

  @Test
  void thisProcessHasNoMoreThanItMayHave() throws IOException {
    ProcessCapabilities own = ProcessCapabilities.of((int) ProcessHandle.current().pid());
    assertThat(own.effective().and(own.permitted())).isEqualTo(own.effective());
    assertThat(Capability.lastOfKernel()).isBetween(30, 63);
  }
}
