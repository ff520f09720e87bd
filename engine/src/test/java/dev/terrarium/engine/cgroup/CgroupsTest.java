package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.terrarium.engine.cgroup.Cgroups.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hierarchies a host has, from its own tables. */
class CgroupsTest {
  @TempDir Path folder;

  /** The root folder of that recorded host. */
  private Path root(String host) {
    Path root = folder.resolve(host);
    return Files.exists(root) ? root : FixtureHost.unpack(host, root);
  }

  private Path mounted(String host) {
    return root(host).resolve("sys/fs/cgroup");
  }

  @Test
  void aHybridHostHasControllersInVersionOneAndATreeOfVersionTwo() {
    Cgroups cgroups = Cgroups.find(root("hybrid"));
    Path mounted = mounted("hybrid");

    assertThat(cgroups.layout()).isEqualTo(Layout.HYBRID);
    assertThat(cgroups.v1("cpuacct")).isEqualTo(cgroups.v1("cpu")).isPresent();
    assertThat(cgroups.v1("hugetlb")).isEmpty();
    assertThat(cgroups.hierarchies())
        .extracting(Hierarchy::mountPoint, Hierarchy::controllers)
        .contains(
            tuple(mounted.resolve("cpu,cpuacct"), Set.of("cpu", "cpuacct")),
            tuple(mounted.resolve("systemd"), Set.of()),
            tuple(mounted.resolve("unified"), Set.of()));
  }

  @Test
  void aHierarchyThatIsMountedTwiceIsOne() {
    assertThat(Cgroups.find(root("hybrid")).hierarchies())
        .filteredOn(hierarchy -> hierarchy.controllers().contains("memory"))
        .extracting(Hierarchy::mountPoint)
        .containsExactly(mounted("hybrid").resolve("memory"));
  }

  @Test
  void versionTwoSaysItselfWhichControllersItHas() {
    Cgroups cgroups = Cgroups.find(root("v2"));

    assertThat(cgroups.layout()).isEqualTo(Layout.V2);
    assertThat(cgroups.unified().orElseThrow().controllers())
        .contains("cpu", "cpuset", "io", "memory", "pids");
    assertThat(cgroups.v1("memory")).isEmpty();
  }

  @Test
  void theWayDownToOnesOwnCgroupBeginsAtTheMountPoint() {
    Path mounted = mounted("v2");
    assertThat(Cgroups.find(root("v2")).unified().orElseThrow().ancestors())
        .startsWith(mounted, mounted.resolve("user.slice"))
        .endsWith(
            mounted.resolve(
                "user.slice/user-1000.slice/user@1000.service/app.slice/terminal.scope"))
        .hasSize(6);
    assertThat(Cgroups.find(root("contained")).unified().orElseThrow().ancestors())
        .containsExactly(mounted("contained"));
  }

  @Test
  void thisHostHasWhatItsMountTableSays() {
    assertThat(Cgroups.find().hierarchies())
        .allSatisfy(hierarchy -> assertThat(hierarchy.mountPoint()).isDirectory());
  }
}
