package dev.terrarium.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ClockOffsets;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Hardening;
import dev.terrarium.engine.spec.Hardening.Rlimit;
import dev.terrarium.engine.spec.IdMap;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.engine.spec.Namespaces;
import dev.terrarium.engine.spec.Network;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the options of {@code run} mean, subject by subject, and what is said to nonsense. */
final class OptionsTest {
  private static final Root ROOT = new Root.Image("lesson");

  private static <T> T of(T options, String... words) {
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
    return options;
  }

  @Test
  void everyLimit() {
    Limits limits =
        of(
                new LimitOptions(),
                "--memory=64m",
                "--memory-swap=1g",
                "--cpus=0.2",
                "--cpu-weight=50",
                "--cpuset=0-1,3",
                "--pids=32",
                "--io-read=8:0=1m",
                "--io-write-ops=8:0=100",
                "--io-write=8:16=512k")
            .limits(true);

    assertThat(limits)
        .isEqualTo(
            new Limits(
                OptionalDouble.of(0.2),
                OptionalInt.of(50),
                Optional.of("0-1,3"),
                OptionalLong.of(64 << 20),
                OptionalLong.of((1 << 30) - (64 << 20)),
                OptionalLong.of(32),
                List.of(
                    new Limits.Io(
                        "8:0",
                        OptionalLong.of(1 << 20),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.of(100)),
                    new Limits.Io(
                        "8:16",
                        OptionalLong.empty(),
                        OptionalLong.of(512 << 10),
                        OptionalLong.empty(),
                        OptionalLong.empty())),
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --memory=64q                   | --memory: '64q' is no size; use bytes, or 64m, 1g
          --memory-swap=1g               | --memory-swap: it is memory and swap together; give --memory as well
          --memory=1g --memory-swap=64m  | --memory-swap: 64m is less than --memory 1g; it is memory and swap together
          --io-read=1m                   | --io-read: '1m' is not DEVICE=NUMBER, such as /dev/sda=1m or 8:0=1m
          --io-read=/dev/null=1m         | --io-read: /dev/null is no block device; lsblk lists those that there are
          """)
  void aLimitThatIsNone(String words, String line) {
    LimitOptions options = of(new LimitOptions(), words.split(" "));

    assertThatThrownBy(() -> options.limits(false)).isInstanceOf(Failure.class).hasMessage(line);
  }

  @Test
  void volumesOfTheUserAndOfTheImage(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("f"));

    Filesystem files =
        of(
                new FileOptions(),
                "-v",
                folder + ":/data:ro",
                "-v",
                file + ":/etc/f",
                "-v",
                "/scratch",
                "--writable-size=1m",
                "--root-entry=chroot",
                "--propagation=slave")
            .files(ROOT, Proc.NEW, true, List.of("/data", "/var/lib/db"));

    assertThat(files)
        .isEqualTo(
            Filesystem.bare(ROOT, Proc.NEW)
                .withEntry(Filesystem.Entry.CHROOT)
                .withPropagation(Filesystem.Propagation.SLAVE)
                .withWritableBytes(1 << 20)
                .withVolumes(
                    List.of(
                        new Volume(Optional.of(folder), "/data", true),
                        new Volume(Optional.of(file), "/etc/f", false),
                        new Volume(Optional.empty(), "/scratch", false),
                        new Volume(Optional.empty(), "/var/lib/db", false))));
  }

  @Test
  void eachPieceOfFurnitureCanBeLeftOut() {
    assertThat(of(new FileOptions()).files(ROOT, Proc.NEW, false, List.of()))
        .isEqualTo(Filesystem.usual(ROOT, Proc.NEW));
    assertThat(
            of(new FileOptions(), "--no-init-layer", "--no-sys", "--no-dev")
                .files(ROOT, Proc.NEW, false, List.of()))
        .isEqualTo(Filesystem.bare(ROOT, Proc.NEW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /:data          | -v: '/:data': the path inside, 'data', must begin with /
          data            | -v: 'data': the path inside, 'data', must begin with /
          /:/a:rx         | -v: '/:/a:rx' is not SRC:DST, SRC:DST:ro or DST
          /nope:/a        | -v /nope:/a: there is no /nope on the host; make it first, or give only /a for an empty folder
          """)
  void aVolumeThatIsNone(String word, String line) {
    FileOptions options = of(new FileOptions(), "-v", word);

    assertThatThrownBy(() -> options.files(ROOT, Proc.NEW, false, List.of()))
        .isInstanceOf(Failure.class)
        .hasMessage(line);
  }

  @Test
  void hardeningIsTheUsualUnlessToldOtherwise() {
    assertThat(of(new HardeningOptions()).hardening(false)).isEqualTo(Hardening.USUAL);
    assertThat(of(new HardeningOptions()).hardening(true)).isEqualTo(Hardening.NONE);
    assertThat(
            of(
                    new HardeningOptions(),
                    "--cap-drop=all",
                    "--cap-add=net_admin,CAP_CHOWN",
                    "--no-seccomp",
                    "--new-privileges",
                    "--rlimit=nofile=64:128",
                    "--rlimit=core=unlimited",
                    "--oom-score-adj=500")
                .hardening(false))
        .isEqualTo(
            Hardening.USUAL
                .withCapabilities(Set.of("CAP_NET_ADMIN", "CAP_CHOWN"))
                .withDenyList(false)
                .withNoNewPrivileges(false)
                .withResourceLimits(
                    Map.of(
                        "RLIMIT_NOFILE",
                        new Rlimit(64, 128),
                        "RLIMIT_CORE",
                        new Rlimit(Rlimit.UNLIMITED, Rlimit.UNLIMITED)))
                .withOomScoreAdjust(500));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --cap-add=NET_ADMN       | --cap-add: 'NET_ADMN' is no capability (did you mean CAP_NET_ADMIN?); capabilities(7) lists them
          --rlimit=nofile          | --rlimit: 'nofile' is not NAME=SOFT:HARD, such as nofile=64:128
          --rlimit=nofile=many     | --rlimit: 'nofile=many': 'many' is neither a number nor unlimited
          """)
  void hardeningThatIsNone(String word, String line) {
    HardeningOptions options = of(new HardeningOptions(), word);

    assertThatThrownBy(() -> options.hardening(false)).isInstanceOf(Failure.class).hasMessage(line);
  }

  @Test
  void allEightNamespacesHaveWords() {
    assertThat(namespaces("--ns=all").fresh()).isEqualTo(EnumSet.allOf(NamespaceType.class));
    assertThat(namespaces("--ns=user,cgroup,time").fresh())
        .isEqualTo(EnumSet.of(NamespaceType.USER, NamespaceType.CGROUP, NamespaceType.TIME));
    assertThat(namespaces("--ns=pid,mnt", "--rootless", "--id-map=ranges"))
        .isEqualTo(
            Namespaces.of(EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.USER))
                .withIds(IdMap.RANGES));
    assertThat(namespaces("--ns=pid", "--time-offset=boot=3d,mono=-1m30s"))
        .isEqualTo(
            Namespaces.of(EnumSet.of(NamespaceType.PID, NamespaceType.TIME))
                .withClocks(new ClockOffsets(Duration.ofSeconds(-90), Duration.ofDays(3))));
  }

  @Test
  void aSharedNamespaceIsNotNew() {
    int self = (int) ProcessHandle.current().pid();

    Namespaces sharing = namespaces("--ns=pid,net", "--share=net=" + self);

    assertThat(sharing.fresh()).containsExactly(NamespaceType.PID);
    assertThat(sharing.joined()).isEqualTo(Map.of(NamespaceType.NET, self));
  }

  private static Namespaces namespaces(String... words) {
    return of(new NamespaceOptions(), words).namespaces(true, new Containers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --ns=pid,nmt            | --ns: 'nmt' is no kind of namespace (did you mean mnt?); it is all, usual, or some of pid,mnt,uts,ipc,net,user,cgroup,time
          --share=net             | --share: 'net' is not KIND=NAME or KIND=PID, such as net=web or pid=4711
          --share=nett=1          | --share: 'nett' is no kind of namespace (did you mean net?); it is one of pid,mnt,uts,ipc,net,user,cgroup,time
          --share=net=99999999    | 99999999: there is no such container and no such process
          --time-offset=wall=1d   | --time-offset: 'wall' is no clock of a time namespace; it is boot=TIME, mono=TIME or both, separated by a comma
          --time-offset=boot=1y   | --time-offset: '1y' is no time; use 10s, 500ms, 1h30m
          """)
  void namespacesThatAreNone(String word, String line) {
    NamespaceOptions options = of(new NamespaceOptions(), word);

    assertThatThrownBy(() -> options.namespaces(true, new Containers()))
        .isInstanceOf(Failure.class)
        .hasMessage(line);
  }

  @Test
  void networks() {
    Namespaces own = namespaces();
    assertThat(of(new NamespaceOptions()).network(own, false)).isEqualTo(new Network.Loopback());
    assertThat(of(new NamespaceOptions()).network(own, true)).isEqualTo(new Network.Untouched());
    assertThat(of(new NamespaceOptions(), "--network=nat").network(own, false))
        .isEqualTo(new Network.Bridge(true));
    assertThat(namespaces("--network=host").makes(NamespaceType.NET)).isFalse();
    assertThatThrownBy(() -> of(new NamespaceOptions(), "--network=brigde").network(own, false))
        .hasMessageContaining("did you mean bridge?");
  }

  @ParameterizedTest
  @CsvSource({"10, PT10S", "500ms, PT0.5S", "1h30m, PT1H30M", "-2d, PT-48H", "1m, PT1M"})
  void times(String text, Duration duration) {
    assertThat(Durations.parse("--grace", text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({"''", "s", "1x", "1.5s", "10 s", "--1s"})
  void timesThatAreNone(String text) {
    assertThatThrownBy(() -> Durations.parse("--grace", text))
        .hasMessage("--grace: '" + text + "' is no time; use 10s, 500ms, 1h30m");
  }
}
