package dev.terrarium.app.workbench;

import dev.terrarium.app.dock.Dock;
import dev.terrarium.app.files.FilesPanes;
import dev.terrarium.app.limits.LimitsPanes;
import dev.terrarium.app.panes.ChipsBar;
import dev.terrarium.app.panes.ProcessPanes;
import dev.terrarium.app.panes.WhyBar;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import java.util.List;

/**
 * The parts of the lesson screen that draw scenes.
 *
 * @param chips the container's namespaces
 * @param sights host and container side by side
 * @param why the cause of their difference
 * @param dock system calls, delta, terminals
 */
record LessonParts(ChipsBar chips, Sights sights, WhyBar why, Dock dock) {

  static LessonParts of(UiContext ui) {
    WhyBar why = new WhyBar(ui);
    Sights sights =
        new Sights(ui, why, List.of(new ProcessPanes(ui), new FilesPanes(ui), new LimitsPanes(ui)));
    return new LessonParts(new ChipsBar(ui), sights, why, new Dock(ui));
  }

  void show(LessonScene scene) {
    chips.show(scene);
    sights.show(scene);
    dock.show(scene);
  }
}
