package dev.terrarium.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.LayerEntry;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.spec.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a container wrote, and nothing else of it, becomes a layer of an image. */
@Timeout(120)
class CommitTest {
  enum As {
    ROOT,
    ROOTLESS
  }

  @TempDir Path state;
  @TempDir Path elsewhere;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private Engine engine;

  @BeforeEach
  void open() throws IOException {
    engine = Engine.open(state, facts::add);
  }

  @AfterEach
  void nothingIsLeftBehind() {
    engine.close();
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  private static ContainerSpec shell(As as, String image, String script) {
    if (as == As.ROOT) {
      Host.requiresRoot();
    }
    Set<NamespaceType> kinds =
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS, NamespaceType.IPC);
    if (as == As.ROOTLESS) {
      kinds.add(NamespaceType.USER);
    }
    Root root = new Root.Image(image);
    return ContainerSpec.of("box", kinds, root, Proc.NEW, List.of("sh", "-c", script))
        .withFiles(Filesystem.usual(root, Proc.NEW))
        .withHostname("glass")
        .withEnv(List.of("PATH=/bin:/usr/bin"))
        .withStdio(Stdio.PIPES);
  }

  private static String output(Container container) throws Exception {
    String out = read(container.stdout()) + read(container.stderr());
    assertThat(container.exited().get(20, TimeUnit.SECONDS))
        .as(out)
        .isEqualTo(new ExitStatus.Exited(0));
    return out;
  }

  private static String read(Optional<? extends java.io.InputStream> stream) throws IOException {
    return new String(stream.orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String run(ContainerSpec spec) throws Exception {
    try (Container container = engine.prepare(spec)) {
      container.start();
      return output(container);
    }
  }

  /** Runs to its end and commits before the container goes. */
  private Committed committed(ContainerSpec spec, CommitRequest request) throws Exception {
    try (Container container = engine.prepare(spec)) {
      container.start();
      var _ = output(container);
      return engine.commit("box", request);
    }
  }

  private ImageStore store() {
    return new ImageStore(
        new StateFolder(state), elsewhere.resolve("beside"), Rights.current().privileged());
  }

  /** The new layer's paths, with what it does there. */
  private List<String> topLayer(String reference) throws IOException {
    Image image = store().image(reference);
    return store().entries(image).getLast().stream()
        .map(entry ->
            (entry.change() == LayerEntry.Change.PRESENT ? "" : entry.change() + " ")
                + entry.path().shown())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasWrittenIsThereInAContainerOfTheNewImage(As as) throws Exception {
    Committed made =
        committed(
            shell(
                as,
                "lesson",
                """
                echo new > /etc/new; echo changed >> /etc/motd; rm /etc/greet.conf
                mkdir -p /srv/deep; ln -s ../etc/motd /srv/link; ln /etc/new /srv/same
                rm -r /usr/bin; mkdir /usr/bin; echo only > /usr/bin/only
                """),
            CommitRequest.named("team/changed:1"));

    assertThat(made.base()).isEqualTo("lesson");
    assertThat(topLayer("team/changed:1"))
        .contains("etc/new", "etc/motd", "srv/link", "usr/bin/only", "WHITEOUT etc/greet.conf")
        .contains("OPAQUE usr/bin");
    assertThat(
            run(
                shell(
                    as,
                    "team/changed:1",
                    """
                    cat /etc/new; tail -n 1 /srv/link; ls /etc/greet.conf /usr/bin 2>&1
                    cat /srv/same; ls -d /srv/deep
                    """)))
        .isEqualTo(
            """
            new
            changed
            ls: /etc/greet.conf: No such file or directory
            /usr/bin:
            only
            new
            /srv/deep
            """);
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatWasAddedChangedAndDeleted(As as) throws Exception {
    try (Container container =
        engine.prepare(
            shell(
                as,
                "lesson",
                """
                echo 12345 > /etc/new; echo x > /etc/motd; rm /etc/greet.conf
                rm -r /usr; mkdir -p /usr/bin; echo nameserver > /etc/resolv.conf
                """))) {
      container.start();
      var _ = output(container);

      assertThat(engine.changes("box"))
          .extracting(change -> change.kind().name().charAt(0) + " " + change.path().shown())
          .containsExactlyInAnyOrder(
              "C etc",
              "A etc/new",
              "C etc/motd",
              "D etc/greet.conf",
              "C usr",
              "C usr/bin",
              "D usr/bin/greet");
      assertThat(engine.changes("box"))
          .filteredOn(change -> change.path().shown().equals("etc/new"))
          .allMatch(change -> change.growth() == 6);
      assertThat(engine.changes("box"))
          .filteredOn(change -> change.path().shown().equals("etc/greet.conf"))
          .allMatch(change -> change.bytes() == 0 && change.before() > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theInitLayerIsNeverPartOfIt(As as) throws Exception {
    var _ =
        committed(
            shell(as, "lesson", "echo mine >> /etc/hosts; rm /etc/resolv.conf; echo x > /etc/y"),
            CommitRequest.named("changed"));

    assertThat(topLayer("changed")).containsExactly("etc/y");
    assertThat(run(shell(as, "changed", "cat /etc/hosts"))).doesNotContain("mine");
  }

  @Test
  void aVolumeLeavesItsMountPointAndNothingOfWhatIsInIt() throws Exception {
    Path shared = Files.createDirectory(elsewhere.resolve("shared"));
    Files.writeString(shared.resolve("secret"), "of the host");
    ContainerSpec spec = shell(As.ROOT, "lesson", "echo more > /data/more; echo x > /srv-x");
    spec =
        spec.withFiles(
            spec.files()
                .withVolumes(
                    List.of(
                        new Volume(Optional.of(shared), "/data", false),
                        new Volume(Optional.empty(), "/tmp", false))));
    var _ = committed(spec, CommitRequest.named("changed"));

    assertThat(topLayer("changed")).containsExactlyInAnyOrder("data", "srv-x");
    assertThat(run(shell(As.ROOT, "changed", "ls -A /data"))).isEmpty();
  }

  @Test
  void whoDeletesMakesTheImageNoSmaller() throws Exception {
    Committed big =
        committed(
            shell(As.ROOT, "lesson", "dd if=/dev/zero of=/big bs=1000 count=100 2>/dev/null"),
            CommitRequest.named("big"));
    assertThat(big.written().stored()).isEqualTo(100_000);
    assertThat(big.written().contribution()).isEqualTo(100_000);

    Committed less = committed(shell(As.ROOT, "big", "rm /big"), CommitRequest.named("less"));

    assertThat(less.written().stored()).isZero();
    assertThat(less.written().contribution()).isEqualTo(-100_000);
    assertThat(less.written().total()).isEqualTo(big.written().total() - 100_000);
    assertThat(less.storedBytes()).as("what a registry holds").isEqualTo(big.storedBytes());
    long blobsBefore = store().image("big").storedBytes();
    assertThat(store().image("less").storedBytes()).isGreaterThan(blobsBefore);
  }

  @Test
  void aRunningContainerStandsStillMeanwhileAndGoesOn() throws Exception {
    ContainerSpec spec =
        shell(As.ROOT, "lesson", "echo before > /x; echo ready; read go; cat /x")
            .withLimits(Limits.COUNTED);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(new String(container.stdout().orElseThrow().readNBytes(6), StandardCharsets.UTF_8))
          .isEqualTo("ready\n");
      var _ = engine.commit("box", CommitRequest.named("running"));

      assertThat(
              facts.stream()
                  .filter(Fact.StepBegan.class::isInstance)
                  .map(fact -> ((Fact.StepBegan) fact).step()))
          .endsWith("freeze", "pack-writable-layer", "thaw", "write-configuration", "name-image");
      assertThat(container.cgroup().orElseThrow().frozen()).isFalse();
      container.stdin().orElseThrow().write('\n');
      container.stdin().orElseThrow().flush();
      assertThat(output(container)).isEqualTo("before\n");
    }
    assertThat(run(shell(As.ROOT, "running", "cat /x"))).isEqualTo("before\n");
  }

  @Test
  void whoWasPausedStaysPaused() throws Exception {
    ContainerSpec spec = shell(As.ROOT, "lesson", "echo ready; read go").withLimits(Limits.COUNTED);
    try (Container container = engine.prepare(spec)) {
      container.start();
      assertThat(container.stdout().orElseThrow().readNBytes(6)).hasSize(6);
      container.pause();
      var _ = engine.commit("box", CommitRequest.named("paused"));
      assertThat(container.cgroup().orElseThrow().frozen()).isTrue();
      container.resume();
    }
  }

  @Test
  void anotherEnginesContainerAndAKeptOneCanBeCommitted() throws Exception {
    try (Engine other = Engine.open(state, fact -> {});
        Container container =
            other.prepare(shell(As.ROOT, "lesson", "echo kept > /x; echo ready; read go"))) {
      container.start();
      assertThat(container.stdout().orElseThrow().readNBytes(6)).hasSize(6);
      var _ = engine.commit("box", CommitRequest.named("of-another"));
      container.keep();
      container.stdin().orElseThrow().write('\n');
      container.stdin().orElseThrow().flush();
      assertThat(container.exited().get(20, TimeUnit.SECONDS).shellStatus()).isZero();
    }
    var _ = engine.commit("box", CommitRequest.named("of-a-kept-one"));

    for (String image : List.of("of-another", "of-a-kept-one")) {
      ContainerSpec reader = shell(As.ROOT, image, "cat /x");
      assertThat(run(reader)).isEqualTo("kept\n");
    }
  }

  @Test
  void theConfigurationCanBeChangedOnTheWay() throws Exception {
    var _ =
        committed(
            shell(As.ROOT, "lesson", "true"),
            new CommitRequest(
                "configured",
                "by a test",
                List.of(
                    "CMD [\"cat\", \"/etc/motd\"]",
                    "env GREETING='good morning' PATH=/bin",
                    "WORKDIR srv",
                    "EXPOSE 80",
                    "LABEL a=b")));

    Image image = store().image("configured");
    assertThat(image.config().cmd()).containsExactly("cat", "/etc/motd");
    assertThat(image.config().env()).containsExactly("GREETING=good morning", "PATH=/bin");
    assertThat(image.config().workdir()).isEqualTo("/srv");
    assertThat(image.config().raw("ExposedPorts")).contains("{\"80/tcp\":{}}");
    assertThat(image.config().labels()).containsEntry("a", "b");
    assertThat(image.config().history().getLast().comment()).isEqualTo("by a test");
    assertThat(image.layers()).hasSize(3);
  }

  static Stream<CommitRequest> wrong() {
    return Stream.of(
        new CommitRequest("../x", "", List.of()),
        new CommitRequest("x", "", List.of("RUN ls")),
        new CommitRequest("x", "", List.of("CMD")),
        new CommitRequest("x", "", List.of("ENV novalue")));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource
  void wrong(CommitRequest request) {
    assertThatThrownBy(() -> committed(shell(As.ROOT, "lesson", "true"), request))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @Test
  void aContainerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> engine.commit("nobody", CommitRequest.named("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("container \"nobody\"");
  }

  @Test
  void aLimitedWritableLayerIsRefusedInOneLine() {
    ContainerSpec spec = shell(As.ROOT, "lesson", "true");
    ContainerSpec limited = spec.withFiles(spec.files().withWritableBytes(1 << 20));
    assertThatThrownBy(() -> committed(limited, CommitRequest.named("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lies in memory");
  }

  @Test
  void aContainerOnAFolderBecomesAnImageOfTwoLayers() throws Exception {
    Host.requiresRoot();
    Path root = Files.createDirectory(elsewhere.resolve("rootfs"));
    Files.createDirectories(root.resolve("bin"));
    Host.requires(Host.busybox(), "busybox");
    Path busybox =
        Stream.of("/bin/busybox", "/usr/bin/busybox")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    Files.copy(busybox, root.resolve("bin/sh"));
    assertThat(root.resolve("bin/sh").toFile().setExecutable(true)).isTrue();
    Root folder = new Root.Folder(root);
    ContainerSpec spec = shell(As.ROOT, "lesson", "echo 1 > /written");
    Committed made =
        committed(
            spec.withFiles(Filesystem.usual(folder, Proc.NEW)), CommitRequest.named("of-folder"));

    assertThat(made.shares()).hasSize(2);
    assertThat(run(shell(As.ROOT, "of-folder", "read x < /written; echo $x"))).isEqualTo("1\n");
    assertThat(root.resolve("written")).doesNotExist();
  }
}
