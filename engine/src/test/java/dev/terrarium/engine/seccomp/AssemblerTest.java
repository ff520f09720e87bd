package dev.terrarium.engine.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Errno;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssemblerTest {
  private static final Verdict ALLOW = new Verdict.Allow();
  private static final Verdict EPERM = new Verdict.Refuse(Errno.named("EPERM"));

  static CallData call(Arch arch, int number, long... args) {
    List<Long> six =
        Stream.concat(LongStream.of(args).boxed(), Stream.generate(() -> 0L)).limit(6).toList();
    return new CallData(number, CallData.audit(arch), 0x40_1000, six);
  }

  @Test
  void readsLikeAssemblyWithTheVerdictsAtItsEnd() {
    assertThat(Assembler.forCallsOf(Arch.X86_64).call(169, EPERM).assemble())
        .hasToString(
            """
            ld [4]
            jeq #0xc000003e, +0, +4
            ld [0]
            jge #0x40000000, +3, +0
            jeq #0xa9, +3, +0
            ret 0x7fff0000
            ret 0x80000000
            ret 0x50026
            ret 0x50001\
            """);
  }

  @Test
  void isLaidOutAsTheKernelReadsIt() {
    Filter filter = Assembler.forCallsOf(Arch.AARCH64).assemble();
    assertThat(filter.bytes().toArray())
        .startsWith(0x20, 0, 0, 0, 4, 0, 0, 0, 0x15, 0, 0, 2, 0xb7, 0, 0, 0xc0)
        .hasSize(8 * filter.length());
  }

  @ParameterizedTest
  @EnumSource
  void endsWhoeverChangesTheArchitecture(Arch arch) {
    Filter filter = Assembler.forCallsOf(arch).assemble();
    int i386 = 0x4000_0003;
    assertThat(filter.verdict(new CallData(20, i386, 0, List.of(0L, 0L, 0L, 0L, 0L, 0L))))
        .isEqualTo(new Verdict.Kill());
    assertThat(filter.verdict(call(arch, 20))).isEqualTo(ALLOW);
  }

  @Test
  void knowsNoX32() {
    Filter filter = Assembler.forCallsOf(Arch.X86_64).assemble();
    assertThat(filter.verdict(call(Arch.X86_64, 0x4000_0000 | 39))).isEqualTo(Assembler.missing());
    assertThat(filter.verdict(call(Arch.X86_64, -1))).isEqualTo(Assembler.missing());
  }

  @Test
  void looksAtTheLowHalfOfAnArgument() {
    Filter filter =
        Assembler.forCallsOf(Arch.X86_64)
            .call(16, new ArgumentCondition.OneOf(1, List.of(5, 6)), EPERM)
            .call(17, new ArgumentCondition.NoneOf(0, List.of(-1, 8)), EPERM)
            .call(18, new ArgumentCondition.AnyBit(5, 0x10), EPERM)
            .call(19, EPERM)
            .assemble();
    assertThat(filter.verdict(call(Arch.X86_64, 16, 0, 5))).isEqualTo(EPERM);
    assertThat(filter.verdict(call(Arch.X86_64, 16, 0, 0x1_0000_0006L))).isEqualTo(EPERM);
    assertThat(filter.verdict(call(Arch.X86_64, 16, 5, 7))).isEqualTo(ALLOW);
    assertThat(filter.verdict(call(Arch.X86_64, 17, 8))).isEqualTo(ALLOW);
    assertThat(filter.verdict(call(Arch.X86_64, 17, -1))).isEqualTo(ALLOW);
    assertThat(filter.verdict(call(Arch.X86_64, 17, 9))).isEqualTo(EPERM);
    assertThat(filter.verdict(call(Arch.X86_64, 18, 0, 0, 0, 0, 0, 0x1f))).isEqualTo(EPERM);
    assertThat(filter.verdict(call(Arch.X86_64, 18, 0, 0, 0, 0, 0, 0x0f))).isEqualTo(ALLOW);
    assertThat(filter.verdict(call(Arch.X86_64, 19, 77))).isEqualTo(EPERM);
  }

  @Test
  void refusesToJumpTooFar() {
    Assembler assembler = Assembler.forCallsOf(Arch.X86_64);
    for (int number = 0; number < 300; number++) {
      assembler.call(number, EPERM);
    }
    assertThatThrownBy(assembler::assemble).isInstanceOf(IllegalStateException.class);
  }
}
