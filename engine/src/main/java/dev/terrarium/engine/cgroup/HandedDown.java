package dev.terrarium.engine.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which controllers the cgroup above ours hands down only because of us. Our topmost folder, which
 * all engines share, remembers it in an extended attribute: whoever removes that folder as the last
 * one knows what to take back, even if the engine that asked for it was killed. Version 2 only.
 * Source: xattr(7); a cgroup takes user attributes since Linux 5.7, and where it does not the
 * controllers stay.
 */
final class HandedDown {
  private static final String ATTRIBUTE = "terrarium.handed-down";

  private HandedDown() {}

  /** Remembers those that are not handed down yet; to be called before they are. */
  static void remember(Path top, Path control, Set<String> wanted) {
    Set<String> ours = new TreeSet<>(remembered(top));
    Set<String> before = CgroupFile.words(control);
    wanted.stream().filter(controller -> !before.contains(controller)).forEach(ours::add);
    if (ours.isEmpty()) {
      return;
    }
    try {
      view(top).write(ATTRIBUTE, StandardCharsets.UTF_8.encode(String.join(" ", ours)));
    } catch (IOException e) {
      // An old kernel: then they stay, which harms nobody.
    }
  }

  static Set<String> remembered(Path top) {
    try {
      UserDefinedFileAttributeView view = view(top);
      ByteBuffer value = ByteBuffer.allocate(view.size(ATTRIBUTE));
      view.read(ATTRIBUTE, value);
      return Set.of(StandardCharsets.UTF_8.decode(value.flip()).toString().split(" "));
    } catch (IOException e) {
      return Set.of();
    }
  }

  /**
   * Takes those back, unless somebody else has cgroups there by now: a controller that goes takes
   * everybody's limits along.
   */
  static void takeBack(Path base, Set<String> ours) {
    try {
      if (ours.isEmpty() || !CgroupFolder.children(base).isEmpty()) {
        return;
      }
      for (String controller : ours) {
        Files.writeString(
            base.resolve(V2.SUBTREE_CONTROL), "-" + controller, StandardOpenOption.WRITE);
      }
    } catch (IOException e) {
      // Another engine has begun meanwhile, and asks for them anew.
    }
  }

  private static UserDefinedFileAttributeView view(Path top) {
    return Files.getFileAttributeView(top, UserDefinedFileAttributeView.class);
  }
}
