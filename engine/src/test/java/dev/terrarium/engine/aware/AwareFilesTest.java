package dev.terrarium.engine.aware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written where they are. */
class AwareFilesTest {
  @TempDir Path folder;

  @Test
  void growAndShrinkInTheSameInode() throws IOException {
    Path file = Files.writeString(folder.resolve("online"), "0-1\n");
    Object inode = Files.getAttribute(file, "unix:ino");
    try (AwareFiles files = new AwareFiles(folder)) {
      for (String text : new String[] {"0-1\n", "0\n", "0-127\n", "0-1\n"}) {
        files.write(Map.of(AwareFile.ONLINE, text));
        assertThat(file).hasContent(text);
        assertThat(Files.size(file)).isEqualTo(text.length());
      }
    }
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void whatHasNotChangedIsNotWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("online"), "");
    try (AwareFiles files = new AwareFiles(folder)) {
      files.write(Map.of(AwareFile.ONLINE, "0\n"));
      Files.writeString(file, "touched");
      files.write(Map.of(AwareFile.ONLINE, "0\n"));
      files.write(Map.of());
      assertThat(file).hasContent("touched");
    }
  }
}
