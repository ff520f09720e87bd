package dev.terrarium.app.panes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {

  private final List<ProcessRow> rows = new ArrayList<>();
  private final Map<Integer, Integer> parents = new HashMap<>();

  private void process(int pid, int parent, int depth) {
    String number = Integer.toString(pid);
    rows.add(
        new ProcessRow(
            pid, number, "0", "root", "p" + pid, depth, false, "…1", number, 'S', false));
    parents.put(pid, parent);
  }

  private List<String> around(int pid) {
    return Neighbourhood.around(rows, parents, Set.of(pid)).stream()
        .map(Column.COMMAND::text)
        .toList();
  }

  @Test
  void keepsTheNearestAncestorsAndNumberOneAndMarksTheGap() {
    for (int pid = 1; pid <= 9; pid++) {
      process(pid, pid - 1, pid - 1);
    }
    assertThat(around(9)).containsExactly("p1", "└ p2", " ┊ p6", "  └ p7", "   └ p8", "    └ p9");
  }

  @Test
  void showsAFewThatLiveBesideNearestNumbersFirst() {
    process(1, 0, 0);
    for (int pid = 10; pid < 60; pid++) {
      process(pid, 1, 1);
    }
    assertThat(around(40)).containsExactly("p1", "└ p38", "└ p39", "└ p40", "└ p41", "└ p42");
  }

  @Test
  void startsAtNumberOneWhenTheCentreIsGone() {
    process(1, 0, 0);
    process(2, 1, 1);
    assertThat(around(777)).containsExactly("p1", "└ p2");
  }
}
