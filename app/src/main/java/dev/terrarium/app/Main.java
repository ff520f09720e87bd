package dev.terrarium.app;

import dev.terrarium.app.cli.CommandLineFace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * The program. Does not extend {@code Application}: on the class path the JVM would then refuse to
 * start it for want of JavaFX modules, and a command would load a toolkit that it never shows.
 */
public final class Main {
  private Main() {}

  /** With no words the window opens; otherwise they are a command. */
  public static void main(String[] words) {
    // The bare descriptors: PrintStream, which System.out is, hides that a disk is full.
    int status =
        CommandLineFace.run(
            words.length == 0 ? new String[] {"window"} : words,
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err));
    System.exit(status);
  }
}
