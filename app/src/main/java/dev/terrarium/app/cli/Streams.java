package dev.terrarium.app.cli;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The three standard streams of one invocation. Text is UTF-8 whatever the locale says, because
 * half of the lessons are Chinese and a locale of C would make question marks of them.
 *
 * @param in standard input
 * @param output standard output as bytes, for what a container prints
 * @param error standard error as bytes
 * @param out standard output as text: results
 * @param err standard error as text: messages
 */
record Streams(
    InputStream in, WatchedOutput output, WatchedOutput error, PrintWriter out, PrintWriter err) {

  Streams(InputStream in, WatchedOutput output, WatchedOutput error) {
    this(in, output, error, text(output), text(error));
  }

  private static PrintWriter text(WatchedOutput bytes) {
    return new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), false);
  }

  /** Prints a message, at once. */
  void say(String message) {
    err.println(message);
    err.flush();
  }
}
