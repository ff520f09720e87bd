package dev.terrarium.app.dock;

import dev.terrarium.app.dock.Token.Kind;
import dev.terrarium.app.text.VisibleText;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.HeardCall;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A call that a program of the container was heard to make, in pieces; marked, since it was not the
 * engine that made it.
 *
 * @param step the lesson's step in which it was heard, from 0
 * @param call what was heard
 */
record HeardLine(int step, HeardCall call) implements TraceLine {

  /** Stands before the name, and in the legend. */
  static final String MARK = "◆ ";

  /**
   * The pieces, from the time to where its paths lead.
   *
   * @param whose what the mark means
   * @param unknown why there is no result
   */
  List<Token> tokens(ZoneId zone, String whose, String unknown) {
    List<Token> tokens = new ArrayList<>();
    tokens.add(Token.of(Kind.MUTED, CallLine.CLOCK.withZone(zone).format(call.at()) + "  "));
    tokens.add(Token.of(Kind.MUTED, String.format(Locale.ROOT, "%-7d", call.pid())));
    tokens.add(new Token(Kind.OWN, MARK, whose, 0));
    tokens.add(new Token(Kind.OWN, VisibleText.of(call.name(), CallLine.LONGEST_STRING), whose, 0));
    CallLine.arguments(call.args(), tokens);
    tokens.add(new Token(Kind.MUTED, "?", unknown, 0));
    String paths = String.join(", ", call.paths());
    // Where they were given in full there is nothing to add.
    if (!call.paths().stream().allMatch(this::given)) {
      tokens.add(Token.of(Kind.NOTE, "   → " + VisibleText.of(paths, 2 * CallLine.LONGEST_STRING)));
    }
    return tokens;
  }

  private boolean given(String path) {
    return call.args().contains(new Arg.Text(path));
  }
}
