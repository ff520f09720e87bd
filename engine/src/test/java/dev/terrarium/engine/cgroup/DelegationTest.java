package dev.terrarium.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.cgroup.Delegation.Granted;
import dev.terrarium.engine.cgroup.Delegation.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an engine may make cgroups, and what it says where it may not. */
class DelegationTest {
  @TempDir Path folder;

  /** The root folder of that recorded host. */
  private Path root(String host) {
    Path root = folder.resolve(host);
    return Files.exists(root) ? root : FixtureHost.unpack(host, root);
  }

  private Path mounted(String host) {
    return root(host).resolve("sys/fs/cgroup");
  }

  private Delegation on(String host, Predicate<Path> writable) {
    return Delegation.of(Cgroups.find(root(host)), writable);
  }

  private static Driver granted(Delegation delegation) {
    assertThat(delegation).isInstanceOf(Granted.class);
    return ((Granted) delegation).driver();
  }

  private static Refused refused(Delegation delegation) {
    assertThat(delegation).isInstanceOf(Refused.class);
    return (Refused) delegation;
  }

  @Test
  void rootHasTheWholeTree() {
    V2 driver = (V2) granted(on("v2", file -> true));
    assertThat(driver.base()).isEqualTo(mounted("v2"));
    assertThat(driver.controllers())
        .containsExactlyInAnyOrder("cpu", "cpuset", "io", "memory", "pids");
  }

  @Test
  void aUserHasWhatSystemdHandedDown() {
    V2 driver = (V2) granted(on("v2", file -> file.toString().contains("user@1000.service")));
    assertThat(driver.base().getFileName()).hasToString("user@1000.service");
    assertThat(driver.controllers()).containsExactlyInAnyOrder("cpu", "memory", "pids");
  }

  @Test
  void whatIsNotHandedDownIsNamedWithTheCommandThatChangesIt() {
    V2 driver = (V2) granted(on("v2", file -> file.toString().contains("user@1000.service")));
    assertThat(driver.problems(Sample.LIMITS))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("a choice of processors needs the cpuset controller"))
        .allMatch(line -> line.contains("Delegate=cpu cpuset io memory pids"));
  }

  @Test
  void aUserToWhomNothingWasHandedDownIsTold() {
    Refused refused = refused(on("v2", file -> false));
    assertThat(refused.why()).contains("no cgroup").contains("is this user's");
    assertThat(refused.remedy()).endsWith("sudo ./terrarium");
  }

  @Test
  void aCgroupWithProcessesCannotHandDown() {
    Refused refused = refused(on("contained", file -> true));
    Path folder = mounted("contained");
    assertThat(refused.why()).contains("the cgroup " + folder + " has processes of its own");
    assertThat(refused.remedy()).contains("mkdir " + folder + "/rest");
  }

  @Test
  void ofAHybridHostVersionOneIsTakenAndTheTreeOfVersionTwoForWhatItLacks() {
    V1 driver = (V1) granted(on("hybrid", file -> true));
    Path mounted = mounted("hybrid");
    assertThat(driver.bases())
        .containsEntry("cpu", mounted.resolve("cpu,cpuacct"))
        .containsEntry("cpuacct", mounted.resolve("cpu,cpuacct"))
        .containsEntry("memory", mounted.resolve("memory"));
    assertThat(driver.unified()).hasValue(mounted.resolve("unified"));
    assertThat(driver.processors()).isEqualTo("0-3");
    assertThat(driver.memoryNodes()).isEqualTo("0");
  }

  @Test
  void ofVersionOneAUserHasTheFoldersThatRootGaveAway() {
    Driver driver = granted(on("hybrid", file -> file.endsWith("memory/terrarium")));
    assertThat(driver.controllers()).containsExactly("memory");
    assertThat(driver.problems(Sample.LIMITS))
        .anyMatch(line -> line.startsWith("a limit of processes needs the pids controller"));

    Refused refused = refused(on("hybrid", file -> false));
    assertThat(refused.why()).isEqualTo("the cgroup hierarchies of version 1 are root's");
    assertThat(refused.remedy())
        .contains(mounted("hybrid").resolve("memory").toString())
        .contains("chown $SUDO_UID:$SUDO_GID $d/terrarium");
  }

  @Test
  void aHostWithoutHierarchiesIsTold() {
    assertThat(refused(Delegation.of(new Cgroups(List.of()), file -> true)).why())
        .isEqualTo("no cgroup hierarchy is mounted");
    Hierarchy empty =
        new Hierarchy(
            Hierarchy.Version.V2, Path.of("/nowhere"), java.util.Set.of(), "", Path.of(""));
    assertThat(Optional.of(refused(Delegation.of(new Cgroups(List.of(empty)), file -> false))))
        .isPresent();
  }
}
