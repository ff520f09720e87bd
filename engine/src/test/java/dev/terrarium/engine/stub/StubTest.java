package dev.terrarium.engine.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the generated program does, on this processor and, emulated, on the other one. */
class StubTest {
  @TempDir Path folder;
  final List<SyscallEvent> trace = new ArrayList<>();

  private Path program(Arch arch) throws IOException {
    Path program = Files.write(folder.resolve("stub"), StubImage.elf(arch));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  private Stub start() throws IOException {
    return Stub.start(program(Arch.host()), Arch.host(), trace::add);
  }

  /** The node name of a struct utsname: the second string of 65 bytes. */
  private static String nodeName(Outcome uname) {
    Bytes utsname = uname.memory().getFirst();
    String text = new String(utsname.toArray(), 65, 65, StandardCharsets.UTF_8);
    return text.substring(0, text.indexOf('\0'));
  }

  @Test
  void isAFewHundredBytesLong() {
    assertThat(StubImage.elf(Arch.X86_64)).hasSizeLessThan(400);
    assertThat(StubImage.elf(Arch.AARCH64)).hasSizeLessThan(400);
  }

  @Nested
  class OnThisProcessor {
    @Test
    void answersWithItsOwnProcessId() throws IOException {
      try (Stub stub = start()) {
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void bringsBackWhatTheKernelWroteIntoMemory() throws IOException {
      try (Stub stub = start()) {
        String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(nodeName(stub.make(Calls.uname()))).isEqualTo(hostname);
      }
    }

    @Test
    void namesTheErrorOfARefusedCall() throws IOException {
      try (Stub stub = start()) {
        assertThatThrownBy(() -> stub.make(Calls.chdir("/no/such/folder")))
            .isInstanceOf(SyscallException.class)
            .hasMessage("chdir(\"/no/such/folder\") failed: ENOENT, no such file or directory");
      }
      assertThat(trace).hasSize(1);
      assertThat(trace.getFirst().result()).isEqualTo(-1);
      assertThat(trace.getFirst().errno().orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void takesARequestThatIsLongerThanAPipeDeliversAtOnce() throws IOException {
      try (Stub stub = start()) {
        String path = "/" + "x".repeat(60_000);
        assertThatThrownBy(() -> stub.make(Calls.chdir(path))).hasMessageContaining("ENAMETOOLONG");
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void refusesARequestThatDoesNotFitBeforeSendingIt() throws IOException {
      try (Stub stub = start()) {
        assertThatThrownBy(() -> stub.make(Calls.chdir("/" + "x".repeat(70_000))))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void handsTheChannelToAChildAndBack() throws IOException {
      try (Stub stub = start()) {
        int child = stub.cloneChild(0, pid -> Optional.of("child " + pid));
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(child).isNotEqualTo(stub.pid());
        stub.leave(7);
        assertThat(stub.reap(child)).isEqualTo(7 << 8);
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
      assertThat(trace)
          .extracting(SyscallEvent::name)
          .containsExactly("clone", "getpid", "exit_group", "wait4", "getpid");
    }

    @Test
    void becomesAProgramAndLearnsHowItEnded() throws IOException {
      try (Stub stub = start()) {
        int child = stub.cloneChild(0, pid -> Optional.empty());
        stub.exec("/bin/sh", List.of("sh", "-c", "exit 42"), List.of());
        assertThat(stub.reap(child)).isEqualTo(42 << 8);
      }
    }

    @Test
    void tellsAKilledChildFromAnAnswer() throws IOException {
      try (Stub stub = start()) {
        int child = stub.cloneChild(0, pid -> Optional.empty());
        assertThat(Posix.kill(child, 9)).isTrue();
        // Whatever the dead child did not read reaches its parent, which must not do it in the
        // child's place.
        assertThatThrownBy(() -> stub.make(Calls.chdir("/proc/self")))
            .isInstanceOf(ChildLostException.class)
            .hasMessageContaining("process " + child);
        assertThat(Path.of("/proc/" + stub.pid() + "/cwd").toRealPath())
            .isNotEqualTo(Path.of("/proc/" + stub.pid()));
        assertThat(stub.reap(child) & 0x7f).isEqualTo(9);
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void endsWhenNobodyIsLeftToAsk() throws IOException {
      Stub stub = start();
      stub.make(Calls.getpid());
      stub.close();
      assertThat(stub.alive()).isFalse();
    }
  }

  @Nested
  class OnAarch64 {
    /** Plain calls only: the emulator translates them, but cannot emulate clone with namespaces. */
    private Stub startEmulated() throws IOException {
      Optional<Path> emulator =
          List.of("/usr/bin/qemu-aarch64-static", "/usr/bin/qemu-aarch64").stream()
              .map(Path::of)
              .filter(Files::isExecutable)
              .findFirst();
      dev.terrarium.engine.Host.requires(
          emulator.isPresent(), "qemu-aarch64-static (package qemu-user-static)");
      return Stub.start(
          List.of(emulator.orElseThrow().toString(), program(Arch.AARCH64).toString()),
          Arch.AARCH64,
          trace::add);
    }

    @Test
    void answersWithItsOwnProcessId() throws IOException {
      try (Stub stub = startEmulated()) {
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void bringsBackWhatTheKernelWroteIntoMemory() throws IOException {
      try (Stub stub = startEmulated()) {
        String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(nodeName(stub.make(Calls.uname()))).isEqualTo(hostname);
      }
    }

    @Test
    void namesTheErrorOfARefusedCall() throws IOException {
      try (Stub stub = startEmulated()) {
        Call call = Calls.chdir("/no/such/folder");
        assertThatThrownBy(() -> stub.make(call)).hasMessageContaining("ENOENT");
      }
    }

    @Test
    void endsWhenNobodyIsLeftToAsk() throws IOException {
      Stub stub = startEmulated();
      stub.make(Calls.getpid());
      stub.close();
      assertThat(stub.alive()).isFalse();
    }
  }
}
