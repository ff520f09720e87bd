package dev.terrarium.engine.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.syscall.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What GNU tar writes is read to the byte, what is written is read by GNU tar, and damage is told.
 */
class TarReaderTest {
  @TempDir Path folder;

  private record Member(TarEntry entry, Bytes content) {
    String text() {
      return new String(content.toArray(), StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Member> read(byte[] archive) throws IOException {
    return read(archive, TarLimits.USUAL);
  }

  private static List<Member> read(byte[] archive, TarLimits limits) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive), limits);
    List<Member> members = new ArrayList<>();
    Optional<TarEntry> next = reader.next();
    while (next.isPresent()) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] buffer = new byte[1000];
      int got = reader.read(buffer, 0, buffer.length);
      while (got > 0) {
        content.write(buffer, 0, got);
        got = reader.read(buffer, 0, buffer.length);
      }
      members.add(new Member(next.get(), Bytes.of(content.toByteArray())));
      next = reader.next();
    }
    return members;
  }

  private byte[] tar(String... arguments) throws IOException, InterruptedException {
    Path archive = folder.resolve("out.tar");
    List<String> command = new ArrayList<>(List.of("tar", "-cf", archive.toString()));
    command.addAll(List.of("-C", folder.toString()));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return Files.readAllBytes(archive);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "oldgnu", "pax", "posix", "ustar", "v7"})
  void readsEveryFormatOfGnuTar(String format) throws Exception {
    Files.createDirectory(folder.resolve("box"));
    Files.writeString(folder.resolve("box/file"), "hello");
    Files.createSymbolicLink(folder.resolve("box/link"), Path.of("file"));
    Files.createLink(folder.resolve("box/second"), folder.resolve("box/file"));
    List<Member> members = read(tar("--format=" + format, "--sort=name", "box"));
    assertThat(members.stream().map(m -> m.entry().path() + " " + m.entry().type()))
        .containsExactly(
            "box/ FOLDER", "box/file FILE", "box/link SYMLINK", "box/second HARD_LINK");
    assertThat(members.get(1).text()).isEqualTo("hello");
    assertThat(members.get(2).entry().link()).isEqualTo("file");
    assertThat(members.get(3).entry().link()).isEqualTo("box/file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "pax"})
  void readsNamesOfAnyLength(String format) throws Exception {
    String deep = ("d".repeat(120) + "/").repeat(3) + "f".repeat(200);
    Files.createDirectories(folder.resolve(("d".repeat(120) + "/").repeat(3)));
    Files.writeString(folder.resolve(deep), "deep");
    assertThat(read(tar("--format=" + format, deep)).getLast().entry().path()).isEqualTo(deep);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=gnu",
        "--format=pax --sparse-version=0.0",
        "--format=pax --sparse-version=0.1",
        "--format=pax --sparse-version=1.0"
      })
  void readsEverySparseFormat(String options) throws Exception {
    Path sparse = folder.resolve("sparse");
    try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.seek(1 << 20);
      file.write("middle".getBytes(StandardCharsets.US_ASCII));
      file.seek(3 << 20);
      file.write("end".getBytes(StandardCharsets.US_ASCII));
      file.setLength((4 << 20) + 17);
    }
    List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
    arguments.addAll(List.of("--sparse", "sparse"));
    Member member = read(tar(arguments.toArray(String[]::new))).getFirst();
    assertThat(member.entry().path()).isEqualTo("sparse");
    assertThat(member.entry().sparse()).isTrue();
    assertThat(member.entry().size()).isEqualTo((4 << 20) + 17);
    byte[] whole = new byte[(4 << 20) + 17];
    int at = 0;
    for (TarEntry.Extent extent : member.entry().data()) {
      System.arraycopy(
          member.content().toArray(), at, whole, (int) extent.offset(), (int) extent.length());
      at += (int) extent.length();
    }
    assertThat(whole).isEqualTo(Files.readAllBytes(sparse));
  }

  @Test
  void keepsAttributesAndNamesAsBytes() throws Exception {
    byte[] capability = {1, 0, 0, 2, 0, (byte) 0xff, (byte) 0x80, 0, 10, '=', 0};
    String name = "no-text-\u00ff\u00fe";
    TarEntry entry =
        new TarEntry(
            name,
            TarEntry.Type.FILE,
            "",
            04755,
            3_000_000_000L,
            7,
            3,
            -5,
            250_000_000,
            0,
            0,
            Map.of("security.capability", capability),
            List.of(),
            false);
    byte[] archive = write(entry, "abc");
    assertThat(write(entry, "abc")).as("the same again").isEqualTo(archive);
    Member back = read(archive).getFirst();
    assertThat(back.entry().path()).isEqualTo(name);
    assertThat(back.entry().mode()).isEqualTo(04755);
    assertThat(back.entry().uid()).isEqualTo(3_000_000_000L);
    assertThat(back.entry().modified()).isEqualTo(-5);
    assertThat(back.entry().modifiedNanos()).isEqualTo(250_000_000);
    assertThat(back.entry().attributes().get("security.capability")).isEqualTo(capability);
    assertThat(back.text()).isEqualTo("abc");
  }

  private static byte[] write(TarEntry entry, String content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(out)) {
      writer.put(entry, new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return out.toByteArray();
  }

  @Test
  void whatIsWrittenGnuTarReads() throws Exception {
    String deep = "x".repeat(90) + "/" + "y".repeat(150) + "/" + "z".repeat(120);
    TarEntry sparse =
        new TarEntry(
            deep,
            TarEntry.Type.FILE,
            "",
            0640,
            0,
            0,
            100_000,
            1_700_000_000,
            0,
            0,
            0,
            Map.of(),
            List.of(new TarEntry.Extent(50_000, 5)),
            true);
    Path archive = folder.resolve("ours.tar");
    Files.write(archive, write(sparse, "hello"));
    Process process =
        new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(process.waitFor()).isZero();
    byte[] content = Files.readAllBytes(folder.resolve(deep));
    assertThat(content.length).isEqualTo(100_000);
    assertThat(new String(content, 50_000, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
  }

  @Test
  void aCutOffArchiveIsToldFromAWholeOne() throws Exception {
    Files.writeString(folder.resolve("file"), "x".repeat(2000));
    byte[] whole = tar("--format=pax", "file");
    assertThat(read(whole)).hasSize(1);
    for (int length : new int[] {0, 100, 512, 1500, 2048, 3584}) {
      assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(TarFormatException.class);
    }
  }

  @Test
  void everyFlippedBitOfAHeaderIsNoticed() throws Exception {
    Files.writeString(folder.resolve("file"), "hello");
    byte[] whole = tar("--format=ustar", "file");
    for (int at = 0; at < 345; at++) {
      if (at >= 148 && at < 156) {
        continue; // the check sum's own field may be written in several ways
      }
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> read(damaged)).isInstanceOf(TarFormatException.class);
    }
  }

  @Test
  void limitsAreKept() throws Exception {
    for (int i = 0; i < 5; i++) {
      Files.writeString(folder.resolve("file" + i), "x".repeat(100));
    }
    byte[] archive = tar("file0", "file1", "file2", "file3", "file4");
    assertThatThrownBy(() -> read(archive, new TarLimits(4, 1 << 20, 4095, 1 << 20)))
        .hasMessageContaining("more than 4 members");
    assertThatThrownBy(() -> read(archive, new TarLimits(100, 450, 4095, 1 << 20)))
        .hasMessageContaining("more than 450 bytes");
    TarEntry fat =
        new TarEntry(
            "fat",
            TarEntry.Type.FILE,
            "",
            0644,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Map.of("user.fat", new byte[5000]),
            List.of(),
            false);
    assertThatThrownBy(() -> read(write(fat, ""), new TarLimits(100, 1 << 20, 4095, 4096)))
        .hasMessageContaining("extended header of");
  }

  @Test
  void contentMayBeLeftUnread() throws Exception {
    Files.writeString(folder.resolve("a"), "x".repeat(5000));
    Files.writeString(folder.resolve("b"), "second");
    InputStream in = new ByteArrayInputStream(tar("a", "b"));
    TarReader reader = new TarReader(in, TarLimits.USUAL);
    assertThat(reader.next().orElseThrow().path()).isEqualTo("a");
    assertThat(reader.next().orElseThrow().path()).isEqualTo("b");
    assertThat(reader.next()).isEmpty();
  }
}
