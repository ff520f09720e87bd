package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.OrdinaryUser;
import dev.terrarium.engine.cgroup.OtherEngine.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user without any right, to whom a part of the hierarchies was given. */
@Tag("guest")
@Timeout(120)
class OrdinaryUserCgroupTest {
  private static final String NOBODY = "65534";

  @TempDir Path folder;
  private final List<Path> given = new ArrayList<>();

  @AfterEach
  void takeBack() throws IOException {
    for (Path path : given.reversed()) {
      if (path.endsWith(Delegation.TOP)) {
        giveBack(path);
      } else {
        CgroupFolder.remove(path);
      }
    }
  }

  /** Other engines of this host may have theirs in it. */
  private static void giveBack(Path top) throws IOException {
    try {
      Files.deleteIfExists(top);
    } catch (IOException busy) {
      Files.setAttribute(top, "unix:uid", 0);
      Files.setAttribute(top, "unix:gid", 0);
    }
  }

  @Test
  void theRemedyForVersionOneWorks() throws Exception {
    Host.requiresRoot();
    Cgroups cgroups = Cgroups.find();
    org.junit.jupiter.api.Assumptions.assumeTrue(
        cgroups.v1("memory").isPresent() && cgroups.v1("cpuset").isPresent(),
        "the memory and cpuset controllers are not in version 1 here");
    Delegation.Refused refused = (Delegation.Refused) Delegation.of(cgroups, file -> false);
    for (String controller : Driver.CONTROLLERS) {
      cgroups.v1(controller).ifPresent(h -> given.add(h.mountPoint().resolve(Delegation.TOP)));
    }
    String remedy = refused.remedy();
    String script = remedy.substring(remedy.indexOf('\'') + 1, remedy.lastIndexOf('\''));
    shell("SUDO_UID=" + NOBODY + "; SUDO_GID=" + NOBODY + "; " + script);

    limitsOfNobodyHold(List.of());
  }

  @Test
  void theRemedyForVersionTwoWorksWithoutSystemd() throws Exception {
    Host.requiresRoot();
    Cgroups cgroups = Cgroups.find();
    org.junit.jupiter.api.Assumptions.assumeTrue(
        cgroups.layout() == Cgroups.Layout.V2, "the controllers are not in version 2 here");
    String remedy = ((Delegation.Refused) Delegation.of(cgroups, file -> false)).remedy();
    org.junit.jupiter.api.Assumptions.assumeTrue(
        remedy.startsWith("sudo sh"), "systemd hands cgroups down here");
    Path delegated = cgroups.unified().orElseThrow().mountPoint().resolve("user-" + NOBODY);
    given.add(delegated);
    String handDown = remedy.substring("sudo ".length(), remedy.indexOf(", or sudo"));

    limitsOfNobodyHold(
        List.of(
            "sh",
            "-ec",
            "export SUDO_UID=%1$s SUDO_GID=%1$s; %2$s; exec \"$@\"".formatted(NOBODY, handDown),
            "sh"));

    assertThat(delegated.resolve(Delegation.TOP)).doesNotExist();
  }

  private void limitsOfNobodyHold(List<String> before) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
    Path state = folder.resolve("state");
    String classPath = OrdinaryUser.classPathForAll(folder);
    Files.createDirectory(state);
    Files.setAttribute(state, "unix:uid", Integer.parseInt(NOBODY));
    try (OtherEngine other = OtherEngine.start(command, classPath, state, Goal.RUNNING)) {
      List<String> lines = other.lines();
      assertThat(lines).endsWith("OptionalLong[16]", "1");
      assertThat(other.end()).isZero();
      assertThat(lines)
          .filteredOn(line -> line.startsWith("/"))
          .isNotEmpty()
          .noneMatch(line -> Files.exists(Path.of(line)));
    }
  }

  private static void shell(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-ec", script).inheritIO().start();
    assertThat(process.waitFor()).as(script).isZero();
  }
}
