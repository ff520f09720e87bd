package dev.terrarium.app.panes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserNamesTest {

  @Test
  void namesWhomTheFileNamesAndNumbersTheRest() {
    UserNames names =
        UserNames.parse(List.of("root:x:0:0::/root:/bin/sh", "broken", "evil\u001b:x:7:7::/:"));
    assertThat(names.of(0)).isEqualTo("root");
    assertThat(names.of(7)).isEqualTo("evil\\x1b");
    assertThat(names.of(1000)).isEqualTo("1000");
  }

  @Test
  void doesNotFollowALinkOutOfTheContainersRoot(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("proc/42/root/etc"));
    Path outside = Files.writeString(root.resolve("outside"), "secret:x:0:0::/:\n");
    Files.createSymbolicLink(root.resolve("proc/42/root/etc/passwd"), outside);
    assertThat(new NameReader(root).inside(42)).isEqualTo(UserNames.NONE);
  }
}
