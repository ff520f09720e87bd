package dev.terrarium.engine.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Syscall;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked about, and that nothing is refused. */
class WatchListTest {
  private static final Verdict ALLOW = new Verdict.Allow();
  private static final Verdict ASK = new Verdict.Ask();

  private static Verdict verdict(Arch arch, String name, long... args) {
    int number =
        WatchList.entries().stream()
            .filter(entry -> entry.name().equals(name))
            .findFirst()
            .orElseThrow()
            .number(arch)
            .orElseThrow();
    return WatchList.filter(arch).verdict(AssemblerTest.call(arch, number, args));
  }

  @ParameterizedTest
  @EnumSource
  void whatChangesTheWorldIsAskedAbout(Arch arch) {
    assertThat(verdict(arch, "unlinkat")).isEqualTo(ASK);
    assertThat(verdict(arch, "mount")).isEqualTo(ASK);
    assertThat(verdict(arch, "execve")).isEqualTo(ASK);
    assertThat(verdict(arch, "kill")).isEqualTo(ASK);
  }

  @ParameterizedTest
  @EnumSource
  void openingIsAskedAboutOnlyIfItCouldChangeTheFile(Arch arch) {
    long cwd = -100;
    long cloexec = 0x8_0000;
    assertThat(verdict(arch, "openat", cwd, 0x1000, cloexec)).isEqualTo(ALLOW);
    for (long flag : new long[] {1, 2, 0x40, 0x200}) {
      assertThat(verdict(arch, "openat", cwd, 0x1000, flag | cloexec)).isEqualTo(ASK);
    }
    // Its flags are in memory.
    assertThat(verdict(arch, "openat2")).isEqualTo(ASK);
  }

  @ParameterizedTest
  @EnumSource
  void aProcessIsAskedAboutOnlyIfItIsBornIntoNewNamespaces(Arch arch) {
    long sigchld = 17;
    assertThat(verdict(arch, "clone", sigchld)).isEqualTo(ALLOW);
    assertThat(verdict(arch, "clone", sigchld | 0x2000_0000)).isEqualTo(ASK);
  }

  @ParameterizedTest
  @EnumSource
  void allElseGoesOnAndSoDoOtherArchitectures(Arch arch) {
    Filter filter = WatchList.filter(arch);
    List<Integer> watched =
        WatchList.entries().stream()
            .map(entry -> entry.number(arch))
            .filter(OptionalInt::isPresent)
            .map(OptionalInt::getAsInt)
            .toList();
    for (int number = 0; number < 600; number++) {
      Verdict verdict = filter.verdict(AssemblerTest.call(arch, number, -1, -1, -1, -1));
      assertThat(verdict)
          .as("%s %d", arch, number)
          .isEqualTo(watched.contains(number) ? ASK : ALLOW);
    }
    int i386 = 0x4000_0003;
    assertThat(filter.verdict(new CallData(10, i386, 0, List.of(0L, 0L, 0L, 0L, 0L, 0L))))
        .isEqualTo(ALLOW);
    assertThat(filter.verdict(AssemblerTest.call(arch, 0x4000_0057))).isEqualTo(ALLOW);
  }

  @Test
  void numbersAreThoseThatTheOtherListsKnow() {
    for (Arch arch : Arch.values()) {
      for (WatchList.Entry entry : WatchList.entries()) {
        Arrays.stream(Syscall.values())
            .filter(call -> call.symbol().equals(entry.name()))
            .forEach(call ->
                assertThat(entry.number(arch)).as(entry.name()).hasValue(call.number(arch)));
        DenyList.entries().stream()
            .filter(denied -> denied.name().equals(entry.name()))
            .forEach(denied ->
                assertThat(entry.number(arch)).as(entry.name()).isEqualTo(denied.number(arch)));
      }
      List<Integer> numbers =
          WatchList.entries().stream()
              .map(entry -> entry.number(arch))
              .filter(OptionalInt::isPresent)
              .map(OptionalInt::getAsInt)
              .toList();
      assertThat(numbers).doesNotHaveDuplicates();
    }
  }
}
