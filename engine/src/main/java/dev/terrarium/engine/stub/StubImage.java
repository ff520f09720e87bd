package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The program of the stub, generated: a static ELF of a few hundred bytes which only makes system
 * calls.
 *
 * <pre>
 *   engine                                          stub
 *     | -- length nr a0 a1 a2 a3 a4 a5 r token data --> |  fd 8 (the standard input it was started with)
 *     |                                                 |  result = syscall(nr, a0 .. a5)
 *     | <--------------- the first r bytes ------------ |  fd 9 (the standard output it was started with)
 * </pre>
 *
 * All fields are 64 bits wide. The request lands at the fixed address {@link #BUFFER}, so the
 * engine can compute pointers into its data. The result replaces the length; what the kernel wrote
 * into the data comes back with it if r reaches that far. At the end of the input the stub exits.
 *
 * <p>After a clone(2) with CLONE_VFORK the child answers; when it is gone or has become another
 * program, its parent does, and the first thing that it answers is the clone. The token says which
 * request a reply answers; its lowest byte is the generation that the request is meant for: if a
 * child is killed while the engine talks to it, its parent refuses with ESRCH what was meant for
 * the child, and does not, say, set the host's own name.
 *
 * <p>Source: elf(5); syscall(2) for the calling conventions.
 */
public final class StubImage {
  /** Where requests land, in every stub's address space. */
  public static final long BUFFER = 0x1000_0000L;

  /** How long a request can be, header included, in bytes. */
  public static final int CAPACITY = 0x1_0000;

  /** Where data begins: after length, number, six registers, the reply's length and the token. */
  public static final int HEADER = 10 * 8;

  private static final long TEXT = 0x40_0000L;
  private static final int EHDR = 64;
  private static final int PHDR = 56;

  private static final String X86_64_CODE =
      """
      41bc00000010   mov  r12d, BUFFER
      4531ed         xor  r13d, r13d          ; generation: 0 for the stub, 1 for its child, ...
      31ff           xor  edi, edi            ; dup3(0, 8, O_CLOEXEC): an exec closes the channel
      be08000000     mov  esi, 8
      ba00000800     mov  edx, O_CLOEXEC
      b824010000     mov  eax, SYS_dup3
      0f05           syscall
      bf01000000     mov  edi, 1              ; dup3(1, 9, O_CLOEXEC)
      be09000000     mov  esi, 9
      b824010000     mov  eax, SYS_dup3
      0f05           syscall
      31db           xor  ebx, ebx            ; bytes of requests so far
                 more:
      4883fb08       cmp  rbx, 8              ; a pipe may deliver in pieces
      7209           jb   read
      498b2c24       mov  rbp, [r12]
      4839eb         cmp  rbx, rbp
      731e           jae  whole
                 read:
      bf08000000     mov  edi, 8              ; read(8, BUFFER + so far, CAPACITY - so far)
      498d341c       lea  rsi, [r12+rbx]
      ba00000100     mov  edx, CAPACITY
      29da           sub  edx, ebx
      31c0           xor  eax, eax            ; SYS_read
      0f05           syscall
      4885c0         test rax, rax
      7e78           jle  leave               ; the engine is gone
      4801c3         add  rbx, rax
      ebd3           jmp  more
                 whole:
      48c7c0fdffffff mov  rax, -ESRCH
      410fb64c2448   movzx ecx, byte [r12+72] ; meant for another generation: refuse
      4439e9         cmp  ecx, r13d
      7535           jne  reply
      498b442408     mov  rax, [r12+8]
      498b7c2410     mov  rdi, [r12+16]
      498b742418     mov  rsi, [r12+24]
      498b542420     mov  rdx, [r12+32]
      4d8b542428     mov  r10, [r12+40]
      4d8b442430     mov  r8,  [r12+48]
      4d8b4c2438     mov  r9,  [r12+56]
      0f05           syscall                  ; the call
      4885c0         test rax, rax
      750b           jne  reply
      41837c240838   cmp  dword [r12+8], SYS_clone
      7503           jne  reply
      41ffc5         inc  r13d                ; in the child of a clone
                 reply:
      49890424       mov  [r12], rax
      b801000000     mov  eax, SYS_write      ; write(9, BUFFER, reply length)
      bf09000000     mov  edi, 9
      4c89e6         mov  rsi, r12
      498b542440     mov  rdx, [r12+64]
      0f05           syscall
      4829eb         sub  rbx, rbp            ; a request to a child that died unheard and the next one
      498d342c       lea  rsi, [r12+rbp]      ; may have come together: move the next one up
      4c89e7         mov  rdi, r12
      4889d9         mov  rcx, rbx
      f3a4           rep movsb
      e960ffffff     jmp  more
                 leave:
      b8e7000000     mov  eax, SYS_exit_group
      31ff           xor  edi, edi
      0f05           syscall
      """;

  private static final String AARCH64_CODE =
      """
      1300a2d2       mov  x19, BUFFER
      150080d2       mov  x21, 0              ; generation: 0 for the stub, 1 for its child, ...
      000080d2       mov  x0, 0               ; dup3(0, 8, O_CLOEXEC): an exec closes the channel
      010180d2       mov  x1, 8
      0201a0d2       mov  x2, O_CLOEXEC
      080380d2       mov  x8, SYS_dup3
      010000d4       svc  0
      200080d2       mov  x0, 1               ; dup3(1, 9, O_CLOEXEC)
      210180d2       mov  x1, 9
      080380d2       mov  x8, SYS_dup3
      010000d4       svc  0
      140080d2       mov  x20, 0              ; bytes of requests so far
                 more:
      9f2200f1       cmp  x20, 8              ; a pipe may deliver in pieces
      83000054       b.lo read
      760240f9       ldr  x22, [x19]
      9f0216eb       cmp  x20, x22
      62010054       b.hs whole
                 read:
      000180d2       mov  x0, 8               ; read(8, BUFFER + so far, CAPACITY - so far)
      6102148b       add  x1, x19, x20
      2200a0d2       mov  x2, CAPACITY
      420014cb       sub  x2, x2, x20
      e80780d2       mov  x8, SYS_read
      010000d4       svc  0
      1f0000f1       cmp  x0, 0
      0d040054       b.le leave               ; the engine is gone
      9402008b       add  x20, x20, x0
      f2ffff17       b    more
                 whole:
      40008092       mov  x0, -ESRCH
      69224139       ldrb w9, [x19, 72]       ; meant for another generation: refuse
      3f01156b       cmp  w9, w21
      41010054       b.ne reply
      680640f9       ldr  x8, [x19, 8]
      600641a9       ldp  x0, x1, [x19, 16]
      620e42a9       ldp  x2, x3, [x19, 32]
      641643a9       ldp  x4, x5, [x19, 48]
      010000d4       svc  0                   ; the call
      800000b5       cbnz x0, reply
      1f710371       cmp  w8, SYS_clone
      41000054       b.ne reply
      b5060091       add  x21, x21, 1         ; in the child of a clone
                 reply:
      600200f9       str  x0, [x19]
      200180d2       mov  x0, 9               ; write(9, BUFFER, reply length)
      e10313aa       mov  x1, x19
      622240f9       ldr  x2, [x19, 64]
      080880d2       mov  x8, SYS_write
      010000d4       svc  0
      940216cb       sub  x20, x20, x22       ; a request to a child that died unheard and the next one
      d602138b       add  x22, x22, x19       ; may have come together: move the next one up
      e10313aa       mov  x1, x19
      e20314aa       mov  x2, x20
                 copy:
      5f0000f1       cmp  x2, 0
      2dfbff54       b.le more
      c38640f8       ldr  x3, [x22], 8
      238400f8       str  x3, [x1], 8
      422000d1       sub  x2, x2, 8
      fbffff17       b    copy
                 leave:
      000080d2       mov  x0, 0
      c80b80d2       mov  x8, SYS_exit_group
      010000d4       svc  0
      """;

  private StubImage() {}

  /** The whole ELF file: a header, one segment of code, one of zeroed memory for requests. */
  public static byte[] elf(Arch arch) {
    return elf(code(arch), arch);
  }

  /** Whether a call was made from there by a stub, and not by the program that it has become. */
  public static boolean contains(long instructionPointer) {
    return instructionPointer >= TEXT && instructionPointer < TEXT + LENGTH;
  }

  private static final int LENGTH = elf(Arch.host()).length;

  static byte[] elf(byte[] code, Arch arch) {
    int headers = EHDR + 2 * PHDR;
    ByteBuffer elf = ByteBuffer.allocate(headers + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(HexFormat.of().parseHex("7f454c46020101000000000000000000"));
    elf.putShort((short) 2).putShort(machine(arch)).putInt(1);
    elf.putLong(TEXT + headers).putLong(EHDR).putLong(0).putInt(0);
    elf.putShort((short) EHDR).putShort((short) PHDR).putShort((short) 2);
    elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    int readExecute = 5;
    segment(elf, readExecute, TEXT, headers + code.length, headers + code.length);
    int readWrite = 6;
    segment(elf, readWrite, BUFFER, 0, CAPACITY);
    return elf.put(code).array();
  }

  /** EM_X86_64 and EM_AARCH64. */
  private static short machine(Arch arch) {
    return switch (arch) {
      case X86_64 -> 62;
      case AARCH64 -> 183;
    };
  }

  private static void segment(
      ByteBuffer elf, int permissions, long address, long fileSize, long memorySize) {
    int load = 1;
    // aarch64 kernels may use pages of 64 KiB; segments aligned to that load everywhere.
    long alignment = 0x1_0000;
    elf.putInt(load).putInt(permissions).putLong(0).putLong(address).putLong(address);
    elf.putLong(fileSize).putLong(memorySize).putLong(alignment);
  }

  private static byte[] code(Arch arch) {
    String listing =
        switch (arch) {
          case X86_64 -> X86_64_CODE;
          case AARCH64 -> AARCH64_CODE;
        };
    StringBuilder hex = new StringBuilder();
    listing
        .lines()
        .filter(line -> !line.startsWith(" "))
        .forEach(line -> hex.append(line, 0, line.indexOf(' ')));
    return HexFormat.of().parseHex(hex);
  }
}
