package dev.terrarium.engine.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.log.ContainerLog.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of what a container prints. */
@Timeout(30)
class ContainerLogTest {
  @TempDir Path parent;

  private Path folder() throws IOException {
    return Files.createDirectory(parent.resolve("box"));
  }

  private static void print(ContainerLog log, Stream stream, String text) {
    log.carry(new ByteArrayInputStream(text.getBytes(UTF_8)), stream);
  }

  private static String read(Path folder, Stream wanted) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ContainerLog.read(
        folder,
        () -> false,
        (at, stream, printed) -> {
          if (stream == wanted) {
            out.writeBytes(printed);
          }
        });
    return out.toString(UTF_8);
  }

  @Test
  void givesBackEachStreamToTheByte() throws Exception {
    Path folder = folder();
    String odd = "two\n\nblank lines, 中文, \0 and a \r, and no end";
    try (ContainerLog log = ContainerLog.in(folder)) {
      print(log, Stream.STDOUT, odd);
      print(log, Stream.STDERR, "oops\n");
    }

    assertThat(read(folder, Stream.STDOUT)).isEqualTo(odd);
    assertThat(read(folder, Stream.STDERR)).isEqualTo("oops\n");
  }

  @Test
  void isALineForEachEntryWithTimeAndStream() throws Exception {
    Path folder = folder();
    try (ContainerLog log = ContainerLog.in(folder)) {
      print(log, Stream.STDERR, "full\npart");
    }

    assertThat(Files.readAllLines(folder.resolve("log")))
        .satisfiesExactly(
            line -> assertThat(line).matches("2\\d{3}-.*Z stderr F full"),
            line -> assertThat(line).matches("2\\d{3}-.*Z stderr P part"));
  }

  @Test
  void losesTheOldestWhenItGetsLong() throws Exception {
    Path folder = folder();
    try (ContainerLog log = ContainerLog.in(folder, 2_000)) {
      for (int i = 0; i < 1_000; i++) {
        print(log, Stream.STDOUT, "line " + i + "\n");
      }
    }

    List<String> lines = read(folder, Stream.STDOUT).lines().toList();
    assertThat(lines.getLast()).isEqualTo("line 999");
    assertThat(lines).hasSizeBetween(10, 60);
    int first = 1_000 - lines.size();
    assertThat(lines.getFirst()).isEqualTo("line " + first);
    assertThat(Files.size(folder.resolve("log")) + Files.size(folder.resolve("log.1")))
        .isLessThanOrEqualTo(2_000);
  }

  @Test
  void canBeFollowedThroughATurnAsLongAsMoreMayCome() throws Exception {
    Path folder = folder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean more = new AtomicBoolean(true);
    CompletableFuture<Void> follower;
    try (ContainerLog log = ContainerLog.in(folder, 2_000)) {
      print(log, Stream.STDOUT, "line 0\n");
      follower =
          CompletableFuture.runAsync(() -> {
            try {
              ContainerLog.read(
                  folder,
                  more::get,
                  (at, stream, printed) -> {
                    out.writeBytes(printed);
                    begun.countDown();
                  });
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      begun.await();
      for (int i = 1; i < 25; i++) {
        print(log, Stream.STDOUT, "line " + i + "\n");
      }
    }
    assertThat(folder.resolve("log.1")).exists();
    more.set(false);
    follower.get(10, TimeUnit.SECONDS);

    assertThat(out.toString(UTF_8).lines().toList()).contains("line 0", "line 24");
  }

  @Test
  void whatHasNoLogIsSaidToHaveNone() {
    assertThatThrownBy(() -> read(parent, Stream.STDOUT)).isInstanceOf(NoSuchFileException.class);
  }
}
