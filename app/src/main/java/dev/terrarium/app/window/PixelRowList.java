package dev.terrarium.app.window;

import javafx.collections.ObservableList;
import javafx.scene.control.ListView;
import javafx.scene.control.Skin;
import javafx.scene.control.skin.ListViewSkin;

/**
 * A list whose rows are a whole number of the screen's pixels high. Its stylesheet says how high
 * they are to be, in ems; between pixels JavaFX would move the rows a little at each layout, hence
 * ask for the next layout, and so lay out and paint the whole window for ever.
 */
public class PixelRowList<T> extends ListView<T> {

  public PixelRowList(ObservableList<T> rows) {
    super(rows);
  }

  @Override
  protected Skin<?> createDefaultSkin() {
    return new PixelRowSkin<>(this);
  }

  private static final class PixelRowSkin<T> extends ListViewSkin<T> {

    PixelRowSkin(ListView<T> list) {
      super(list);
    }

    /** Here, because the size of a pixel depends on the screen that the window is on. */
    @Override
    protected void layoutChildren(double x, double y, double width, double height) {
      double wanted = getSkinnable().getFixedCellSize();
      if (wanted > 0) {
        getVirtualFlow().setFixedCellSize(getSkinnable().snapSizeY(wanted));
      }
      super.layoutChildren(x, y, width, height);
    }
  }
}
