package dev.terrarium.app.cli;

import dev.terrarium.engine.account.Accounts;
import dev.terrarium.engine.account.Accounts.Account;
import dev.terrarium.engine.account.Accounts.UnknownNameException;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.spec.Program.User;
import dev.terrarium.engine.spec.Stdio;
import dev.terrarium.engine.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a program begins in a container, whether as its first or as a later one. */
final class ProcessOptions {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  @Option(
      names = {"-e", "--env"},
      paramLabel = "KEY=VALUE",
      description = "One variable of its environment; can be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Where it starts. Default: the image's, or /.")
  private @Nullable String workdir;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description = {
        "Who it is: names of the container's own /etc/passwd and /etc/group, or numbers. Default:"
            + " the image's, or root."
      })
  private @Nullable String user;

  @Option(
      names = {"-t", "--tty"},
      description = "On a terminal of its own, to which this one is connected.")
  private boolean tty;

  @Option(
      names = {"-i", "--interactive"},
      description = "It reads what this program reads; it does so anyway.")
  @SuppressWarnings("UnusedVariable") // accepted, because -it is the habit of many
  private boolean interactive;

  /**
   * What its input and output are.
   *
   * @throws Failure if a terminal is wanted where there is none
   */
  Stdio stdio() {
    if (!tty) {
      return Stdio.PIPES;
    }
    if (!Posix.isatty(0)) {
      throw Failure.of("-t: standard input is no terminal; leave -t out, and bytes pass unchanged");
    }
    return Stdio.TERMINAL;
  }

  /** Where it starts, if that was said. */
  Optional<String> workdir() {
    return Optional.ofNullable(workdir);
  }

  /**
   * Who it is.
   *
   * @param usual what counts if nobody is named here; empty for root
   * @param accounts the container's own, read only if they are needed
   */
  User user(String usual, Supplier<Accounts> accounts) {
    String who = user == null ? usual : user;
    if (who.isEmpty()) {
      return User.ROOT;
    }
    try {
      return accounts.get().user(who);
    } catch (UnknownNameException e) {
      throw Failure.of(
          "--user %s: %s%s".formatted(who, e.getMessage(), Nearest.question(e.name(), e.known())),
          e);
    }
  }

  /** Whether somebody is named. */
  boolean namesUser() {
    return user != null;
  }

  /**
   * Its whole environment.
   *
   * @param given that of the image, or of the container
   */
  List<String> environment(List<String> given, User who, Supplier<Accounts> accounts) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PATH", PATH);
    if (tty) {
      String ours = System.getenv("TERM");
      variables.put("TERM", ours == null || ours.isEmpty() ? "xterm" : ours);
    }
    for (String pair : given) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        variables.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    if (who.uid() == 0) {
      variables.putIfAbsent("HOME", "/root");
    } else {
      variables.computeIfAbsent("HOME", key -> home(who, accounts.get()));
    }
    for (String pair : environment) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw Failure.usage("--env: '" + pair + "' is not KEY=VALUE");
      }
      variables.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return variables.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static String home(User who, Accounts accounts) {
    return accounts
        .account(who.uid())
        .map(Account::home)
        .filter(home -> !home.isEmpty())
        .orElse("/");
  }
}
