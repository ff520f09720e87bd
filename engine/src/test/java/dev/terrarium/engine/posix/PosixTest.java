package dev.terrarium.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.host.Rights;
import org.junit.jupiter.api.Test;

class PosixTest {
  @Test
  void callsTheRealLibraryAndNoSubstitute() {
    assertThat(Posix.isNative()).isTrue();
    assertThat(Posix.getpid()).isEqualTo((int) ProcessHandle.current().pid());
    assertThat(Posix.geteuid()).isEqualTo(Rights.current().uid());
  }

  @Test
  void tellsAGoneProcessFromARefusal() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertThat(Posix.kill((int) process.pid(), 9)).isFalse();
    assertThat(Posix.kill((int) ProcessHandle.current().pid(), 0)).isTrue();
  }
}
