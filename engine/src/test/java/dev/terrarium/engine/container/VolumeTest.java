package dev.terrarium.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Volume;
import dev.terrarium.engine.step.LayerStep;
import dev.terrarium.engine.step.VolumeStep;
import dev.terrarium.engine.syscall.Inode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders and files of the host under a path of the container. */
class VolumeTest extends OnTheKernel {
  /** Outside of everything that the engine and its containers have. */
  @TempDir Path host;

  private Path source;

  @BeforeEach
  void aFolderOfTheHost() throws IOException {
    source = Files.createDirectory(host.resolve("source"));
    Files.writeString(source.resolve("known"), "from the host\n");
  }

  private static Volume volume(Path source, String target) {
    return new Volume(Optional.of(source), target, false);
  }

  private ContainerSpec with(As as, Volume volume, String script) {
    return shell(as, files -> files.withVolumes(List.of(volume)), script);
  }

  /** The same in a root of the test's making, on a base that has a shell. */
  private ContainerSpec in(As as, Path rootfs, Volume volume, String script) {
    ContainerSpec spec = with(as, volume, script);
    Filesystem files = spec.files();
    return spec.withFiles(
        Filesystem.usual(new Root.Folder(rootfs), files.proc()).withVolumes(files.volumes()));
  }

  @ParameterizedTest
  @EnumSource
  void aFolderIsSharedBothWays(As as) throws Exception {
    String script = "cat /data/known; echo mine > /data/new; ls /data";
    assertThat(run(with(as, volume(source, "/data"), script)))
        .isEqualTo("from the host\nknown\nnew\n");
    assertThat(source.resolve("new")).hasContent("mine");
  }

  @ParameterizedTest
  @EnumSource
  void aFileCoversAFile(As as) throws Exception {
    String script = "cat /etc/motd; echo changed > /etc/motd";
    assertThat(run(with(as, volume(source.resolve("known"), "/etc/motd"), script)))
        .isEqualTo("from the host\n");
    assertThat(source.resolve("known")).hasContent("changed");
  }

  @ParameterizedTest
  @EnumSource
  void aReadOnlyOneRefusesWithErofsWhateverIsMountedInIt(As as) throws Exception {
    Volume volume = new Volume(Optional.of(source), "/data", true);
    String output = run(with(as, volume, "cat /data/known; touch /data/new || true"));
    assertThat(output).startsWith("from the host").contains("Read-only file system");
    assertThat(source.resolve("new")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void aTargetThatIsNotThereIsMadeInTheWritableLayer(As as) throws Exception {
    ContainerSpec spec = with(as, volume(source, "/a/b/c"), "cat /a/b/c/known; read _");
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(line(container)).isEqualTo("from the host");
      Path upper = upper(container);
      assertThat(upper.resolve("a/b/c")).as("what a commit would keep").isEmptyDirectory();
    }
    ContainerSpec file = with(as, volume(source.resolve("known"), "/x/y"), "cat /x/y; read _");
    try (Container container = engine.prepare(file)) {
      container.start();
      assertThat(line(container)).isEqualTo("from the host");
      assertThat(upper(container).resolve("x/y")).isEmptyFile();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnonymousOneLivesInTheContainersFolderAndEndsWithIt(As as) throws Exception {
    Volume volume = new Volume(Optional.empty(), "/data", false);
    Path folder;
    try (Container container =
        engine.prepare(with(as, volume, "ls /data; echo mine > /data/x; echo done; read _"))) {
      folder =
          container.plan().stream()
              .filter(VolumeStep.MakeVolume.class::isInstance)
              .map(step -> ((VolumeStep.MakeVolume) step).folder())
              .findFirst()
              .orElseThrow();
      container.start();
      assertThat(line(container)).isEqualTo("done");
      assertThat(folder.resolve("x")).hasContent("mine");
    }
    assertThat(folder).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void tellsToWhichInodeThePathLedBeforeAndLeadsNow(As as) throws Exception {
    assertThat(run(with(as, volume(source, "/etc"), "stat -c %d:%i /etc"))).contains(":");
    Fact.Bound bound = only(Fact.Bound.class);
    assertThat(bound.container()).isEqualTo("box");
    assertThat(bound.host().path()).isEqualTo(source.toString());
    assertThat(bound.inside().path()).isEqualTo("/etc");
    Inode hosts = bound.host().before();
    assertThat(hosts.number()).isEqualTo(Files.getAttribute(source, "unix:ino"));
    long device = (Long) Files.getAttribute(source, "unix:dev");
    assertThat((long) hosts.major() << 8 | hosts.minor()).isEqualTo(device);
    assertThat(bound.host().after()).as("the host sees no change").isEqualTo(hosts);
    assertThat(bound.inside().before()).isNotEqualTo(hosts);
    assertThat(bound.inside().after()).isEqualTo(hosts);
  }

  @ParameterizedTest
  @CsvSource({"ROOT, PIVOT_ROOT", "ROOT, CHROOT", "ROOTLESS, PIVOT_ROOT", "ROOTLESS, CHROOT"})
  void unmountedTheOldContentIsBack(As as, Filesystem.Entry entry) throws Exception {
    String script = "cat /etc/motd; read _; cat /etc/motd";
    Volume volume = volume(source.resolve("known"), "/etc/motd");
    ContainerSpec spec =
        shell(as, files -> files.withEntry(entry).withVolumes(List.of(volume)), script);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(line(container)).isEqualTo("from the host");

      container.perform(new VolumeStep.UnmountVolume("/etc/motd"));

      goOn(container);
      assertThat(output(container)).isEqualTo("Welcome to the terrarium.\n");
    }
    Fact.Bound bound = only(Fact.Bound.class);
    Fact.Unbound unbound = only(Fact.Unbound.class);
    assertThat(unbound.inside().before()).isEqualTo(bound.inside().after());
    assertThat(unbound.inside().after()).isEqualTo(bound.inside().before());
  }

  /** Links that an image could hold to make a volume land on the host. */
  @ParameterizedTest
  @EnumSource
  void noLinkOfTheImageLeadsAVolumeOutOfTheRoot(As as) throws Exception {
    Path victim = Files.createDirectory(host.resolve("victim"));
    Files.writeString(victim.resolve("file"), "untouched");
    String up = "../".repeat(30);
    int number = 0;
    for (String link :
        List.of(victim.toString(), up + victim, "/proc/1/root" + victim, "/proc/self/cwd")) {
      for (String target : List.of("/link", "/link/file", "/link/new", "/link/deep/new")) {
        for (Path from : List.of(source, source.resolve("known"))) {
          Path image = Files.createDirectory(host.resolve("image-" + number++));
          Files.createSymbolicLink(image.resolve("link"), Path.of(link));
          tryToStart(in(as, image, volume(from, target), ""));
          Files.delete(image.resolve("link"));
          assertThat(victim)
              .as("%s through %s", target, link)
              .isDirectoryContaining("glob:**/file");
          try (Stream<Path> content = Files.list(victim)) {
            assertThat(content).containsExactly(victim.resolve("file"));
          }
          assertThat(victim.resolve("file")).hasContent("untouched");
        }
      }
    }
    assertThat(number).isEqualTo(32);
  }

  /** It ends where the image has no shell; until then all volumes have been mounted. */
  private void tryToStart(ContainerSpec spec) {
    try (Container container = engine.prepare(spec)) {
      container.start();
    } catch (ContainerException e) {
      assertThat(e).message().matches("(?s)(exec|bind-volume): .*");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/link, /somewhere/else",
    "/link/below, somewhere/else",
    "/a/../link, ../../somewhere",
    "/link, /loop",
  })
  void aLinkThatLeadsNowhereYetLeadsInsideTheRoot(String target, String link) throws Exception {
    As as = Rights.current().privileged() ? As.ROOT : As.ROOTLESS;
    Path image = Files.createDirectory(host.resolve("image"));
    Files.createSymbolicLink(image.resolve("link"), Path.of(link));
    Files.createSymbolicLink(image.resolve("loop"), Path.of("loop/x"));
    ContainerSpec spec = in(as, image, volume(source, target), "");
    try (Container container = engine.prepare(spec)) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining(link.equals("/loop") ? "bind-volume: " : "exec: ");
      if (!link.equals("/loop")) {
        String path = only(Fact.Bound.class).inside().path();
        assertThat(path).startsWith("/somewhere");
        assertThat(upper(container).resolve(path.substring(1))).isEmptyDirectory();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFolderOverAFileIsRefusedWithAReason(As as) {
    try (Container container = engine.prepare(with(as, volume(source, "/etc/motd"), "true"))) {
      assertThatThrownBy(container::start)
          .isInstanceOf(ContainerException.class)
          .hasMessageStartingWith("bind-volume: move_mount(")
          .hasMessageEndingWith("one of the two is a folder and the other one is none");
    }
  }

  private static Path upper(Container container) {
    return container.plan().stream()
        .filter(LayerStep.MakeWritableLayer.class::isInstance)
        .map(step -> ((LayerStep.MakeWritableLayer) step).upper())
        .findFirst()
        .orElseThrow();
  }
}
