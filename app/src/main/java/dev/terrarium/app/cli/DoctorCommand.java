package dev.terrarium.app.cli;

import dev.terrarium.engine.Doctor;
import dev.terrarium.engine.host.HostReport;
import dev.terrarium.engine.host.HostReport.Finding;
import dev.terrarium.engine.host.HostReport.Level;
import dev.terrarium.engine.host.HostReport.Rung;
import dev.terrarium.engine.journal.StateFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this host and this user can do. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Say what this host and you can do, and how to get the rest. Tries it with a real container.",
      "Exit status 1 if no container can be made."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int SUBJECT_COLUMNS = 18;

  private final Streams streams;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  DoctorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    HostReport report = Doctor.examine(StateFolder.standard().path());
    if (json) {
      Json.print(streams.out(), report);
    } else {
      print(report);
    }
    return report.rung() == Rung.READ_ONLY ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void print(HostReport report) {
    streams.out().println(verdict(report.rung()));
    streams.out().println();
    for (Finding finding : report.findings()) {
      streams
          .out()
          .printf(
              "%s %-" + SUBJECT_COLUMNS + "s %s%n",
              mark(finding.level()),
              finding.subject(),
              finding.found());
      if (!finding.remedy().isEmpty()) {
        streams.out().println(" ".repeat(SUBJECT_COLUMNS + 3) + "→ " + finding.remedy());
      }
    }
  }

  private static String verdict(Rung rung) {
    return switch (rung) {
      case ROOT -> "You are root here: everything works.";
      case ROOTLESS -> "You are not root here: containers are made inside a user namespace.";
      case READ_ONLY -> "No container can be made here: you can look, but not make.";
    };
  }

  private static String mark(Level level) {
    return switch (level) {
      case OK -> "✓";
      case LIMITED -> "!";
      case MISSING -> "✗";
    };
  }
}
