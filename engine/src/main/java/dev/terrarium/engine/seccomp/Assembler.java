package dev.terrarium.engine.seccomp;

import dev.terrarium.engine.seccomp.Instruction.Code;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts filters together: comparisons jump to verdicts, which all stand at the end.
 *
 * <pre>
 *   ld  [4]                     the architecture
 *   jeq #AUDIT_ARCH, next, KILL
 *   ld  [0]                     the number of the call
 *   jge #X32, ENOSYS, next
 *   jeq #SYS_reboot, EPERM, next
 *   ...
 *   ret ALLOW
 *   ret EPERM
 * </pre>
 *
 * A comparison follows the other, without a tree: since 5.11 the kernel works out once which calls
 * a filter allows whatever their arguments, and runs it for the others only.
 */
final class Assembler {
  /** A verdict that stands at the end, or the instruction that follows. */
  private sealed interface Target {}

  private record Next() implements Target {}

  /** Over so many instructions. */
  private record Skip(int count) implements Target {}

  private record Return(Verdict verdict) implements Target {}

  private record Draft(Code code, int operand, Target whenTrue, Target whenFalse) {}

  /** Numbers from here on are x32's: the same calls for programs with 32-bit pointers. */
  private static final int X32 = 0x4000_0000;

  private static final Target NEXT = new Next();

  private final List<Draft> drafts = new ArrayList<>();

  private Assembler() {}

  /**
   * Begins a filter for calls of that architecture; what it does not mention goes on. A processor
   * also speaks other architectures' tongues, in which a number means another call: a process that
   * changes to one is ended, and x32 is not there, as most kernels are built.
   */
  static Assembler forCallsOf(Arch arch) {
    return begin(arch, new Verdict.Kill(), missing());
  }

  /** The same for a filter that hinders nobody: other architectures' calls go on. */
  static Assembler watchingCallsOf(Arch arch) {
    return begin(arch, new Verdict.Allow(), new Verdict.Allow());
  }

  private static Assembler begin(Arch arch, Verdict otherArchitecture, Verdict x32) {
    Assembler assembler = new Assembler();
    assembler.add(Code.LOAD, CallData.ARCHITECTURE_AT, NEXT, NEXT);
    assembler.add(Code.EQUAL, CallData.audit(arch), NEXT, new Return(otherArchitecture));
    assembler.add(Code.LOAD, CallData.NUMBER_AT, NEXT, NEXT);
    if (arch == Arch.X86_64) {
      assembler.add(Code.AT_LEAST, X32, new Return(x32), NEXT);
    }
    return assembler;
  }

  /** What a kernel answers that does not know the call. */
  static Verdict missing() {
    return new Verdict.Refuse(Errno.named("ENOSYS"));
  }

  /** The calls with a number above that one. */
  Assembler above(int number, Verdict verdict) {
    return add(Code.ABOVE, number, new Return(verdict), NEXT);
  }

  /** The call of that number, whatever its arguments. */
  Assembler call(int number, Verdict verdict) {
    return add(Code.EQUAL, number, new Return(verdict), NEXT);
  }

  /** The call of that number if the condition holds for an argument; else it goes on. */
  Assembler call(int number, ArgumentCondition condition, Verdict verdict) {
    Target matches = new Return(verdict);
    Target goesOn = new Return(new Verdict.Allow());
    List<Draft> body = new ArrayList<>();
    body.add(new Draft(Code.LOAD, CallData.lowOfArgument(condition.index()), NEXT, NEXT));
    switch (condition) {
      case ArgumentCondition.AnyBit(int index, int bits) ->
          body.add(new Draft(Code.ANY_BIT, bits, matches, goesOn));
      case ArgumentCondition.OneOf(int index, List<Integer> values) -> {
        values.forEach(value -> body.add(new Draft(Code.EQUAL, value, matches, NEXT)));
        body.add(new Draft(Code.RETURN, new Verdict.Allow().word(), NEXT, NEXT));
      }
      case ArgumentCondition.NoneOf(int index, List<Integer> values) -> {
        values.forEach(value -> body.add(new Draft(Code.EQUAL, value, goesOn, NEXT)));
        body.add(new Draft(Code.RETURN, verdict.word(), NEXT, NEXT));
      }
    }
    add(Code.EQUAL, number, NEXT, new Skip(body.size()));
    drafts.addAll(body);
    return this;
  }

  private Assembler add(Code code, int operand, Target whenTrue, Target whenFalse) {
    drafts.add(new Draft(code, operand, whenTrue, whenFalse));
    return this;
  }

  /**
   * The filter.
   *
   * @throws IllegalStateException if a verdict is further away than a comparison can jump
   */
  Filter assemble() {
    List<Instruction> program = new ArrayList<>();
    Map<Verdict, Integer> verdictAt = new HashMap<>();
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(new Verdict.Allow());
    for (Draft draft : drafts) {
      for (Target target : List.of(draft.whenTrue(), draft.whenFalse())) {
        if (target instanceof Return(Verdict verdict) && !verdicts.contains(verdict)) {
          verdicts.add(verdict);
        }
      }
    }
    for (Verdict verdict : verdicts) {
      verdictAt.put(verdict, drafts.size() + verdictAt.size());
    }
    for (int at = 0; at < drafts.size(); at++) {
      Draft draft = drafts.get(at);
      program.add(
          new Instruction(
              draft.code(),
              skip(draft.whenTrue(), at, verdictAt),
              skip(draft.whenFalse(), at, verdictAt),
              draft.operand()));
    }
    verdicts.forEach(verdict -> program.add(new Instruction(Code.RETURN, 0, 0, verdict.word())));
    return new Filter(program);
  }

  private static int skip(Target target, int at, Map<Verdict, Integer> verdictAt) {
    int skip =
        switch (target) {
          case Next() -> 0;
          case Skip(int count) -> count;
          case Return(Verdict verdict) -> verdictAt.getOrDefault(verdict, 0) - at - 1;
        };
    if (skip > 255) {
      throw new IllegalStateException("a filter of more than 255 instructions");
    }
    return skip;
  }
}
