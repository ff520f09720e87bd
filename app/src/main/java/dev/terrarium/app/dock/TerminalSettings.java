package dev.terrarium.app.dock;

import com.techsenger.jeditermfx.core.Color;
import com.techsenger.jeditermfx.core.TerminalColor;
import com.techsenger.jeditermfx.core.TextStyle;
import com.techsenger.jeditermfx.core.emulator.ColorPalette;
import com.techsenger.jeditermfx.ui.settings.DefaultSettingsProvider;
import javafx.scene.text.Font;

/** How a terminal looks: the dock's colours, the bundled font, and a buffer that stays quick. */
final class TerminalSettings extends DefaultSettingsProvider {

  /** The widget slows down with the number of lines that it keeps. */
  private static final int LINES = 1000;

  private final TerminalColors colors;

  TerminalSettings(TerminalColors colors) {
    this.colors = colors;
  }

  @Override
  public ColorPalette getTerminalColorPalette() {
    return new TokenPalette(colors);
  }

  @Override
  public Font getTerminalFont() {
    return Font.font("JetBrains Mono", colors.fontSize());
  }

  @Override
  public float getTerminalFontSize() {
    return (float) colors.fontSize();
  }

  @Override
  public float getLineSpacing() {
    return 1.1f;
  }

  private TerminalColor foreground() {
    return new TerminalColor(() -> plain(colors.foreground()));
  }

  private TerminalColor background() {
    return new TerminalColor(() -> plain(colors.background()));
  }

  /** Deprecated, but what the widget of this version asks for; black on white unless told. */
  @Override
  @SuppressWarnings("deprecation")
  public TextStyle getDefaultStyle() {
    return new TextStyle(foreground(), background());
  }

  @Override
  public TextStyle getSelectionColor() {
    return new TextStyle(foreground(), new TerminalColor(() -> plain(colors.selection())));
  }

  @Override
  public boolean useInverseSelectionColor() {
    return false;
  }

  @Override
  public boolean audibleBell() {
    return false;
  }

  @Override
  public int getBufferMaxLinesCount() {
    return LINES;
  }

  private static Color plain(javafx.scene.paint.Color color) {
    return new Color(
        (int) Math.round(color.getRed() * 255),
        (int) Math.round(color.getGreen() * 255),
        (int) Math.round(color.getBlue() * 255));
  }

  /** The sixteen colours of ANSI in the dock's own. */
  private static final class TokenPalette extends ColorPalette {
    private final TerminalColors colors;

    TokenPalette(TerminalColors colors) {
      this.colors = colors;
    }

    @Override
    protected Color getForegroundByColorIndex(int index) {
      return plain(colors.ansi(index));
    }

    @Override
    protected Color getBackgroundByColorIndex(int index) {
      return plain(colors.ansi(index));
    }
  }
}
