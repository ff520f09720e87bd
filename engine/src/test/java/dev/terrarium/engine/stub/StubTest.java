package dev.terrarium.engine.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import dev.terrarium.engine.syscall.Call;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.Outcome;
import dev.terrarium.engine.syscall.Syscall;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the generated program does, on this processor and, emulated, on the other one. */
@Timeout(60)
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

  /** As happens when a child dies before it reads its request, and its parent reads both. */
  private static void assertTwoAtOnceAreAnswered(List<String> command, Arch arch)
      throws IOException, InterruptedException {
    Process stub = new ProcessBuilder(command).start();
    ByteBuffer requests =
        ByteBuffer.allocate(2 * StubImage.HEADER + 8).order(ByteOrder.LITTLE_ENDIAN);
    // The first is longer than the second, and meant for a generation that is not there.
    requests.putLong(0, StubImage.HEADER + 8).putLong(8, Syscall.CHDIR.number(arch));
    requests.putLong(64, StubImage.HEADER).putLong(72, 0x101);
    int second = StubImage.HEADER + 8;
    requests.putLong(second, StubImage.HEADER).putLong(second + 8, Syscall.GETPID.number(arch));
    requests.putLong(second + 64, StubImage.HEADER).putLong(second + 72, 0x200);
    try (OutputStream channel = stub.getOutputStream()) {
      channel.write(requests.array());
    }
    ByteBuffer replies =
        ByteBuffer.wrap(stub.getInputStream().readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(stub.waitFor()).isZero();
    assertThat(replies.capacity()).isEqualTo(2 * StubImage.HEADER);
    assertThat(replies.getLong(0)).as("-ESRCH").isEqualTo(-3);
    assertThat(replies.getLong(StubImage.HEADER)).isEqualTo(stub.pid());
  }

  @Test
  void isAFewHundredBytesLong() {
    assertThat(StubImage.elf(Arch.X86_64)).hasSizeLessThan(450);
    assertThat(StubImage.elf(Arch.AARCH64)).hasSizeLessThan(450);
  }

  @Nested
  class OnThisProcessor {
    @Test
    void ofCallsMadeAtOnceEachIsTracedAndTheFirstRefusalThrown() throws IOException {
      try (Stub stub = start()) {
        List<Call> calls =
            List.of(Calls.getpid(), Calls.close(77), Calls.close(78), Calls.getpid());
        assertThatThrownBy(() -> stub.makeAll(calls))
            .isInstanceOf(SyscallException.class)
            .hasMessageContaining("close(77)");
        assertThat(trace)
            .extracting(SyscallEvent::name)
            .containsExactly("getpid", "close", "close", "getpid");
        assertThat(trace.getLast().result()).isEqualTo(stub.pid());
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void callsMadeAtOnceByAChildThatWasKilledAreNotMadeByItsParent() throws IOException {
      try (Stub stub = start()) {
        int child = stub.cloneChild(0, pid -> Optional.empty());
        Posix.kill(child, Calls.SIGKILL);
        assertThatThrownBy(() -> stub.makeAll(List.of(Calls.setsid(), Calls.getpid())))
            .isInstanceOf(ChildLostException.class);
        assertThat(stub.reap(child)).isEqualTo(Calls.SIGKILL);
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
      }
    }

    @Test
    void whatIsPreparedIsPlayedAsOftenAsIsWanted() throws IOException {
      try (Stub stub = start()) {
        Playback playback =
            stub.prepare(
                List.of(
                    Calls.clone(Calls.CLONE_VFORK | Calls.SIGCHLD),
                    Calls.setsid(),
                    Calls.execve("/bin/true", List.of("true"), List.of()),
                    Calls.wait4(-1)));
        playback.play();
        playback.play();
        assertThat(stub.make(Calls.getpid()).result()).isEqualTo(stub.pid());
        Playback missing = stub.prepare(List.of(Calls.chdir("/not/there")));
        assertThatThrownBy(missing::play).isInstanceOf(SyscallException.class);
      }
    }

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

    @RepeatedTest(20)
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
    void answersTwoRequestsThatArriveAtOnce() throws Exception {
      assertTwoAtOnceAreAnswered(List.of(program(Arch.host()).toString()), Arch.host());
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
    private List<String> emulated() throws IOException {
      Optional<Path> emulator =
          List.of("/usr/bin/qemu-aarch64-static", "/usr/bin/qemu-aarch64").stream()
              .map(Path::of)
              .filter(Files::isExecutable)
              .findFirst();
      dev.terrarium.engine.Host.requires(
          emulator.isPresent(), "qemu-aarch64-static (package qemu-user-static)");
      return List.of(emulator.orElseThrow().toString(), program(Arch.AARCH64).toString());
    }

    private Stub startEmulated() throws IOException {
      return Stub.start(emulated(), Arch.AARCH64, trace::add);
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
    void answersTwoRequestsThatArriveAtOnce() throws Exception {
      assertTwoAtOnceAreAnswered(emulated(), Arch.AARCH64);
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
