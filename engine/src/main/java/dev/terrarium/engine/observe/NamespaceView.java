package dev.terrarium.engine.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One namespace, looked into.
 *
 * @param namespace with inode number 0 if not even that may be read
 * @param owner the user namespace in which one must have rights to change it, by its inode number;
 *     empty if it is out of sight. Source: ioctl_nsfs(2), NS_GET_USERNS
 * @param isolation what it keeps apart
 * @param hidden what of that could not be read
 */
public record NamespaceView(
    Namespace namespace, OptionalLong owner, Isolation isolation, List<Hidden> hidden) {

  /** A part that could not be read, which does not mean that it is empty. */
  public record Hidden(String what, String why) {}

  public NamespaceView {
    hidden = List.copyOf(hidden);
  }

  /** All of it as a person reads it. */
  public List<Isolation.Line> lines() {
    List<Isolation.Line> lines = new ArrayList<>(isolation.lines());
    hidden.forEach(part -> lines.add(new Isolation.Line(part.what(), "unreadable: " + part.why())));
    return lines;
  }
}
