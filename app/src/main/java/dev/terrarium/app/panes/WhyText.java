package dev.terrarium.app.panes;

import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.Explanation;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Difference;
import dev.terrarium.engine.observe.Difference.Kind;
import dev.terrarium.engine.observe.Differences;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.syscall.SyscallEvent;
import dev.terrarium.lessons.play.PlayerState.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The words for a difference and for the call that made it. Backquotes mark what a machine says.
 */
final class WhyText {

  private static final int LONGEST_VALUE = 60;

  private WhyText() {}

  /** All differences between the two panes at that moment, the one to tell first at the front. */
  static Explanation explain(LessonScene scene, UiContext ui) {
    boolean alive = ChipsBar.firstProcess(scene).isPresent();
    List<Difference> differences =
        alive && scene.snapshot().isPresent()
            ? Differences.between(
                scene.snapshot().get(), scene.containerPid().orElseThrow(), scene.calls())
            : List.of();
    Optional<Difference> first = foremost(differences, scene);
    List<String> sentences = new ArrayList<>();
    first.ifPresent(difference -> sentences.add(of(difference, scene, ui)));
    differences.stream()
        .filter(difference -> !first.equals(Optional.of(difference)))
        .forEach(difference -> sentences.add(of(difference, scene, ui)));
    return new Explanation(
        sentences,
        ui.text(
            alive
                ? "panes.why.same"
                : PaneContents.ended(scene) ? "panes.why.ended" : "panes.why.nothing"));
  }

  /**
   * The difference to tell first: one that the step on screen made; else that {@code /proc} is
   * still the host's, which is what puzzles most; else the first.
   */
  static Optional<Difference> foremost(List<Difference> differences, LessonScene scene) {
    return differences.stream()
        .filter(difference -> madeInStep(difference, scene))
        .findFirst()
        .or(() -> differences.stream().filter(d -> d.kind() == Kind.PROC_SHOWS_HOST).findFirst())
        .or(() -> differences.stream().findFirst());
  }

  private static boolean madeInStep(Difference difference, LessonScene scene) {
    return difference
        .madeBy()
        .map(call -> step(call, scene).equals(OptionalInt.of(scene.step())))
        .orElse(false);
  }

  /** The step that made a call, from 0. */
  static OptionalInt step(SyscallEvent call, LessonScene scene) {
    return scene.moments().reversed().stream()
        .filter(moment -> moment.calls().contains(call))
        .mapToInt(Moment::step)
        .findFirst();
  }

  /** What made it so, with its step; empty if no recorded call did. */
  static String cause(Optional<SyscallEvent> call, LessonScene scene, UiContext ui) {
    if (call.isEmpty()) {
      return "";
    }
    OptionalInt step = step(call.get(), scene);
    return step.isPresent()
        ? ui.text("panes.cause.step", call.get().name(), step.getAsInt() + 1)
        : ui.text("panes.cause", call.get().name());
  }

  /** The whole sentence, cause included. */
  static String of(Difference difference, LessonScene scene, UiContext ui) {
    String key = "panes.why." + difference.kind().name().toLowerCase(Locale.ROOT);
    String fact =
        ui.text(
            key,
            VisibleText.of(difference.hostValue(), LONGEST_VALUE),
            VisibleText.of(difference.containerValue(), LONGEST_VALUE),
            shortName(difference.hostNs()),
            shortName(difference.containerNs()));
    String cause =
        difference.madeBy().isEmpty() && difference.kind() == Kind.PROC_SHOWS_HOST
            ? ui.text("panes.why.nobody")
            : cause(difference.madeBy(), scene, ui);
    return cause.isEmpty() ? fact : fact + ui.text("panes.why.gap") + cause;
  }

  private static String shortName(Optional<Namespace> namespace) {
    return namespace.map(ns -> ns.type().procName() + ":[" + ns.shortInode() + "]").orElse("?");
  }
}
