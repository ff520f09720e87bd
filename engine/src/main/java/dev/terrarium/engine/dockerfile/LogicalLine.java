package dev.terrarium.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Several lines of a file joined to one, which knows where each of its characters stands. */
final class LogicalLine {
  private record Piece(int from, int line, int column) {}

  private final StringBuilder text = new StringBuilder();
  private final List<Piece> pieces = new ArrayList<>();

  /** Appends what stands there. */
  void add(String part, int line, int column) {
    pieces.add(new Piece(text.length(), line, column));
    text.append(part);
  }

  String text() {
    return text.toString();
  }

  Position at(int offset) {
    Piece piece = pieces.getFirst();
    for (Piece other : pieces) {
      if (other.from() <= offset) {
        piece = other;
      }
    }
    return new Position(piece.line(), piece.column() + offset - piece.from());
  }

  /** The word from one character to another. */
  Word word(int from, int to) {
    return new Word(text.substring(from, to), at(from));
  }
}
