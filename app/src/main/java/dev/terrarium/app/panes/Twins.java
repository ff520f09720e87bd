package dev.terrarium.app.panes;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleIntegerProperty;

/**
 * Which process both panes and the curves between them light up, by host pid: the one under the
 * pointer, else the selected one. Zero is none.
 */
final class Twins {

  private final IntegerProperty hovered = new SimpleIntegerProperty();
  private final IntegerProperty selected = new SimpleIntegerProperty();
  private final ReadOnlyIntegerWrapper hot = new ReadOnlyIntegerWrapper();

  Twins() {
    hovered.subscribe(this::decide);
    selected.subscribe(this::decide);
  }

  ReadOnlyIntegerProperty hot() {
    return hot.getReadOnlyProperty();
  }

  void enter(int hostPid) {
    hovered.set(hostPid);
  }

  /** The pointer has left a row; it may have entered another one first. */
  void leave(int hostPid) {
    if (hovered.get() == hostPid) {
      hovered.set(0);
    }
  }

  void select(int hostPid) {
    selected.set(hostPid);
  }

  private void decide() {
    hot.set(hovered.get() != 0 ? hovered.get() : selected.get());
  }
}
