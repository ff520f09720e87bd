package dev.terrarium.app.panes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.Test;

class RowListTest {

  @Test
  void touchesOnlyWhatChanged() {
    RowList<String> shown = new RowList<>();
    shown.addAll("a", "b", "c", "d");
    List<String> touched = new ArrayList<>();
    int[] events = {0};
    shown.addListener(
        (ListChangeListener<String>)
            change -> {
              events[0]++;
              while (change.next()) {
                touched.addAll(change.getAddedSubList());
              }
            });
    shown.become(List.of("a", "x", "c", "new", "d"));
    assertThat(shown).containsExactly("a", "x", "c", "new", "d");
    assertThat(touched).containsExactlyInAnyOrder("x", "new");
    assertThat(events[0]).isEqualTo(1);
  }

  @Test
  void turnsAnyListIntoAnyOther() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      RowList<Integer> shown = new RowList<>();
      shown.addAll(some(random));
      List<Integer> wanted = some(random);
      shown.become(wanted);
      assertThat(shown).isEqualTo(wanted);
    }
  }

  private static List<Integer> some(Random random) {
    return random.ints(random.nextInt(8), 0, 4).boxed().toList();
  }
}
