package dev.terrarium.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.MergedTree.Fate;
import dev.terrarium.engine.observe.MergedTree.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedTreeTest {

  private static Entry file(String path) {
    return new Entry(path, Kind.FILE, 10, 1, 0);
  }

  private static Entry entry(String path, Kind kind) {
    return new Entry(path, kind, 0, 2, 0);
  }

  private static Entry folder(String path) {
    return entry(path, Kind.FOLDER);
  }

  private static Layers stack(Entry[] upper, Entry... lower) {
    return new Layers(
        List.of(
            new Layer(Role.UPPER, 0, "/upper", List.of(upper), true),
            new Layer(Role.LOWER, 1, "/lower", List.of(lower), true)));
  }

  private static List<String> told(Layers layers) {
    return MergedTree.of(layers).stream().map(MergedTreeTest::told).toList();
  }

  private static String told(Found found) {
    String fate = found.fate() == Fate.SEEN ? "" : " " + found.fate() + " by " + found.by();
    return found.layer() + " " + found.entry().path() + fate;
  }

  @Test
  void foldersOfAllLayersAreOneFolder() {
    Layers layers =
        stack(new Entry[] {folder("etc"), file("etc/new")}, folder("etc"), file("etc/old"));

    assertThat(told(layers))
        .containsExactly("0 etc", "1 etc COVERED by 0", "0 etc/new", "1 etc/old");
  }

  @Test
  void aWhiteoutHidesAPathAndIsNotSeenItself() {
    Layers layers =
        stack(
            new Entry[] {folder("etc"), entry("etc/motd", Kind.WHITEOUT)},
            folder("etc"),
            file("etc/motd"),
            file("etc/motd2"));

    assertThat(told(layers)).contains("1 etc/motd HIDDEN by 0", "1 etc/motd2").hasSize(4);
  }

  @Test
  void aWhiteoutOfAFolderHidesAllInIt() {
    Layers layers =
        stack(
            new Entry[] {entry("usr", Kind.WHITEOUT)},
            folder("usr"),
            folder("usr/bin"),
            file("usr/bin/greet"));

    assertThat(told(layers))
        .containsExactly(
            "1 usr HIDDEN by 0", "1 usr/bin HIDDEN by 0", "1 usr/bin/greet HIDDEN by 0");
  }

  @Test
  void nothingShowsThroughAnOpaqueFolder() {
    Layers layers =
        stack(
            new Entry[] {entry("usr", Kind.OPAQUE), file("usr/mine")},
            folder("usr"),
            file("usr/theirs"));

    assertThat(told(layers))
        .containsExactly("0 usr", "1 usr COVERED by 0", "0 usr/mine", "1 usr/theirs HIDDEN by 0");
  }

  @Test
  void aFileInPlaceOfAFolderHidesWhatWasInIt() {
    Layers layers = stack(new Entry[] {file("var")}, folder("var"), file("var/log"));

    assertThat(told(layers))
        .containsExactly("0 var", "1 var COVERED by 0", "1 var/log HIDDEN by 0");
  }

  @Test
  void aCopyCoversTheOriginal() {
    Layers layers = stack(new Entry[] {file("profile")}, file("profile"));

    assertThat(told(layers)).containsExactly("0 profile", "1 profile COVERED by 0");
  }
}
