package dev.terrarium.app.cli;

import dev.terrarium.engine.text.Nearest;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The whole command line: from the words after the program's name to the status it exits with. */
public final class CommandLineFace {
  private final Streams streams;

  private CommandLineFace(Streams streams) {
    this.streams = streams;
  }

  /**
   * Carries out one command.
   *
   * @return the status to exit with: 0, 1 for a failure, 2 for a wrong command line, or for {@code
   *     run}, {@code exec} and {@code wait} the status of the container's command
   */
  public static int run(String[] words, InputStream in, OutputStream out, OutputStream err) {
    WatchedOutput output = new WatchedOutput(out);
    WatchedOutput error = new WatchedOutput(err);
    return new CommandLineFace(new Streams(in, output, error)).run(words);
  }

  private int run(String[] words) {
    int status = commandLine().execute(words);
    streams.out().flush();
    streams.err().flush();
    Optional<String> trouble = streams.output().trouble();
    if (trouble.isPresent()) {
      streams.say("terrarium: cannot write to standard output: " + trouble.get());
      return ExitCodes.FAILED;
    }
    return status;
  }

  private CommandLine commandLine() {
    CommandLine root = new CommandLine(new TerrariumCommand());
    root.addSubcommand(new DoctorCommand(streams))
        .addSubcommand(new LessonsCommand(streams))
        .addSubcommand(new LessonCommand(streams))
        .addSubcommand(withWordsOfItsOwn(new RunCommand(streams)))
        .addSubcommand(new PsCommand(streams))
        .addSubcommand(withWordsOfItsOwn(new ExecCommand(streams)))
        .addSubcommand(new LogsCommand(streams))
        .addSubcommand(new StatsCommand(streams));
    LifecycleCommands.addTo(root, streams);
    root.addSubcommand(new DiffCommand(streams))
        .addSubcommand(new CommitCommand(streams))
        .addSubcommand("image", ImageCommand.with(streams))
        .addSubcommand(new SnapshotCommand(streams))
        .addSubcommand(new ShotsCommand(streams))
        .addSubcommand(new BenchCommand(streams))
        .addSubcommand(new CleanCommand(streams))
        .addSubcommand(new WindowCommand())
        .addSubcommand(new EngineServerCommand())
        .addSubcommand(new FirstPictureCommand(streams))
        .addSubcommand(new WarmUpCommand(streams));
    root.setOut(streams.out())
        .setErr(streams.err())
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setUsageHelpWidth(96)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setParameterExceptionHandler((e, arguments) -> misused(e))
        .setExecutionExceptionHandler((e, commandLine, result) -> failed(commandLine, e));
    return root;
  }

  private static CommandLine withWordsOfItsOwn(Callable<Integer> command) {
    // The first word that is no option is an image, a container or a command: what follows belongs
    // to it.
    return new CommandLine(command).setStopAtPositional(true);
  }

  private int misused(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    streams.say(path(command) + ": " + complaint(problem) + "; see " + path(command) + " --help");
    debug(problem);
    return ExitCodes.USAGE;
  }

  private int failed(CommandLine command, Exception problem) {
    streams.out().flush();
    streams.say(path(command) + ": " + ErrorLine.of(problem));
    debug(problem);
    return problem instanceof Failure failure ? failure.status() : ExitCodes.FAILED;
  }

  private void debug(Exception problem) {
    if ("1".equals(System.getenv("TERRARIUM_DEBUG"))) {
      problem.printStackTrace(streams.err());
      streams.err().flush();
    }
  }

  private static String path(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static String complaint(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException e -> unmatched(e);
      case MissingParameterException e -> missing(e);
      default -> firstLine(problem);
    };
  }

  private static String unmatched(UnmatchedArgumentException problem) {
    String word = problem.getUnmatched().getFirst();
    CommandLine command = problem.getCommandLine();
    boolean hasCommands = !command.getSubcommands().isEmpty();
    List<String> known = new ArrayList<>();
    if (word.startsWith("-")) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        known.addAll(List.of(option.names()));
      }
    } else if (hasCommands) {
      command.getSubcommands().values().stream()
          .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
          .map(CommandLine::getCommandName)
          .forEach(known::add);
      known.add("test");
    }
    String what =
        word.startsWith("-")
            ? "unknown option '" + beforeEquals(word) + "'"
            : hasCommands ? "unknown command '" + word + "'" : "one word too many: '" + word + "'";
    return what
        + Nearest.to(beforeEquals(word), known)
            .map(near -> " (did you mean '" + near + "'?)")
            .orElse("");
  }

  private static String missing(MissingParameterException problem) {
    StringBuilder wanted = new StringBuilder();
    problem
        .getMissing()
        .forEach(arg -> wanted.append(wanted.isEmpty() ? "" : ", ").append(label(arg)));
    return wanted + " is missing";
  }

  private static String label(CommandLine.Model.ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : arg.paramLabel();
  }

  private static String firstLine(ParameterException problem) {
    String message = problem.getMessage() == null ? "" : problem.getMessage();
    String line = message.lines().findFirst().orElse("wrong arguments");
    return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }

  private static String beforeEquals(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }
}
