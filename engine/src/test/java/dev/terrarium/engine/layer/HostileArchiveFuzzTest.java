package dev.terrarium.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.file.FileException;
import dev.terrarium.engine.journal.Trees;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarFormatException;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import dev.terrarium.engine.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives that nobody honest would write: members drawn at random from what has fooled unpackers
 * before, three layers of them on top of each other, and then bytes changed, cut out and repeated.
 *
 * <p>{@code -Dterrarium.fuzz=10000} for a long run, {@code -Dterrarium.fuzz.seed=N} to repeat one.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileArchiveFuzzTest {
  private static final int CASES = Integer.getInteger("terrarium.fuzz", 300);
  private static final long SEED = Long.getLong("terrarium.fuzz.seed", 20_260_101);

  private static final TarLimits LIMITS = new TarLimits(1000, 1 << 20, 4095, 1 << 16);

  /** What one case may take, generously: none does a tenth of that. */
  private static final long MOST_ALLOCATED = 128 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<String> HARMLESS =
      List.of("a", "b", "c/d", "c/e", "c/f/g", "A", "c/D", "link", ".wh.b", "c/.wh..wh..opq");

  @TempDir Path folder;
  private Path outside;
  private Map<String, String> outsideBefore;

  @BeforeEach
  void layOutBait() throws IOException {
    Host.requiresRoot();
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "bait");
    Files.createDirectory(outside.resolve("dir"));
    Files.createDirectory(folder.resolve("work"));
    outsideBefore = state(outside);
  }

  /** Names, kinds, content and attributes of a tree. */
  private static Map<String, String> state(Path root) throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        state.put(
            path.toString(),
            Files.readAttributes(path, "unix:mode,uid,gid,nlink,ctime")
                + (Files.isRegularFile(path) ? Files.readString(path) : ""));
      }
    }
    return state;
  }

  @Test
  void neverReachOutsideNorTakeLongNorFailUnclearly() throws IOException {
    int refused = 0;
    for (int number = 0; number < CASES; number++) {
      refused += one(SEED + number) ? 1 : 0;
    }
    assertThat(refused)
        .as("some are refused, some are not")
        .isBetween(CASES / 10, CASES * 99 / 100);
  }

  /** Whether it was refused. */
  private boolean one(long seed) throws IOException {
    Random random = new Random(seed);
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    boolean refused = false;
    List<Path> layers = new ArrayList<>();
    try {
      for (int layer = 0; layer < 3; layer++) {
        byte[] archive = damaged(archive(random), random);
        Path target = Files.createDirectory(folder.resolve("work/" + layer));
        try (LayerUnpacker unpacker = new LayerUnpacker(target, layers, true)) {
          unpacker.unpack(
              new TarReader(new ByteArrayInputStream(archive), LIMITS),
              entry -> {},
              "layer",
              Progress.NONE);
        }
        layers.addFirst(target);
      }
    } catch (TarFormatException | LayerException | FileException e) {
      refused = true;
      String said = String.valueOf(e.getMessage());
      assertThat(said).as("seed %d", seed).isNotBlank().isNotEqualTo("null");
      assertThat(said.chars().allMatch(c -> c >= ' ' && c != 0x7f))
          .as("seed %d: %s", seed, said)
          .isTrue();
      assertThat(said.length()).as("seed %d", seed).isLessThan(20_000);
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
        .as("seed %d: memory", seed)
        .isLessThan(MOST_ALLOCATED);
    assertThat(state(outside)).as("seed %d: outside", seed).isEqualTo(outsideBefore);
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside).as("seed %d: beside", seed).hasSize(2);
    }
    for (int layer = 0; layer < 3; layer++) {
      Trees.remove(folder.resolve("work/" + layer));
    }
    return refused;
  }

  // What they are made of.

  /** How many of a hundred names and links are hostile: where all are, the first ends it all. */
  private int malice;

  private final List<String> before = new ArrayList<>();

  private String name(Random random) {
    if (random.nextInt(100) >= malice) {
      String name = HARMLESS.get(random.nextInt(HARMLESS.size()));
      before.add(name);
      return name;
    }
    String up = "../".repeat(1 + random.nextInt(8));
    List<String> hostile =
        List.of(
            "a",
            "b",
            "a/b",
            "a/b/c",
            "link",
            "link/x",
            "link/link/y",
            "A",
            "a/B",
            "./a",
            "a/./b//c/",
            up + "outside/file",
            up + "outside/new",
            "/" + outside + "/file",
            outside + "/new",
            "a/" + up + "b",
            "..",
            ".",
            "/",
            "",
            "a/..",
            "link/..",
            "link/../../outside/file",
            ".wh.a",
            ".wh..",
            ".wh...",
            ".wh.",
            "a/.wh.b",
            "a/.wh..wh..opq",
            ".wh..wh..opq",
            ".wh..wh.plnk",
            "link/.wh.file",
            "link/.wh..wh..opq",
            "\u001b[2J\n\r",
            "\u00ff\u00fe",
            "n".repeat(255),
            "n".repeat(256),
            "d/".repeat(200) + "x",
            "proc/self/root/" + outside + "/new",
            "dev/sda");
    return hostile.get(random.nextInt(hostile.size()));
  }

  private String target(Random random) {
    if (random.nextInt(100) >= malice) {
      return before.isEmpty() ? "a" : before.get(random.nextInt(before.size()));
    }
    String up = "../".repeat(1 + random.nextInt(10));
    List<String> hostile =
        List.of(
            outside.toString(),
            outside + "/dir",
            up + "outside",
            up + "outside/file",
            "/",
            "..",
            ".",
            "link",
            "a",
            "/a",
            "a/b",
            "/proc/self/root",
            "/proc/self/fd/3",
            "x".repeat(4000),
            "",
            up);
    return hostile.get(random.nextInt(hostile.size()));
  }

  private byte[] archive(Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    malice = random.nextInt(4) * random.nextInt(30);
    before.clear();
    int members = 1 + random.nextInt(12);
    for (int i = 0; i < members; i++) {
      put(writer, random);
    }
    writer.close();
    return out.toByteArray();
  }

  private void put(TarWriter writer, Random random) throws IOException {
    List<TarEntry.Type> types = List.of(TarEntry.Type.values());
    TarEntry.Type type = types.get(random.nextInt(types.size()));
    boolean file = type == TarEntry.Type.FILE;
    byte[] content = new byte[file ? random.nextInt(2000) : 0];
    boolean linked = type == TarEntry.Type.SYMLINK || type == TarEntry.Type.HARD_LINK;
    // Links with a path that others go through are what escapes are made of.
    boolean hardLink = type == TarEntry.Type.HARD_LINK;
    String to = linked ? target(random) : "";
    String path =
        hardLink
            ? "hard" + random.nextInt(1000)
            : type == TarEntry.Type.SYMLINK && random.nextBoolean() ? "link" : name(random);
    TarEntry entry =
        new TarEntry(
            path,
            type,
            to,
            random.nextInt(010000),
            random.nextInt(3) * 1000L,
            random.nextInt(3) * 1000L,
            content.length,
            random.nextInt(),
            random.nextInt(1_000_000_000),
            random.nextInt(300),
            random.nextInt(300),
            attributes(random),
            List.of(),
            false);
    writer.put(
        file && random.nextInt(4) == 0 ? sparse(entry, content.length) : entry,
        new ByteArrayInputStream(content));
  }

  /** A hole in the middle; all that is stored lies around it. */
  private static TarEntry sparse(TarEntry entry, int stored) {
    TarEntry larger =
        new TarEntry(
            entry.path(),
            entry.type(),
            "",
            entry.mode(),
            entry.uid(),
            entry.gid(),
            stored + 5000L,
            entry.modified(),
            entry.modifiedNanos(),
            0,
            0,
            entry.attributes(),
            List.of(),
            false);
    return larger.withHoles(
        List.of(
            new TarEntry.Extent(0, stored / 2),
            new TarEntry.Extent(5000L + stored / 2, stored - stored / 2)));
  }

  private Map<String, byte[]> attributes(Random random) {
    List<String> names =
        List.of(
            "user.x",
            "security.capability",
            "trusted.overlay.opaque",
            "trusted.overlay.redirect",
            "trusted.overlay.metacopy",
            "user.overlay.whiteout",
            "nonsense",
            "user." + "y".repeat(300),
            "user.\n");
    Map<String, byte[]> attributes = new TreeMap<>();
    if (random.nextInt(100) < malice) {
      byte[] value = new byte[random.nextInt(10) == 0 ? 40_000 : random.nextInt(30)];
      random.nextBytes(value);
      attributes.put(names.get(random.nextInt(names.size())), value);
    }
    return attributes;
  }

  // What is done to them.

  /** Every other one is left whole, so that the members' own malice is tried. */
  private static byte[] damaged(byte[] archive, Random random) {
    if (random.nextInt(3) > 0) {
      return archive;
    }
    byte[] bytes = archive.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      bytes = damage(bytes, random);
    }
    return bytes;
  }

  private static byte[] damage(byte[] bytes, Random random) {
    if (bytes.length < 1024) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    int block = random.nextInt(bytes.length / 512) * 512;
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        return java.util.Arrays.copyOf(bytes, at);
      }
      case 3 -> {
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.write(bytes, 0, block);
        twice.write(bytes, Math.max(0, block - 512), 512);
        twice.write(bytes, block, bytes.length - block);
        return twice.toByteArray();
      }
      case 4 -> number(bytes, block, random);
      default -> {
        System.arraycopy(bytes, block, bytes, random.nextInt(bytes.length / 512) * 512, 512);
      }
    }
    return bytes;
  }

  /** Another size, id or type in what may be a header, whose check sum is right again. */
  private static void number(byte[] bytes, int block, Random random) {
    List<Integer> fields = List.of(100, 108, 116, 124, 136, 156, 329, 337, 386, 482, 483);
    int field = block + fields.get(random.nextInt(fields.size()));
    List<String> values =
        List.of(
            "77777777777",
            "00000000000",
            "-1",
            "99",
            "x",
            "S",
            "\u0080\0\0\0\0\0\0\1",
            "\u00ff",
            " ");
    byte[] value = values.get(random.nextInt(values.size())).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(value, 0, bytes, field, Math.min(value.length, bytes.length - field));
    long sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : bytes[block + i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, bytes, block + 148, 8);
  }
}
