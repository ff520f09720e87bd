package dev.terrarium.engine.fact;

import java.util.List;

/** Why an instruction is carried out again, although something like it was before. */
public sealed interface CacheMiss {

  /** Nothing like it was built from this file before. */
  record NothingBefore() implements CacheMiss {
    @Override
    public String sentence() {
      return "nothing like it was built before";
    }
  }

  /** Nobody wants what was built before. */
  record CacheOff() implements CacheMiss {
    @Override
    public String sentence() {
      return "the cache is switched off";
    }
  }

  /** What it stands on is another one by now. */
  record StepRanAgain(BuildStep step) implements CacheMiss {
    @Override
    public String sentence() {
      return "step %d of stage %s ran again".formatted(step.number(), step.stage());
    }
  }

  /** The image of its FROM is another one by now. */
  record BaseChanged(String image) implements CacheMiss {
    @Override
    public String sentence() {
      return "the image " + image + " changed";
    }
  }

  /**
   * Its line is another one.
   *
   * @param before what stood in its place
   */
  record LineChanged(String before) implements CacheMiss {
    @Override
    public String sentence() {
      return "the line changed, it was: " + before;
    }
  }

  /** A build argument has another value. */
  record ArgumentChanged(String name) implements CacheMiss {
    @Override
    public String sentence() {
      return "the build argument " + name + " changed";
    }
  }

  /** A variable of the environment, or another setting, has another value: {@code WORKDIR}. */
  record SettingChanged(String name) implements CacheMiss {
    @Override
    public String sentence() {
      return name + " changed";
    }
  }

  /**
   * What is copied is not what it was.
   *
   * @param source as the line names it
   * @param paths those that were changed, added or removed, the first few
   */
  record FilesChanged(String source, List<String> paths) implements CacheMiss {
    public FilesChanged {
      paths = List.copyOf(paths);
    }

    @Override
    public String sentence() {
      return source
          + " changed"
          + (paths.isEmpty() || paths.equals(List.of(source))
              ? ""
              : ": " + String.join(", ", paths));
    }
  }

  /** It was built before, but its layer was thrown away. */
  record LayerGone() implements CacheMiss {
    @Override
    public String sentence() {
      return "its layer was thrown away";
    }
  }

  /** What comes after "because", in English. */
  String sentence();
}
