package dev.terrarium.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Filesystem.Entry;
import dev.terrarium.engine.spec.Filesystem.Propagation;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a specification of files may not ask for, and what is said then. */
class FilesystemRulesTest {
  private static final Root IMAGE = new Root.Image("lesson");
  private static final Set<NamespaceType> USUAL = EnumSet.of(NamespaceType.PID, NamespaceType.MNT);

  private static void check(Set<NamespaceType> fresh, Filesystem files) {
    SpecValidation.check(
        ContainerSpec.of("box", fresh, files.root(), files.proc(), List.of("sh")).withFiles(files),
        true);
  }

  private static void refuses(
      Set<NamespaceType> fresh, Root root, UnaryOperator<Filesystem> files, String reason) {
    assertThatThrownBy(() -> check(fresh, files.apply(Filesystem.bare(root, Proc.NONE))))
        .isInstanceOf(InvalidSpecException.class)
        .satisfies(e ->
            assertThat(((InvalidSpecException) e).problems())
                .singleElement()
                .asString()
                .contains(reason));
  }

  @Test
  void allThatDockerGivesIsFine() {
    check(
        USUAL,
        Filesystem.usual(IMAGE, Proc.NEW)
            .withWritableBytes(1 << 20)
            .withPropagation(Propagation.SHARED)
            .withVolumes(
                List.of(
                    new Volume(Optional.of(Path.of("/tmp")), "/data", true),
                    new Volume(Optional.empty(), "/cache", false))));
  }

  @Test
  void theHostsRootIsNotFurnished() {
    List<UnaryOperator<Filesystem>> furniture =
        List.of(
            files -> files.withInitLayer(true),
            files -> files.withDev(true),
            files -> files.withSys(true),
            files -> files.withEntry(Entry.CHROOT),
            files -> files.withWritableBytes(1 << 20),
            files -> files.withVolumes(List.of(new Volume(Optional.empty(), "/data", false))));
    for (UnaryOperator<Filesystem> piece : furniture) {
      refuses(USUAL, new Root.Host(), piece, "the host's root stays as it is");
    }
  }

  @Test
  void pathsAreHiddenOnlyFromTheContainer() {
    refuses(
        Set.of(),
        new Root.Host(),
        files -> files.withReadOnly(List.of("/proc/sys")),
        "for the host as well");
    refuses(
        USUAL, IMAGE, files -> files.withMasked(List.of("/proc/kcore")), "only there with a /dev");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/motd", "/", ""})
  void pathsAreAbsoluteAndNotEverything(String path) {
    refuses(USUAL, IMAGE, files -> files.withReadOnly(List.of(path)), "it must be absolute");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 4096})
  void aWritableLayerHasRoom(long bytes) {
    refuses(USUAL, IMAGE, files -> files.withWritableBytes(bytes), "it needs at least 65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "", "/", "//", "/..", "/a/.."})
  void aVolumeHasATargetBelowTheRoot(String target) {
    refuses(
        USUAL,
        IMAGE,
        files -> files.withVolumes(List.of(new Volume(Optional.empty(), target, false))),
        "volume target");
  }

  @Test
  void aVolumeHasASource() {
    for (String source : List.of("/no/such/folder", "relative")) {
      Volume volume = new Volume(Optional.of(Path.of(source)), "/data", false);
      refuses(USUAL, IMAGE, files -> files.withVolumes(List.of(volume)), "volume source");
    }
  }

  @Test
  void noNulReachesTheKernel() {
    Volume volume = new Volume(Optional.empty(), "/da\0ta", false);
    refuses(USUAL, IMAGE, files -> files.withVolumes(List.of(volume)), "NUL");
  }

  @Test
  void mountsAreSharedOnlyWithoutHarmToTheHost() {
    refuses(
        EnumSet.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.USER),
        IMAGE,
        files -> files.withPropagation(Propagation.SHARED),
        "use slave propagation");
    refuses(
        USUAL,
        new Root.Host(),
        files -> files.withPropagation(Propagation.SHARED),
        "would mount on the host itself");
  }

  @ParameterizedTest
  @EnumSource(names = {"SLAVE", "SHARED"})
  void withoutAMountNamespaceNothingTravels(Propagation propagation) {
    refuses(
        Set.of(),
        new Root.Host(),
        files -> files.withPropagation(propagation),
        "nothing to propagate");
  }
}
