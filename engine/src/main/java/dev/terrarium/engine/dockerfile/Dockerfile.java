package dev.terrarium.engine.dockerfile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Dockerfile that was understood.
 *
 * @param file as messages name it
 * @param directives parser directives, such as {@code syntax}
 * @param escape the character that takes others their meaning
 * @param global the build arguments that are declared before the first stage
 * @param stages at least one
 * @param warnings what is understood and probably not meant
 */
public record Dockerfile(
    String file,
    Map<String, String> directives,
    char escape,
    List<Instruction.Arg> global,
    List<Stage> stages,
    List<Warning> warnings) {

  /** Something to look at again. */
  public record Warning(Position at, String text) {}

  public Dockerfile {
    directives = Map.copyOf(directives);
    global = List.copyOf(global);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /**
   * Understands a text.
   *
   * @param file as messages are to name it
   * @throws DockerfileException for the first thing that is wrong
   */
  public static Dockerfile parse(String file, String text) {
    return new DockerfileParser(file, text).parse();
  }

  /**
   * Understands the instruction that ONBUILD kept in an image.
   *
   * @param where as messages are to name it
   */
  public static Instruction trigger(String where, String text) {
    return new DockerfileParser(where, text).trigger();
  }

  /** The stage that is called so, before that one. */
  public Optional<Stage> stageBefore(int index, String word) {
    // A name may be given twice; the later one counts.
    return stages.subList(0, index).reversed().stream()
        .filter(stage -> stage.isCalled(word))
        .findFirst();
  }

  /** An error at a place of it. */
  public DockerfileException wrong(Position at, String problem) {
    return new DockerfileException(file, at, problem);
  }
}
