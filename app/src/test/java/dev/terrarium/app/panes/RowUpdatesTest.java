package dev.terrarium.app.panes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.junit.jupiter.api.Test;

class RowUpdatesTest {

  @Test
  void touchesOnlyWhatChanged() {
    ObservableList<String> shown = FXCollections.observableArrayList("a", "b", "c", "d");
    List<String> touched = new ArrayList<>();
    shown.addListener(
        (ListChangeListener<String>)
            change -> {
              while (change.next()) {
                touched.addAll(change.getAddedSubList());
              }
            });
    RowUpdates.apply(shown, List.of("a", "x", "c", "new", "d"));
    assertThat(shown).containsExactly("a", "x", "c", "new", "d");
    assertThat(touched).containsExactlyInAnyOrder("x", "new");
  }

  @Test
  void turnsAnyListIntoAnyOther() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      ObservableList<Integer> shown = FXCollections.observableArrayList(some(random));
      List<Integer> wanted = some(random);
      RowUpdates.apply(shown, wanted);
      assertThat(shown).isEqualTo(wanted);
    }
  }

  private static List<Integer> some(Random random) {
    return random.ints(random.nextInt(8), 0, 4).boxed().toList();
  }
}
