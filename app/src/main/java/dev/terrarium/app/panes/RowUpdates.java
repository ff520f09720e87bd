package dev.terrarium.app.panes;

import java.util.List;
import javafx.collections.ObservableList;

/**
 * Brings a list on screen up to date by touching only what changed, so that the rest keeps still.
 */
final class RowUpdates {

  private RowUpdates() {}

  /** Makes {@code shown} equal to {@code wanted}: the common head and tail stay as they are. */
  static <T> void apply(ObservableList<T> shown, List<T> wanted) {
    int head = 0;
    int shorter = Math.min(shown.size(), wanted.size());
    while (head < shorter && shown.get(head).equals(wanted.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && shown.get(shown.size() - 1 - tail).equals(wanted.get(wanted.size() - 1 - tail))) {
      tail++;
    }
    int common = Math.min(shown.size(), wanted.size()) - head - tail;
    for (int i = head; i < head + common; i++) {
      if (!shown.get(i).equals(wanted.get(i))) {
        shown.set(i, wanted.get(i));
      }
    }
    int from = head + common;
    if (shown.size() > wanted.size()) {
      shown.remove(from, shown.size() - tail);
    } else if (wanted.size() > shown.size()) {
      shown.addAll(from, wanted.subList(from, wanted.size() - tail));
    }
  }
}
