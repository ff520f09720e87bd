package dev.terrarium.app.workbench;

import dev.terrarium.app.dock.Dock;
import dev.terrarium.app.panes.ChipsBar;
import dev.terrarium.app.panes.ProcessPanes;
import dev.terrarium.app.panes.WhyBar;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;

/**
 * The parts of the lesson screen that draw scenes.
 *
 * @param chips the container's namespaces
 * @param panes host and container side by side
 * @param why the cause of their difference
 * @param dock system calls, delta, terminals
 */
record LessonParts(ChipsBar chips, ProcessPanes panes, WhyBar why, Dock dock) {

  static LessonParts of(UiContext ui) {
    return new LessonParts(new ChipsBar(ui), new ProcessPanes(ui), new WhyBar(ui), new Dock(ui));
  }

  void show(LessonScene scene) {
    chips.show(scene);
    panes.show(scene);
    why.show(scene);
    dock.show(scene);
  }
}
