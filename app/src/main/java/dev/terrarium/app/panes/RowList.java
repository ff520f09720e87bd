package dev.terrarium.app.panes;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ModifiableObservableListBase;

/**
 * A list on screen that can be brought up to date in one event and by touching only what changed,
 * so that the rest keeps still.
 */
final class RowList<T> extends ModifiableObservableListBase<T> {

  private final List<T> rows = new ArrayList<>();

  /** Becomes equal to {@code wanted}: the common head and tail stay as they are. */
  void become(List<T> wanted) {
    int shorter = Math.min(size(), wanted.size());
    int head = 0;
    while (head < shorter && get(head).equals(wanted.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && get(size() - 1 - tail).equals(wanted.get(wanted.size() - 1 - tail))) {
      tail++;
    }
    if (head == size() && size() == wanted.size()) {
      return;
    }
    int common = shorter - head - tail;
    int from = head + common;
    beginChange();
    for (int i = head; i < from; i++) {
      if (!get(i).equals(wanted.get(i))) {
        set(i, wanted.get(i));
      }
    }
    if (size() > wanted.size()) {
      remove(from, size() - tail);
    } else if (wanted.size() > size()) {
      addAll(from, wanted.subList(from, wanted.size() - tail));
    }
    endChange();
  }

  @Override
  public T get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  protected void doAdd(int index, T row) {
    rows.add(index, row);
  }

  @Override
  protected T doSet(int index, T row) {
    return rows.set(index, row);
  }

  @Override
  protected T doRemove(int index) {
    return rows.remove(index);
  }
}
