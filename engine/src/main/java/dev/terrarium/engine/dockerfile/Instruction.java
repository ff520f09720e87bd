package dev.terrarium.engine.dockerfile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One instruction. Words are as written: what is replaced in them depends on where the build is.
 * Source: Dockerfile reference.
 */
public sealed interface Instruction {

  Source source();

  /** Begins a stage. */
  record From(Source source, Word image, Optional<Word> platform, Optional<String> name)
      implements Instruction {}

  /** Runs a program, whose changes become a layer. */
  record Run(Source source, Command command, List<Heredoc> heredocs, Optional<Word> network)
      implements Instruction {
    public Run {
      heredocs = List.copyOf(heredocs);
    }
  }

  /**
   * COPY and ADD: files become a layer.
   *
   * @param unpacks whether archives are unpacked: ADD
   * @param sources in the build context, or where {@code from} says
   * @param heredocs files that stand in the Dockerfile itself
   * @param from a stage's name or number, or an image
   */
  record Copy(
      Source source,
      boolean unpacks,
      List<Word> sources,
      List<Heredoc> heredocs,
      Word target,
      Optional<Word> from,
      Optional<Word> owner,
      Optional<Word> mode,
      List<Word> excluded)
      implements Instruction {
    public Copy {
      sources = List.copyOf(sources);
      heredocs = List.copyOf(heredocs);
      excluded = List.copyOf(excluded);
    }
  }

  /** A name and its value. */
  record Pair(Word name, Word value) {}

  record Env(Source source, List<Pair> variables) implements Instruction {
    public Env {
      variables = List.copyOf(variables);
    }
  }

  record Label(Source source, List<Pair> labels) implements Instruction {
    public Label {
      labels = List.copyOf(labels);
    }
  }

  /** A build argument, and what it is if nobody gives it. */
  record Declaration(Word name, Optional<Word> value) {}

  record Arg(Source source, List<Declaration> arguments) implements Instruction {
    public Arg {
      arguments = List.copyOf(arguments);
    }
  }

  record Workdir(Source source, Word folder) implements Instruction {}

  record User(Source source, Word user) implements Instruction {}

  record Expose(Source source, List<Word> ports) implements Instruction {
    public Expose {
      ports = List.copyOf(ports);
    }
  }

  record Volume(Source source, List<Word> folders) implements Instruction {
    public Volume {
      folders = List.copyOf(folders);
    }
  }

  record Cmd(Source source, Command command) implements Instruction {}

  record Entrypoint(Source source, Command command) implements Instruction {}

  record Shell(Source source, List<String> argv) implements Instruction {
    public Shell {
      argv = List.copyOf(argv);
    }
  }

  /** How a container is asked whether it is well. */
  record Probe(
      Command command,
      Optional<Duration> interval,
      Optional<Duration> timeout,
      Optional<Duration> startPeriod,
      Optional<Duration> startInterval,
      OptionalInt retries) {}

  /**
   * A probe, or none, whatever the base image says.
   *
   * @param probe empty for {@code NONE}
   */
  record Healthcheck(Source source, Optional<Probe> probe) implements Instruction {}

  record StopSignal(Source source, Word signal) implements Instruction {}

  /** An instruction for those who build on the image. */
  record OnBuild(Source source, String trigger) implements Instruction {}

  record Maintainer(Source source, String name) implements Instruction {}
}
