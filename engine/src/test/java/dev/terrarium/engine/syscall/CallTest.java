package dev.terrarium.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How calls read: as strace(1) would print them. */
class CallTest {
  @Test
  void flagsHaveTheirNames() {
    assertThat(Calls.clone(0x20000000L | 0x20000 | Calls.CLONE_VFORK | Calls.SIGCHLD))
        .hasToString("clone(CLONE_VFORK|CLONE_NEWNS|CLONE_NEWPID|SIGCHLD, NULL)");
    assertThat(Calls.mount("proc", "/proc", "proc", 0xe, ""))
        .hasToString("mount(\"proc\", \"/proc\", \"proc\", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)");
    assertThat(Calls.openat("/dev/null", Calls.O_RDWR))
        .hasToString("openat(AT_FDCWD, \"/dev/null\", O_RDWR, 0)");
  }

  @Test
  void bitsWithoutANameAreShownAsTheyAre() {
    assertThat(Calls.umount2("/", 0x102)).hasToString("umount2(\"/\", MNT_DETACH|0x100)");
  }

  @Test
  void controlCharactersCannotLeaveTheirQuotes() {
    assertThat(Calls.chdir("/a\"b\n\u001b[31m\\")).hasToString("chdir(\"/a\\\"b\\n\\33[31m\\\\\")");
  }

  @Test
  void signalsAreKnownByNameAndNumber() {
    assertThat(Calls.kill(8214, 15)).hasToString("kill(8214, SIGTERM)");
    assertThat(List.of("TERM", "sigterm", "15"))
        .allSatisfy(name -> assertThat(Signals.number(name)).hasValue(15));
    assertThat(Signals.number("NOSUCH")).isEmpty();
    assertThat(Signals.number("0")).isEmpty();
  }

  @Test
  void everyCallHasANumberOfItsOwnOnEachArchitecture() {
    for (Arch arch : Arch.values()) {
      assertThat(List.of(Syscall.values()))
          .extracting(call -> call.number(arch))
          .doesNotHaveDuplicates();
    }
  }
}
