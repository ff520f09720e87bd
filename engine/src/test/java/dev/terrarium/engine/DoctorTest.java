package dev.terrarium.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder;

  @Test
  void provesWithARealContainerWhatRootCanDo() throws Exception {
    Host.requiresRoot();
    HostReport report = Doctor.examine(folder);
    assertThat(report.rung()).isEqualTo(HostReport.Rung.ROOT);
    assertThat(report.findings())
        .extracting(Finding::subject)
        .contains("kernel", "cgroups", "container", "container-rootless", "packet-filter");
    String most = Files.readAllLines(Path.of("/proc/sys/user/max_net_namespaces")).getFirst();
    assertThat(report.findings())
        .contains(new Finding("namespace-net", Level.OK, "up to " + most, ""));
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  @Test
  void saysWhatIsWrongWithAStateFolderThatCannotBe() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    HostReport report = Doctor.examine(file.resolve("state"));
    assertThat(report.rung()).isEqualTo(HostReport.Rung.READ_ONLY);
    assertThat(report.findings())
        .filteredOn(finding -> finding.subject().equals("container-rootless"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Level.MISSING);
          assertThat(finding.found()).contains(file.toString());
        });
  }
}
