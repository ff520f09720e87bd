package dev.terrarium.app.images;

import dev.terrarium.app.text.ByteSize;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.layer.ImageTree.Share;

/** An image in one sentence. */
final class Sums {

  private Sums() {}

  static String of(ImageAnalysis analysis, UiContext ui) {
    long stored = analysis.shares().stream().mapToLong(Share::stored).sum();
    long seen = analysis.shares().isEmpty() ? 0 : analysis.shares().getLast().total();
    long wasted = analysis.wastedBytes();
    return wasted == 0
        ? ui.text("images.sums.clean", ByteSize.of(stored), ByteSize.of(seen))
        : ui.text("images.sums", ByteSize.of(stored), ByteSize.of(seen), ByteSize.of(wasted));
  }
}
