package dev.terrarium.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Engine;
import dev.terrarium.engine.Host;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.file.RawFiles;
import dev.terrarium.engine.file.Stat;
import dev.terrarium.engine.journal.StateFolder;
import dev.terrarium.engine.layer.LayerUnpacker;
import dev.terrarium.engine.layer.Overlay;
import dev.terrarium.engine.layer.Progress;
import dev.terrarium.engine.layer.UnionPacker;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Filesystem;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.tar.TarEntry;
import dev.terrarium.engine.tar.TarLimits;
import dev.terrarium.engine.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tree that a container sees is the one that umoci unpacks, attribute by attribute, for an
 * image with every kind of file and every kind of change.
 */
@Timeout(120)
class PeerComparisonTest {
  private static final String LONG = "d".repeat(120) + "/" + "e".repeat(120);

  @TempDir Path folder;
  private Path state;

  @BeforeEach
  void needs() {
    Host.requiresRoot();
    Host.requires(Host.busybox(), "busybox");
    Host.requires(
        Stream.of("/usr/bin/umoci", "/bin/umoci", "/usr/local/bin/umoci")
            .anyMatch(path -> Files.isExecutable(Path.of(path))),
        "umoci (package umoci)");
    state = folder.resolve("state");
  }

  // The image: two archives, as an author writes them.

  private static final class Layer implements AutoCloseable {
    private final OutputStream out;
    private final TarWriter writer;

    Layer(Path file) throws IOException {
      out = Files.newOutputStream(file);
      writer = new TarWriter(out);
    }

    private void put(
        String path,
        TarEntry.Type type,
        String link,
        int mode,
        long owner,
        byte[] content,
        Map<String, byte[]> attributes)
        throws IOException {
      boolean device = type == TarEntry.Type.CHARACTER || type == TarEntry.Type.BLOCK;
      writer.put(
          new TarEntry(
              new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
              type,
              link,
              mode,
              owner,
              owner,
              content.length,
              1_600_000_000L + path.length(),
              0,
              device ? 1 : 0,
              device ? 3 : 0,
              attributes,
              List.of(),
              false),
          new ByteArrayInputStream(content));
    }

    Layer file(String path, String content) throws IOException {
      return file(path, 0644, 0, content.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    Layer file(String path, int mode, long owner, byte[] content, Map<String, byte[]> attributes)
        throws IOException {
      put(path, TarEntry.Type.FILE, "", mode, owner, content, attributes);
      return this;
    }

    Layer folder(String path, int mode, long owner) throws IOException {
      put(path, TarEntry.Type.FOLDER, "", mode, owner, new byte[0], Map.of());
      return this;
    }

    Layer other(String path, TarEntry.Type type, String link) throws IOException {
      put(path, type, link, type == TarEntry.Type.SYMLINK ? 0777 : 0640, 7, new byte[0], Map.of());
      return this;
    }

    @Override
    public void close() throws IOException {
      writer.close();
      out.close();
    }
  }

  private static void base(Path file) throws IOException {
    Path busybox =
        Stream.of("/bin/busybox", "/usr/bin/busybox")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
    try (Layer layer = new Layer(file)) {
      layer.folder("bin", 0755, 0).file("bin/sh", 0755, 0, Files.readAllBytes(busybox), Map.of());
      layer.folder("etc", 0755, 0).file("etc/issue", "gone later").file("etc/kept", "kept");
      layer
          .folder("app", 0750, 1000)
          .file("app/suid", 04755, 0, new byte[10], Map.of())
          .file("app/cap", 0755, 0, new byte[10], Map.of("security.capability", capability))
          .file("app/noted", 0600, 1000, new byte[3], Map.of("user.note", new byte[] {1, 0, -1}))
          .file("app/empty", "")
          .file("app/hard1", "a")
          .other("app/hard2", TarEntry.Type.HARD_LINK, "app/hard1")
          .other("app/rel", TarEntry.Type.SYMLINK, "../etc/kept")
          .other("app/abs", TarEntry.Type.SYMLINK, "/etc/kept")
          .other("app/dangling", TarEntry.Type.SYMLINK, "nowhere")
          .other("app/fifo", TarEntry.Type.FIFO, "")
          .other("app/null", TarEntry.Type.CHARACTER, "")
          .other("app/block", TarEntry.Type.BLOCK, "")
          .folder("app/sticky", 01777, 1000)
          .folder("app/setgid", 02755, 1000);
      layer
          .folder("conf", 0711, 5)
          .file("conf/one", "old")
          .file("conf/two", "old")
          .folder("old", 0755, 0)
          .folder("old/deep", 0755, 0)
          .file("old/deep/file", "x")
          .folder("becomes-file", 0755, 0)
          .file("becomes-file/in", "x")
          .file("becomes-folder", "x")
          .folder("d".repeat(120), 0755, 0)
          .folder(LONG, 0755, 0)
          .file(LONG + "/file", "long")
          .file("ünï-文件", "u")
          .file("nl\nname", "n");
    }
  }

  private static void changes(Path file) throws IOException {
    try (Layer layer = new Layer(file)) {
      layer
          .folder("etc", 0755, 0)
          .file("etc/.wh.issue", "")
          .folder("conf", 0700, 6)
          .file("conf/.wh..wh..opq", "")
          .file("conf/new", "new")
          .file("old/deep/.wh.file", "")
          .file("becomes-file", "file now")
          .folder("becomes-folder", 0755, 0)
          .file("becomes-folder/in", "in")
          .file("app/noted", 0644, 0, new byte[] {9}, Map.of())
          .file("app/.wh.rel", "")
          .other("app/hard3", TarEntry.Type.HARD_LINK, "app/empty");
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
  }

  private Path layout() throws Exception {
    Path layout = folder.resolve("layout");
    String image = layout + ":peer";
    run("umoci", "init", "--layout", layout.toString());
    run("umoci", "new", "--image", image);
    base(folder.resolve("base.tar"));
    changes(folder.resolve("changes.tar"));
    for (String tar : List.of("base.tar", "changes.tar")) {
      run("umoci", "raw", "add-layer", "--image", image, folder.resolve(tar).toString());
    }
    return layout;
  }

  // A tree, path by path.

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (RawFiles files = new RawFiles()) {
      int fd = files.openFolder(root);
      walk(files, fd, "", tree, new TreeMap<>());
      files.close(fd);
    }
    return tree;
  }

  private static void walk(
      RawFiles files, int folder, String at, Map<String, String> into, Map<Long, String> linked)
      throws IOException {
    for (String name : files.list(folder, "")) {
      String path = at + "/" + name;
      Stat stat = files.stat(folder, name).orElseThrow();
      Map<String, String> attributes = new TreeMap<>();
      files
          .attributes(folder, name)
          .forEach((key, value) -> {
            // How overlayfs marks what hides; no file system has these of its own.
            if (!key.contains(".overlay.")) {
              attributes.put(key, HexFormat.of().formatHex(value));
            }
          });
      String same = stat.isFolder() ? "" : linked.computeIfAbsent(stat.inode(), inode -> path);
      into.put(
          path,
          "%o %d:%d size %d time %d.%d device %x %s same as %s %s"
              .formatted(
                  stat.mode(),
                  stat.uid(),
                  stat.gid(),
                  stat.isFolder() ? 0 : stat.size(),
                  stat.modified(),
                  stat.modifiedNanos(),
                  stat.special(),
                  attributes,
                  same,
                  stat.isSymlink()
                      ? files.readLink(folder, name)
                      : stat.isFile() ? content(files, folder, name, stat) : ""));
      if (stat.isFolder()) {
        int inner = files.openFolder(folder, name);
        walk(files, inner, path, into, linked);
        files.close(inner);
      }
    }
  }

  private static String content(RawFiles files, int folder, String name, Stat stat)
      throws IOException {
    int fd = files.open(folder, name, RawFiles.O_RDONLY, 0);
    byte[] content = new byte[(int) stat.size()];
    int done = 0;
    while (done < content.length) {
      done += files.read(fd, content, done, content.length - done);
    }
    files.close(fd);
    return Digest.of(content).brief();
  }

  private Map<String, String> umociTree(Path layout) throws Exception {
    Path bundle = folder.resolve("umoci");
    run("umoci", "unpack", "--image", layout + ":peer", bundle.toString());
    return tree(bundle.resolve("rootfs"));
  }

  @Test
  void aContainerSeesWhatUmociUnpacks() throws Exception {
    Path layout = layout();
    ImageStore store = new ImageStore(new StateFolder(state), state.resolve("beside"), true);
    var _ = store.take(layout, ImageStore.Import.USUAL.named("peer"), Progress.NONE);
    Map<String, String> seen;
    try (Engine engine = Engine.open(state, fact -> {})) {
      Root root = new Root.Image("peer");
      ContainerSpec spec =
          ContainerSpec.of(
                  "box",
                  Set.of(NamespaceType.PID, NamespaceType.MNT),
                  root,
                  Proc.NONE,
                  List.of("/bin/sh", "-c", "while :; do read x; done"))
              .withFiles(Filesystem.bare(root, Proc.NONE))
              .withStdio(dev.terrarium.engine.spec.Stdio.PIPES);
      try (Container container = engine.prepare(spec)) {
        container.start();
        seen = tree(Path.of("/proc/" + container.pid().orElseThrow() + "/root"));
      }
    }
    assertThat(seen).hasSizeGreaterThan(30).containsExactlyInAnyOrderEntriesOf(umociTree(layout));
  }

  @Test
  void theFlattenedTreeIsTheSameAsWell() throws Exception {
    Path layout = layout();
    ImageStore store = new ImageStore(new StateFolder(state), state.resolve("beside"), true);
    ImageStore.Import how =
        new ImageStore.Import(
            Optional.of("peer"), Optional.empty(), Platform.host(), TarLimits.USUAL);
    Image image = store.take(layout, how, Progress.NONE).image();
    Path flat = Files.createDirectory(folder.resolve("flat"));
    try (UnionPacker layers = new UnionPacker(store.folders(image), Overlay.TRUSTED);
        LayerUnpacker unpacker = new LayerUnpacker(flat, new ArrayList<>(), true)) {
      assertThat(unpacker.flatten(layers, "flatten", Progress.NONE)).isEmpty();
    }
    assertThat(tree(flat)).containsExactlyInAnyOrderEntriesOf(umociTree(layout));
  }
}
