package dev.terrarium.engine.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** One thing that is done to the cgroup file system, as data: it is shown as well as done. */
public sealed interface Edit {

  /** As a person types it in a shell. */
  String byHand();

  /** Whether the host is not that way already. */
  boolean needed();

  /** A cgroup is made: mkdir(2). */
  record Mkdir(Path folder) implements Edit {
    @Override
    public String byHand() {
      return "mkdir " + folder;
    }

    @Override
    public boolean needed() {
      return !Files.isDirectory(folder);
    }
  }

  /** A file of the cgroup gets a value: write(2). */
  record Write(Path file, String value) implements Edit {
    @Override
    public String byHand() {
      String word = value.contains(" ") ? "'" + value + "' " : value.isEmpty() ? "" : value + " ";
      return "echo " + word + "> " + file;
    }

    /**
     * Has the topmost folder of ours remember what the cgroup above will hand down from now on; to
     * be called before the write.
     */
    public void remember() {
      Path top = file.resolveSibling(Delegation.TOP);
      if (file.endsWith(V2.SUBTREE_CONTROL) && Files.isDirectory(top)) {
        HandedDown.remember(top, file, controllers());
      }
    }

    private Set<String> controllers() {
      return Set.of(value.replace("+", "").split(" "));
    }

    @Override
    public boolean needed() {
      if (file.endsWith(V2.SUBTREE_CONTROL)) {
        return !CgroupFile.words(file).containsAll(controllers());
      }
      return CgroupFile.text(file).filter(value::equals).isEmpty();
    }
  }
}
