package dev.terrarium.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.seccomp.WatchList;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.HeardCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** From registers and memory to a call as a person reads it. */
class DecoderTest {
  private static final Places HOME =
      new Places() {
        @Override
        public Optional<String> workingFolder() {
          return Optional.of("/root");
        }

        @Override
        public Optional<String> descriptor(int fd) {
          return fd == 3 ? Optional.of("/etc") : Optional.empty();
        }
      };

  /** Pages of 4096 bytes, some of which are there. */
  private static final class Pages implements Memory {
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();

    Pages put(long address, byte... bytes) {
      for (int i = 0; i < bytes.length; i++) {
        long at = address + i;
        pages.computeIfAbsent(at / 4096, page -> new byte[4096])[(int) (at % 4096)] = bytes[i];
      }
      return this;
    }

    Pages put(long address, String text) {
      return put(address, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    Pages words(long address, long... words) {
      ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
      buffer.asLongBuffer().put(words);
      return put(address, buffer.array());
    }

    private Optional<Byte> at(long address) {
      return Optional.ofNullable(pages.get(address / 4096))
          .map(page -> page[(int) (address % 4096)]);
    }

    @Override
    public Optional<byte[]> text(long address, int most) {
      byte[] text = new byte[most];
      for (int i = 0; i < most; i++) {
        Optional<Byte> next = at(address + i);
        if (next.isEmpty()) {
          return Optional.empty();
        }
        if (next.get() == 0) {
          return Optional.of(Arrays.copyOf(text, i));
        }
        text[i] = next.get();
      }
      return Optional.of(text);
    }

    @Override
    public void close() {}

    @Override
    public Optional<ByteBuffer> bytes(long address, int count) {
      ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        Optional<Byte> next = at(address + i);
        if (next.isEmpty()) {
          return Optional.empty();
        }
        bytes.put(next.get());
      }
      return Optional.of(bytes.flip());
    }
  }

  private static Optional<HeardCall> decode(Memory memory, String name, long... args) {
    int number =
        WatchList.entries().stream()
            .filter(entry -> entry.name().equals(name))
            .findFirst()
            .orElseThrow()
            .number(Arch.X86_64)
            .orElseThrow();
    return new Decoder(Arch.X86_64)
        .decode(Instant.EPOCH, 7, number, Arrays.copyOf(args, 6), memory, HOME);
  }

  private static final long A = 0x7000_0000L;
  private static final long B = 0x7000_8000L;

  @Test
  void pathsAreAsTheyWereGivenAndAsTheyAreMeant() {
    HeardCall call = decode(new Pages().put(A, "motd"), "unlinkat", 3, A, 0).orElseThrow();
    assertThat(call).hasToString("unlinkat(3, \"motd\", 0) = ?");
    assertThat(call.paths()).containsExactly("/etc/motd");

    Pages names = new Pages().put(A, "../etc//motd").put(B, "/tmp/./x");
    HeardCall renamed = decode(names, "renameat2", -100, A, 3, B, 1).orElseThrow();
    assertThat(renamed)
        .hasToString(
            "renameat2(AT_FDCWD, \"../etc//motd\", 3, \"/tmp/./x\", RENAME_NOREPLACE) = ?");
    assertThat(renamed.paths()).containsExactly("/etc/motd", "/tmp/x");
  }

  @Test
  void aDescriptorIsMeantWhereThePathIsEmpty() {
    HeardCall call =
        decode(new Pages().put(A, ""), "fchownat", 3, A, 1000, -1, 0x1000).orElseThrow();
    assertThat(call).hasToString("fchownat(3, \"\", 1000, -1, AT_EMPTY_PATH) = ?");
    assertThat(call.paths()).containsExactly("/etc");
  }

  @Test
  void flagsHaveTheirNames() {
    Pages tmpfs = new Pages().put(A, "tmpfs").put(B, "/mnt");
    assertThat(decode(tmpfs, "mount", A, B, A, 0x8006, 0).orElseThrow())
        .hasToString(
            "mount(\"tmpfs\", \"/mnt\", \"tmpfs\", MS_NOSUID|MS_NODEV|MS_SILENT, NULL) = ?");
    assertThat(decode(new Pages(), "unshare", 0x2000_0000L | 0x2_0000).orElseThrow())
        .hasToString("unshare(CLONE_NEWNS|CLONE_NEWPID) = ?");
    assertThat(decode(new Pages(), "kill", 1, 15).orElseThrow())
        .hasToString("kill(1, SIGTERM) = ?");
    assertThat(decode(new Pages().put(A, "x"), "openat", -100, A, 0x241, 0644).orElseThrow())
        .hasToString("openat(AT_FDCWD, \"x\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = ?");
    assertThat(decode(new Pages().put(A, "x"), "openat", -100, A, 1, 0777).orElseThrow())
        .hasToString("openat(AT_FDCWD, \"x\", O_WRONLY) = ?");
  }

  @Test
  void aNameIsAsLongAsItsLengthSays() {
    assertThat(decode(new Pages().put(A, "glasshouse"), "sethostname", A, 5).orElseThrow())
        .hasToString("sethostname(\"glass\", 5) = ?");
  }

  @Test
  void programsComeWithTheirWords() {
    Pages program =
        new Pages()
            .put(A, "/bin/rm")
            .put(B, "rm")
            .put(B + 16, "/etc/motd")
            .words(A + 512, B, B + 16, 0)
            .words(A + 1024, B, B, 0);
    HeardCall call = decode(program, "execve", A, A + 512, A + 1024).orElseThrow();
    assertThat(call)
        .hasToString("execve(\"/bin/rm\", [\"rm\", \"/etc/motd\"], 0x70000400 /* 2 vars */) = ?");
    assertThat(call.paths()).containsExactly("/bin/rm");
  }

  @Test
  void manyWordsAreCutOff() {
    long[] same = new long[40];
    Arrays.fill(same, A);
    // The vector goes on to the last byte of the last page that is there.
    long vector = B + 4096 - 41 * 8;
    Pages program = new Pages().put(A, "x").words(vector, Arrays.copyOf(same, 41));
    assertThat(decode(program, "execve", A, vector, vector).orElseThrow().toString())
        .contains("\"x\", \"…\"], 0x")
        .endsWith("/* 40 vars */) = ?");
  }

  @Test
  void whatLeadsNowhereIsAnAddress() {
    HeardCall nowhere = decode(new Pages(), "unlinkat", -100, 0x10, 0).orElseThrow();
    assertThat(nowhere).hasToString("unlinkat(AT_FDCWD, 0x10, 0) = ?");
    assertThat(nowhere.paths()).isEmpty();
    assertThat(decode(new Pages(), "rmdir", 0).orElseThrow()).hasToString("rmdir(NULL) = ?");
    assertThat(decode(new Pages(), "sethostname", A, Long.MAX_VALUE).orElseThrow())
        .hasToString("sethostname(0x70000000, 9223372036854775807) = ?");
  }

  @Test
  void aPathThatIsTooLongIsCutOffAndLeadsNowhere() {
    HeardCall call = decode(new Pages().put(A, "x".repeat(5000)), "rmdir", A).orElseThrow();
    assertThat(call.toString()).hasSizeLessThan(4200).contains("xxx…\"");
    assertThat(call.paths()).isEmpty();
  }

  @Test
  void flagsInMemoryDecideWhetherACallIsOfInterest() {
    Pages reads = new Pages().put(A, "motd").words(B, 0, 0, 0);
    assertThat(decode(reads, "openat2", 3, A, B, 24)).isEmpty();
    Pages makes = new Pages().put(A, "motd").words(B, 0x41, 0600, 0);
    assertThat(decode(makes, "openat2", 3, A, B, 24).orElseThrow())
        .hasToString("openat2(3, \"motd\", {flags=O_WRONLY|O_CREAT, mode=0600}, 24) = ?");

    assertThat(decode(new Pages().words(A, 0x3d_0f00L), "clone3", A, 88)).isEmpty();
    assertThat(decode(new Pages().words(A, 0x2000_0000L), "clone3", A, 88).orElseThrow())
        .hasToString("clone3({flags=CLONE_NEWPID}, 88) = ?");
  }
}
