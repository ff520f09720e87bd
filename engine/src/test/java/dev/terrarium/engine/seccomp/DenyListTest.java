package dev.terrarium.engine.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.capability.CapabilitySet;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.stub.RawStub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls are refused to a container, and to which one. */
class DenyListTest {
  private static final CapabilitySet USUAL = CapabilitySet.named(Hardening.USUAL_CAPABILITIES);
  private static final Verdict ALLOW = new Verdict.Allow();
  private static final Verdict EPERM = new Verdict.Refuse(Errno.named("EPERM"));
  private static final Verdict ENOSYS = new Verdict.Refuse(Errno.named("ENOSYS"));

  private static int number(Arch arch, int x86, int arm) {
    return arch == Arch.X86_64 ? x86 : arm;
  }

  private static Verdict verdict(Arch arch, CapabilitySet kept, int number, long... args) {
    return DenyList.filter(arch, kept).verdict(AssemblerTest.call(arch, number, args));
  }

  @ParameterizedTest
  @EnumSource
  void everyEntryIsRefusedToTheUsualContainer(Arch arch) {
    assertThat(DenyList.entries(USUAL))
        .hasSizeGreaterThan(50)
        .extracting(DenyList.Entry::name)
        .doesNotHaveDuplicates()
        .doesNotContain("chroot");
    for (DenyList.Entry entry : DenyList.entries(USUAL)) {
      entry
          .number(arch)
          .ifPresent(
              number -> assertThat(verdict(arch, USUAL, number)).as(entry.name()).isEqualTo(EPERM));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatACapabilityIsForIsAllowedToWhoeverHasIt(Arch arch) {
    CapabilitySet administrator = CapabilitySet.named(Set.of("CAP_SYS_ADMIN"));
    int mount = number(arch, 165, 40);
    int reboot = number(arch, 169, 142);
    assertThat(verdict(arch, administrator, mount)).isEqualTo(ALLOW);
    assertThat(verdict(arch, administrator, reboot)).isEqualTo(EPERM);
    assertThat(verdict(arch, CapabilitySet.ALL, reboot)).isEqualTo(ALLOW);
    assertThat(DenyList.entries(CapabilitySet.ALL))
        .extracting(DenyList.Entry::name)
        .contains("kexec_load", "keyctl", "io_uring_setup")
        .doesNotContain("mount", "unshare", "bpf");
  }

  @ParameterizedTest
  @EnumSource
  void processesAreMadeButNoNamespaces(Arch arch) {
    int clone = number(arch, 56, 220);
    int unshare = number(arch, 272, 97);
    int sigchld = 17;
    int newuser = 0x1000_0000;
    int newns = 0x2_0000;
    int vmAndThread = 0x3d0f00;
    assertThat(verdict(arch, USUAL, clone, sigchld)).isEqualTo(ALLOW);
    assertThat(verdict(arch, USUAL, clone, vmAndThread)).isEqualTo(ALLOW);
    assertThat(verdict(arch, USUAL, clone, newuser | sigchld)).isEqualTo(EPERM);
    assertThat(verdict(arch, USUAL, clone, newns)).isEqualTo(EPERM);
    assertThat(verdict(arch, USUAL, 435)).isEqualTo(ENOSYS);
    assertThat(verdict(arch, USUAL, unshare, newuser)).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @EnumSource
  void argumentsCountWhereTheyMatter(Arch arch) {
    int ioctl = number(arch, 16, 29);
    assertThat(verdict(arch, USUAL, ioctl, 0, 0x5412)).as("TIOCSTI").isEqualTo(EPERM);
    assertThat(verdict(arch, USUAL, ioctl, 0, 0xffff_ffff_0000_5412L))
        .as("TIOCSTI, with bits that the kernel does not look at")
        .isEqualTo(EPERM);
    assertThat(verdict(arch, USUAL, ioctl, 0, 0x5413)).as("TIOCGWINSZ").isEqualTo(ALLOW);
    int personality = number(arch, 135, 92);
    assertThat(verdict(arch, USUAL, personality, 0xffff_ffffL)).as("question").isEqualTo(ALLOW);
    assertThat(verdict(arch, USUAL, personality, 0x4_0000)).as("no ASLR").isEqualTo(EPERM);
    int socket = number(arch, 41, 198);
    assertThat(verdict(arch, USUAL, socket, 2)).as("AF_INET").isEqualTo(ALLOW);
    assertThat(verdict(arch, USUAL, socket, 40)).as("AF_VSOCK").isEqualTo(EPERM);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNewerThanTheListIsNotThere(Arch arch) {
    assertThat(verdict(arch, USUAL, 469)).isEqualTo(ALLOW);
    assertThat(verdict(arch, USUAL, 470)).isEqualTo(ENOSYS);
    assertThat(verdict(arch, USUAL, 548)).isEqualTo(ENOSYS);
  }

  @Test
  void theNumbersAreThoseOfTheHeadersWhereThisHostHasThem() throws IOException {
    Map<Arch, Path> headers =
        new TreeMap<>(
            Map.of(
                Arch.X86_64, Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
                Arch.AARCH64, Path.of("/usr/include/asm-generic/unistd.h")));
    headers.values().removeIf(header -> !Files.exists(header));
    Host.requires(!headers.isEmpty(), "the kernel's headers (package linux-libc-dev)");
    for (Map.Entry<Arch, Path> header : headers.entrySet()) {
      Map<String, Integer> numbers =
          Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)")
              .matcher(Files.readString(header.getValue()))
              .results()
              .collect(
                  Collectors.toMap(
                      (MatchResult result) -> result.group(1),
                      result -> Integer.valueOf(result.group(2)),
                      (first, second) -> first));
      for (DenyList.Entry entry : DenyList.entries()) {
        Integer number = entry.numbers().get(header.getKey());
        Integer known = numbers.get(entry.name());
        if (known != null) {
          assertThat(number).as(entry.name()).isEqualTo(known);
        }
      }
    }
  }

  /** A process of its own under the filter, asked to make one call after the other. */
  @Nested
  class OnThisKernel {
    @TempDir Path folder;

    private static final long EPERM_RESULT = -1;
    private static final long ENOSYS_RESULT = -38;

    private final Arch arch = Arch.host();

    private RawStub filtered(CapabilitySet kept) throws IOException {
      RawStub stub = RawStub.start(folder);
      int prctl = number(arch, 157, 167);
      int noNewPrivs = 38;
      assertThat(stub.call(prctl, noNewPrivs, 1, 0, 0, 0)).isZero();
      Filter filter = DenyList.filter(arch, kept);
      long program = stub.place(filter.bytes().toArray());
      long sockFprog = stub.place(filter.length(), program);
      int seccomp = number(arch, 317, 277);
      assertThat(stub.call(seccomp, 1, 0, sockFprog)).as("the kernel takes the filter").isZero();
      return stub;
    }

    @Test
    void theKernelRefusesEveryEntry() throws IOException {
      try (RawStub stub = filtered(USUAL)) {
        for (DenyList.Entry entry : DenyList.entries(USUAL)) {
          if (entry.number(arch).isPresent()) {
            assertThat(stub.call(entry.number(arch).getAsInt(), -1, -1, -1, -1, -1, -1))
                .as(entry.name())
                .isEqualTo(EPERM_RESULT);
          }
        }
      }
    }

    @Test
    void theKernelGoesOnWithAllElse() throws IOException {
      try (RawStub stub = filtered(USUAL)) {
        assertThat(stub.call(number(arch, 39, 172))).as("getpid").isEqualTo(stub.pid());
        assertThat(stub.call(number(arch, 135, 92), 0xffff_ffffL))
            .as("personality")
            .isNotNegative();
        assertThat(stub.call(number(arch, 56, 220), 0x1000_0000L)).isEqualTo(EPERM_RESULT);
        assertThat(stub.call(435)).as("clone3").isEqualTo(ENOSYS_RESULT);
        assertThat(stub.call(470)).as("the next call to come").isEqualTo(ENOSYS_RESULT);
        assertThat(stub.call(number(arch, 41, 198), 40, 1, 0)).isEqualTo(EPERM_RESULT);
      }
    }

    @Test
    void theKernelEndsWhoeverSpeaksThe32BitTongue() throws Exception {
      Host.requires(arch == Arch.X86_64, "a processor that runs i386 as well");
      // mov eax, 20 (getpid of i386); int 0x80; mov edi, eax; mov eax, SYS_exit_group; syscall
      byte[] code = {
        (byte) 0xb8,
        20,
        0,
        0,
        0,
        (byte) 0xcd,
        (byte) 0x80,
        (byte) 0x89,
        (byte) 0xc7,
        (byte) 0xb8,
        (byte) 0xe7,
        0,
        0,
        0,
        0x0f,
        0x05
      };
      try (RawStub stub = filtered(USUAL)) {
        assertThat(stub.becomeCode(code)).isEqualTo(128 + 31);
      }
    }
  }
}
