package dev.terrarium.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * One command, carried out in this process.
 *
 * @param status what it would exit with
 * @param out what it printed
 * @param err what it said
 */
record Invocation(int status, String out, String err) {

  static Invocation of(String... words) {
    return withInput("", words);
  }

  static Invocation withInput(String input, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        CommandLineFace.run(words, new ByteArrayInputStream(input.getBytes(UTF_8)), out, err);
    return new Invocation(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
