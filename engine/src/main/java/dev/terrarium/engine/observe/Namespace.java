package dev.terrarium.engine.observe;

/**
 * One namespace, named as the kernel names it: its kind and its inode number on nsfs. Source:
 * namespaces(7), "The /proc/pid/ns/ directory".
 */
public record Namespace(NamespaceType type, long inode) {

  /** As {@code readlink /proc/PID/ns/pid} prints it: {@code pid:[4026531836]}. */
  @Override
  public String toString() {
    return type.procName() + ":[" + inode + "]";
  }

  /** The last four digits, enough to tell neighbours apart on a screen: {@code …1836}. */
  public String shortInode() {
    String digits = Long.toString(inode);
    return digits.length() <= 4 ? digits : "…" + digits.substring(digits.length() - 4);
  }
}
