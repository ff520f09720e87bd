package dev.terrarium.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarReader;
import dev.terrarium.engine.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a layer does to the tree below it, and what a hostile one does not do to the host. */
class LayerUnpackerTest {
  @TempDir Path folder;

  /** Top first. */
  private final List<Path> layers = new ArrayList<>();

  @BeforeEach
  void root() {
    Host.requiresRoot();
  }

  /** What each layer says, base first. */
  private final List<List<LayerEntry>> said = new ArrayList<>();

  private Path apply(Archive archive) throws IOException {
    Path layer = Files.createDirectory(folder.resolve("layer" + layers.size()));
    List<LayerEntry> entries = new ArrayList<>();
    try (LayerUnpacker unpacker = new LayerUnpacker(layer, layers, true)) {
      unpacker.unpack(
          new TarReader(new ByteArrayInputStream(archive.bytes()), TarLimits.USUAL),
          entries::add,
          "layer",
          Progress.NONE);
    }
    layers.addFirst(layer);
    said.add(entries);
    return layer;
  }

  /**
   * What the union shows at that path: content, {@code dir}, {@code -> target}, or {@code none}.
   */
  private String seen(String path) throws IOException {
    try (RawFiles files = new RawFiles();
        Union union = new Union(files, layers, Overlay.TRUSTED)) {
      Optional<Union.Found> found = union.find(RawPath.of(path));
      if (found.isEmpty()) {
        return "none";
      }
      Path real = layers.get(found.get().layer()).resolve(path);
      return found.get().stat().isFolder()
          ? "dir"
          : found.get().stat().isSymlink()
              ? "-> " + Files.readSymbolicLink(real)
              : Files.readString(real);
    }
  }

  @Test
  void aFileReplacesTheOneBelow() throws IOException {
    apply(new Archive().folder("etc").file("etc/motd", "old"));
    apply(new Archive().file("etc/motd", "new"));
    assertThat(seen("etc/motd")).isEqualTo("new");
  }

  @Test
  void aWhiteoutHidesAndStoresADevice() throws IOException {
    apply(new Archive().folder("etc").file("etc/motd", "old").file("etc/hosts", "kept"));
    Path layer = apply(new Archive().whiteout("etc/motd"));
    assertThat(seen("etc/motd")).isEqualTo("none");
    assertThat(seen("etc/hosts")).isEqualTo("kept");
    assertThat(Files.readAttributes(layer.resolve("etc/motd"), "unix:rdev,mode"))
        .containsEntry("rdev", 0L)
        .containsEntry("mode", 0020000);
  }

  @Test
  void anOpaqueFolderHidesWhatIsBelowButNotWhatItBringsItself() throws IOException {
    apply(new Archive().folder("conf").file("conf/a", "old").file("conf/b", "old"));
    apply(new Archive().file("conf/new", "new").opaque("conf").file("conf/b", "newer"));
    assertThat(seen("conf/a")).isEqualTo("none");
    assertThat(seen("conf/b")).isEqualTo("newer");
    assertThat(seen("conf/new")).isEqualTo("new");
  }

  @Test
  void aWhiteoutNeverHidesWhatItsOwnLayerBrings() throws IOException {
    apply(new Archive().folder("a").file("a/old", "old").file("b", "old"));
    apply(new Archive().whiteout("a").file("a/new", "new").file("b", "new").whiteout("b"));
    assertThat(seen("a/old")).isEqualTo("none");
    assertThat(seen("a/new")).isEqualTo("new");
    assertThat(seen("b")).isEqualTo("new");
  }

  @Test
  void aFolderMayReplaceAFileAndAFileAFolder() throws IOException {
    apply(new Archive().folder("was-folder").file("was-folder/in", "x").file("was-file", "x"));
    apply(new Archive().file("was-folder", "file now").folder("was-file").file("was-file/in", "y"));
    assertThat(seen("was-folder")).isEqualTo("file now");
    assertThat(seen("was-file")).isEqualTo("dir");
    assertThat(seen("was-file/in")).isEqualTo("y");
  }

  @Test
  void aPathThroughASymbolicLinkOfALowerLayerLandsWhereItLeads() throws IOException {
    apply(new Archive().folder("usr").folder("usr/lib").symlink("lib", "usr/lib"));
    apply(new Archive().file("lib/libc.so", "libc"));
    assertThat(seen("usr/lib/libc.so")).isEqualTo("libc");
    assertThat(seen("lib")).isEqualTo("-> usr/lib");
  }

  @Test
  void aHardLinkToAFileBelowCopiesItUp() throws IOException {
    apply(new Archive().file("one", "content"));
    Path layer = apply(new Archive().hardLink("two", "one"));
    assertThat(seen("two")).isEqualTo("content");
    assertThat(Files.getAttribute(layer.resolve("one"), "unix:ino"))
        .isEqualTo(Files.getAttribute(layer.resolve("two"), "unix:ino"));
  }

  @Test
  void aFolderThatIsOnlyPassedThroughStaysAsItIsBelow() throws IOException {
    apply(new Archive().put("opt", TarEntry.Type.FOLDER, "", 0711, "").file("opt/a", "a"));
    Path layer = apply(new Archive().file("opt/b", "b"));
    assertThat(Files.getAttribute(layer.resolve("opt"), "unix:mode")).isEqualTo(0040711);
    assertThat(Files.getLastModifiedTime(layer.resolve("opt")).toMillis())
        .isEqualTo(1_700_000_000_000L);
  }

  @Test
  void theLastOfSeveralMembersOfOneNameCounts() throws IOException {
    apply(new Archive().file("x", "1").folder("x").file("x/in", "2").file("x", "3"));
    assertThat(seen("x")).isEqualTo("3");
  }

  @Test
  void packedAgainItIsTheSameLayer() throws IOException {
    apply(new Archive().folder("a").file("a/gone", "x").folder("b").file("b/x", "x"));
    Path layer =
        apply(
            new Archive()
                .whiteout("a/gone")
                .file("a/new", "new")
                .opaque("b")
                .hardLink("a/second", "a/new")
                .symlink("c", "a/new"));
    List<String> members = new ArrayList<>();
    TarReader reader = new TarReader(new ByteArrayInputStream(packed(layer)), TarLimits.USUAL);
    for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      members.add(e.get().path() + (e.get().link().isEmpty() ? "" : " -> " + e.get().link()));
    }
    assertThat(members)
        .containsExactly(
            "a/", "a/.wh.gone", "a/new", "a/second -> a/new", "b/", "b/.wh..wh..opq", "c -> a/new");
    assertThat(packed(layer)).isEqualTo(packed(layer));
  }

  private static byte[] packed(Path layer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(out);
        LayerPacker packer = new LayerPacker(LayerSource.all(layer))) {
      packer.pack(writer::put, "layer", Progress.NONE);
    }
    return out.toByteArray();
  }

  @Test
  void aDeletionStoresNothingAndShrinksTheTreeButNotTheImage() throws IOException {
    apply(new Archive().folder("opt").file("opt/big", "x".repeat(1000)).file("opt/small", "y"));
    apply(new Archive().whiteout("opt/big").file("opt/small", "yy"));
    apply(new Archive().opaque("opt").file("opt/last", "z"));
    ImageTree tree = ImageTree.of(said);
    assertThat(tree.shares())
        .containsExactly(
            new ImageTree.Share(1001, 1001, 1001, 3, 0, 0),
            new ImageTree.Share(2, -999, 2, 0, 1, 1),
            new ImageTree.Share(1, -1, 1, 1, 0, 1));
    assertThat(tree.waste().stream().map(w -> w.path() + " " + w.bytes() + " " + w.layer()))
        .containsExactly("opt/big 1000 0", "opt/small 1 0", "opt/small 2 1");
    assertThat(tree.find(RawPath.of("opt")).orElseThrow().children().stream().map(n -> n.name()))
        .containsExactly("last");
    assertThat(tree.root().size()).isEqualTo(1);
  }

  // Hostile archives: nothing is ever written outside, whatever paths and links say.

  private void nothingOutside() throws IOException {
    try (var outside = Files.list(folder)) {
      assertThat(outside.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.matches("layer\\d|victim"));
    }
    assertThat(folder.resolve("victim")).isEmptyDirectory();
  }

  @Test
  void dotDotStaysInTheRoot() throws IOException {
    Files.createDirectory(folder.resolve("victim"));
    apply(new Archive().file("../victim/a", "x").file("/../../victim/b", "x"));
    nothingOutside();
    assertThat(seen("victim/a")).isEqualTo("x");
  }

  @Test
  void symbolicLinksStayInTheRoot() throws IOException {
    Files.createDirectory(folder.resolve("victim"));
    apply(
        new Archive()
            .symlink("up", "../victim")
            .file("up/a", "x")
            .symlink("absolute", folder.resolve("victim").toString())
            .file("absolute/b", "x")
            .symlink("chain", "up/../../..")
            .file("chain/c", "x"));
    nothingOutside();
  }

  @Test
  void aLinkLaidInOneLayerDoesNotHelpTheNext() throws IOException {
    Files.createDirectory(folder.resolve("victim"));
    apply(new Archive().symlink("door", folder.resolve("victim").toString()));
    apply(new Archive().file("door/a", "x").hardLink("stolen", "door/a"));
    nothingOutside();
  }

  @Test
  void aHardLinkCannotReachOutside() throws IOException {
    Files.createDirectory(folder.resolve("victim"));
    assertThatThrownBy(() -> apply(new Archive().hardLink("passwd", "../../../../etc/passwd")))
        .isInstanceOf(LayerException.class)
        .hasMessageContaining("hard link");
    assertThat(folder.resolve("layer0/passwd")).doesNotExist();
  }

  @Test
  void aFolderSwappedForALinkWhileUnpackingLeadsNowhere() throws IOException {
    Files.createDirectory(folder.resolve("victim"));
    apply(
        new Archive()
            .folder("a")
            .file("a/first", "x")
            .symlink("a", folder.resolve("victim").toString())
            .file("a/second", "x"));
    nothingOutside();
  }

  @Test
  void aRingOfLinksEnds() {
    assertThatThrownBy(
            () -> apply(new Archive().symlink("a", "b").symlink("b", "a").file("a/x", "x")))
        .hasMessageContaining("too many symbolic links");
  }

  @Test
  void whiteoutsWithoutANameAreRefused() {
    assertThatThrownBy(() -> apply(new Archive().file("etc/.wh...", "")))
        .hasMessageContaining("whiteout of no name");
  }

  @Test
  void namesThatAreNoTextSurvive() throws IOException {
    String name = "\u00fc\u00ff\n\u0001";
    Path layer = apply(new Archive().file(name, "odd"));
    try (RawFiles files = new RawFiles()) {
      int root = files.openFolder(layer);
      assertThat(files.list(root, "")).containsExactly(name);
      files.close(root);
    }
    assertThat(new RawPath(name).shown()).isEqualTo("\\xfc\\xff\\x0a\\x01");
  }

  @Test
  void aNameTooLongForTheFileSystemIsOneClearError() {
    assertThatThrownBy(() -> apply(new Archive().file("n".repeat(300), "x")))
        .isInstanceOf(LayerException.class)
        .hasMessageContaining("ENAMETOOLONG");
    assertThat(Files.exists(folder.resolve("n".repeat(10)), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
