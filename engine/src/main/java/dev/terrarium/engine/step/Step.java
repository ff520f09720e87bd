package dev.terrarium.engine.step;

/**
 * One step of a container's plan: data that knows its system calls, the sentence that explains it,
 * what a person would type to do the same, and what would take it back. A closed family, a file for
 * each subject: a new ability is a new record there.
 */
public sealed interface Step
    permits ProcessStep,
        CgroupStep,
        NamespaceStep,
        FileStep,
        NetworkStep,
        HardeningStep,
        WireStep,
        ExecStep {

  /** Makes the step's calls, in order. */
  void perform(StepContext context);

  /** What it does and why, in one English sentence. */
  String sentence();

  /** What a person would type, in a shell, to do the same by hand. */
  String byHand();

  /**
   * What a person would type to take it back; empty if it ends with the process, or with the
   * namespace, for which it was made.
   */
  default String undoByHand() {
    return "";
  }

  /** Its stable name: the record's, in lower case with dashes, such as {@code mount-overlay}. */
  default String id() {
    return StepNames.of(getClass());
  }
}
