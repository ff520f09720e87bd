package dev.terrarium.engine.wire;

import dev.terrarium.engine.seccomp.WatchList;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.FileCalls;
import dev.terrarium.engine.syscall.HeardCall;
import dev.terrarium.engine.syscall.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From six registers, and what they point to, to a call as a person reads it. Pure. */
final class Decoder {
  /** PATH_MAX, the NUL included: the kernel takes no longer path. */
  static final int LONGEST_PATH = 4096;

  /** Host names, types of file systems; options of mounts may be longer and are cut off. */
  private static final int LONGEST_TEXT = 512;

  private static final int LONGEST_WORD = 256;
  private static final int MOST_WORDS = 16;
  private static final int MOST_VARIABLES = 1024;
  private static final int PAGE = 4096;
  private static final String CUT_OFF = "…";

  private final Map<Integer, WatchList.Entry> entries;

  Decoder(Arch arch) {
    entries = WatchList.byNumber(arch);
  }

  /**
   * The call; empty if it is of no interest after all: its flags lay in memory, and it only reads.
   *
   * @param pid of the caller
   * @param registers the six arguments
   */
  Optional<HeardCall> decode(
      Instant at, int pid, int number, long[] registers, Memory memory, Places places) {
    WatchList.Entry entry = entries.get(number);
    if (entry == null) {
      return Optional.empty();
    }
    Reading reading = new Reading(entry, registers, memory, places);
    return reading.interesting
        ? Optional.of(new HeardCall(at, pid, entry.name(), reading.args, reading.paths))
        : Optional.empty();
  }

  /** One call's arguments, from the first to the last. */
  private static final class Reading {
    final List<Arg> args = new ArrayList<>();
    final List<String> paths = new ArrayList<>();
    boolean interesting = true;
    private final Memory memory;
    private final Places places;

    /** The folder that the next path begins at, if a descriptor says so. */
    private Optional<Integer> folder = Optional.empty();

    Reading(WatchList.Entry entry, long[] registers, Memory memory, Places places) {
      this.memory = memory;
      this.places = places;
      boolean makesFile = true;
      List<Parameter> parameters = entry.parameters();
      for (int i = 0; i < parameters.size(); i++) {
        long register = registers[i];
        switch (parameters.get(i)) {
          case DIRFD -> {
            folder = Optional.of((int) register);
            args.add(Parameter.DIRFD.shown(register));
          }
          case PATH -> path(register);
          case TEXT -> args.add(text(register, LONGEST_TEXT, Parameter.TEXT));
          case CHARACTERS -> args.add(characters(register, registers[i + 1]));
          case ARGV -> args.add(argv(register));
          case ENVP -> args.add(envp(register));
          case OPEN_HOW -> openHow(register);
          case CLONE_ARGS -> cloneArgs(register);
          case OPEN_FLAGS -> {
            makesFile = (register & Parameter.O_CREAT) != 0;
            args.add(Parameter.OPEN_FLAGS.shown(register));
          }
          case OPEN_MODE -> {
            if (makesFile) {
              args.add(Parameter.OPEN_MODE.shown(register));
            }
          }
          case FD,
              POINTER,
              NUMBER,
              MODE,
              OWNER,
              SIGNAL,
              AT_FLAGS,
              UNLINK_FLAGS,
              RENAME_FLAGS,
              MOUNT_FLAGS,
              UMOUNT_FLAGS,
              MOVE_MOUNT_FLAGS,
              OPEN_TREE_FLAGS,
              CLONE_FLAGS ->
              args.add(parameters.get(i).shown(register));
        }
      }
    }

    private void path(long pointer) {
      Optional<byte[]> read = memory.text(pointer, LONGEST_PATH);
      args.add(read.map(bytes -> cut(bytes, LONGEST_PATH)).orElse(Parameter.PATH.shown(pointer)));
      // One that is too long leads nowhere.
      read.filter(bytes -> bytes.length < LONGEST_PATH)
          .map(Reading::string)
          .flatMap(this::absolute)
          .ifPresent(paths::add);
      folder = Optional.empty();
    }

    private Optional<String> absolute(String path) {
      if (path.startsWith("/")) {
        return Optional.of(normal(path));
      }
      int from = folder.orElse(FileCalls.AT_FDCWD);
      if (path.isEmpty()) {
        // With AT_EMPTY_PATH the descriptor itself is meant; without, nothing is.
        return from == FileCalls.AT_FDCWD ? Optional.empty() : places.descriptor(from);
      }
      Optional<String> start =
          from == FileCalls.AT_FDCWD ? places.workingFolder() : places.descriptor(from);
      return start.map(begin -> normal(begin + "/" + path));
    }

    /** Without {@code .} and {@code ..}, as a person would read it. */
    private static String normal(String path) {
      Deque<String> names = new ArrayDeque<>();
      for (String name : path.split("/")) {
        switch (name) {
          case "", "." -> {}
          case ".." -> names.pollLast();
          default -> names.addLast(name);
        }
      }
      return "/" + String.join("/", names);
    }

    private Arg text(long pointer, int most, Parameter parameter) {
      return memory
          .text(pointer, most)
          .map(bytes -> cut(bytes, most))
          .orElse(parameter.shown(pointer));
    }

    private static Arg cut(byte[] bytes, int most) {
      return new Arg.Text(string(bytes) + (bytes.length == most ? CUT_OFF : ""));
    }

    private static String string(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private Arg characters(long pointer, long length) {
      if (length < 0 || length > LONGEST_TEXT) {
        return Parameter.CHARACTERS.shown(pointer);
      }
      byte[] characters = new byte[(int) length];
      Optional<ByteBuffer> read = memory.bytes(pointer, characters.length);
      if (read.isEmpty()) {
        return Parameter.CHARACTERS.shown(pointer);
      }
      read.get().get(characters);
      return new Arg.Text(string(characters));
    }

    private Arg argv(long pointer) {
      Optional<Vector> vector = vector(pointer, MOST_WORDS);
      if (vector.isEmpty()) {
        return Parameter.ARGV.shown(pointer);
      }
      List<String> words = new ArrayList<>();
      for (long word : vector.get().pointers()) {
        Arg shown = text(word, LONGEST_WORD, Parameter.TEXT);
        words.add(shown instanceof Arg.Text(String value) ? value : shown.text());
      }
      if (!vector.get().whole()) {
        words.add(CUT_OFF);
      }
      return new Arg.Words(words);
    }

    /** As strace(1) shows it. */
    private Arg envp(long pointer) {
      return vector(pointer, MOST_VARIABLES)
          .<Arg>map(vector ->
              new Arg.Struct(
                  "0x%x /* %d%s vars */"
                      .formatted(
                          pointer, vector.pointers().size(), vector.whole() ? "" : " or more")))
          .orElse(Parameter.ENVP.shown(pointer));
    }

    /** Pointers up to a null one, or the first of them. */
    private record Vector(List<Long> pointers, boolean whole) {}

    private Optional<Vector> vector(long start, int most) {
      List<Long> pointers = new ArrayList<>();
      while (pointers.size() < most) {
        long address = start + 8L * pointers.size();
        // Many at a time; but not beyond the page, behind which may be nothing.
        int portion =
            Math.clamp((PAGE - address % PAGE) / 8, 1, Math.min(most - pointers.size(), 64));
        Optional<ByteBuffer> words = memory.bytes(address, 8 * portion);
        if (words.isEmpty()) {
          return Optional.empty();
        }
        while (words.get().hasRemaining()) {
          long pointer = words.get().getLong();
          if (pointer == 0) {
            return Optional.of(new Vector(pointers, true));
          }
          pointers.add(pointer);
        }
      }
      return Optional.of(new Vector(pointers, false));
    }

    private void openHow(long pointer) {
      Optional<ByteBuffer> how = memory.bytes(pointer, 24);
      if (how.isEmpty()) {
        args.add(Parameter.OPEN_HOW.shown(pointer));
        return;
      }
      long flags = how.get().getLong();
      long mode = how.get().getLong();
      interesting = (flags & Parameter.O_CHANGES) != 0;
      String permissions =
          (flags & Parameter.O_CREAT) == 0 ? "" : ", mode=" + Parameter.MODE.shown(mode).text();
      args.add(
          new Arg.Struct(
              "{flags=%s%s}".formatted(Parameter.OPEN_FLAGS.shown(flags).text(), permissions)));
    }

    private void cloneArgs(long pointer) {
      Optional<ByteBuffer> read = memory.bytes(pointer, 8);
      // Threads begin by this call as well: without a reason it is not told of.
      interesting = read.isPresent();
      if (read.isPresent()) {
        long flags = read.get().getLong();
        interesting = (flags & (Parameter.CLONE_NAMESPACES | Parameter.CLONE_NEWTIME)) != 0;
        args.add(new Arg.Struct("{flags=%s}".formatted(Parameter.CLONE_FLAGS.shown(flags).text())));
      }
    }
  }
}
