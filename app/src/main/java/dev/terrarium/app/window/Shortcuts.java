package dev.terrarium.app.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * The window's keys. A region that takes typed text (a terminal) keeps every key but F6, which
 * leads out of it.
 */
public final class Shortcuts {

  /** What keys can ask for; what does not apply at the moment does nothing. */
  public interface Actions {
    void advance();

    void back();

    void choose(int option);
  }

  private final Scene scene;
  private final UiContext ui;
  private Supplier<Optional<Actions>> actions = Optional::empty;
  private List<Region> regions = List.of();

  /**
   * A region that F6 goes to.
   *
   * @param root the node that holds it
   * @param typed whether it takes typed text
   */
  public record Region(Parent root, boolean typed) {}

  public Shortcuts(Scene scene, UiContext ui) {
    this.scene = scene;
    this.ui = ui;
    scene.addEventFilter(KeyEvent.KEY_PRESSED, this::cycle);
    scene.addEventHandler(KeyEvent.KEY_PRESSED, this::press);
  }

  /** What the keys act on from now on. */
  public void actOn(Supplier<Optional<Actions>> actions, List<Region> regions) {
    this.actions = actions;
    this.regions = List.copyOf(regions);
  }

  private void cycle(KeyEvent key) {
    if (key.getCode() != KeyCode.F6 || regions.isEmpty()) {
      return;
    }
    int direction = key.isShiftDown() ? -1 : 1;
    int from = focusedRegion();
    for (int i = 1; i <= regions.size(); i++) {
      int index = Math.floorMod(from + direction * i, regions.size());
      Optional<Node> target = firstFocusable(regions.get(index).root());
      if (target.isPresent()) {
        target.get().requestFocus();
        break;
      }
    }
    key.consume();
  }

  private int focusedRegion() {
    for (int i = 0; i < regions.size(); i++) {
      if (holds(regions.get(i).root(), scene.getFocusOwner())) {
        return i;
      }
    }
    return -1;
  }

  private void press(KeyEvent key) {
    if (typing()) {
      return;
    }
    boolean handled =
        key.isControlDown()
            ? pressWithControl(key)
            : key.isAltDown() ? pressWithAlt(key) : pressPlain(key);
    if (handled) {
      key.consume();
    }
  }

  private boolean pressWithControl(KeyEvent key) {
    switch (key.getCode()) {
      case L -> ui.language().set(ui.language().get().next());
      case T -> ui.palette().set(ui.palette().get().other());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean pressWithAlt(KeyEvent key) {
    if (key.getCode() == KeyCode.LEFT) {
      actions.get().ifPresent(Actions::back);
      return true;
    }
    return false;
  }

  private boolean pressPlain(KeyEvent key) {
    switch (key.getCode()) {
      case ENTER -> {
        // A focused button means itself, not the big one.
        if (scene.getFocusOwner() instanceof ButtonBase button
            && !(button instanceof javafx.scene.control.RadioButton)) {
          button.fire();
        } else {
          actions.get().ifPresent(Actions::advance);
        }
      }
      case PAGE_DOWN -> actions.get().ifPresent(Actions::advance);
      case PAGE_UP -> actions.get().ifPresent(Actions::back);
      default -> {
        String text = key.getText();
        if (text.length() == 1 && text.charAt(0) >= '1' && text.charAt(0) <= '9') {
          actions.get().ifPresent(a -> a.choose(text.charAt(0) - '1'));
          return true;
        }
        return false;
      }
    }
    return true;
  }

  private boolean typing() {
    return regions.stream()
        .anyMatch(region -> region.typed() && holds(region.root(), scene.getFocusOwner()));
  }

  private static boolean holds(Parent root, @Nullable Node node) {
    for (Node each = node; each != null; each = each.getParent()) {
      if (each.equals(root)) {
        return true;
      }
    }
    return false;
  }

  /** The first node in there that takes the keyboard, in the order of the scene graph. */
  static Optional<Node> firstFocusable(Parent root) {
    List<Node> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      Node node = open.removeFirst();
      if (!node.isVisible() || node.isDisabled()) {
        continue;
      }
      if (node.isFocusTraversable() && !(node instanceof javafx.scene.control.ScrollPane)) {
        return Optional.of(node);
      }
      if (node instanceof Parent parent) {
        open.addAll(0, parent.getChildrenUnmodifiable());
      }
    }
    return Optional.empty();
  }
}
