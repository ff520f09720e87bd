package dev.terrarium.app.cli;

import dev.terrarium.engine.host.Diagnosis;
import dev.terrarium.engine.syscall.SyscallException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;

/** The one place where an exception becomes a line that a person can act upon. */
final class ErrorLine {
  private ErrorLine() {}

  static String of(Throwable problem) {
    return switch (problem) {
      case Failure failure -> message(failure);
      case UncheckedIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case NoSuchFileException e -> e.getFile() + ": there is no such file or folder";
      case AccessDeniedException e ->
          e.getFile() + ": permission denied; run as its owner or as root";
      case NotDirectoryException e -> e.getFile() + ": is not a folder";
      case FileAlreadyExistsException e -> e.getFile() + ": is already there";
      case FileSystemException e when e.getReason() != null ->
          e.getFile() + ": " + lowerFirst(e.getReason());
      case ReadOnlyFileSystemException e -> "the file system is read-only";
      case SyscallException refusal -> refused(refusal);
      case OutOfMemoryError e -> "there is not enough memory";
      default -> message(problem);
    };
  }

  private static String refused(SyscallException refusal) {
    String advice = Diagnosis.of(refusal);
    return message(refusal) + (advice.isEmpty() ? "" : ": " + advice);
  }

  private static String message(Throwable problem) {
    String message = problem.getMessage();
    return message == null
        ? problem.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
