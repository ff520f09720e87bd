package dev.terrarium.app.dock;

import dev.terrarium.app.dock.Token.Kind;
import dev.terrarium.app.text.VisibleText;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.observe.Change;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.Namespace;
import dev.terrarium.engine.observe.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of the kernel delta.
 *
 * @param sign what happened to it
 * @param kind what it is, as a word
 * @param subject its name
 * @param detail what is to be said about it
 * @param cause the call that made it, empty if none of the lesson's did
 */
record DeltaLine(Sign sign, String kind, String subject, String detail, String cause) {

  private static final int LONGEST = 60;

  /** What happened. */
  enum Sign {
    ADDED("+", Kind.GOOD),
    CHANGED("~", Kind.CHANGED),
    REMOVED("−", Kind.BAD);

    private final String mark;
    private final Kind colour;

    Sign(String mark, Kind colour) {
      this.mark = mark;
      this.colour = colour;
    }

    String mark() {
      return mark;
    }
  }

  /** The line of a change, in the language on screen. */
  static DeltaLine of(Change change, String cause, UiContext ui) {
    return switch (change) {
      case Change.ProcessBorn(ProcessInfo p) -> process(Sign.ADDED, p, numbers(p, ui), cause, ui);
      case Change.ProcessEnded(ProcessInfo p) ->
          process(Sign.REMOVED, p, numbers(p, ui), cause, ui);
      case Change.ProcessExeced(ProcessInfo before, ProcessInfo after) ->
          process(
              Sign.CHANGED, after, ui.text("dock.delta.was", clip(before.command())), cause, ui);
      case Change.StateChanged(ProcessInfo before, ProcessInfo after) ->
          process(Sign.CHANGED, after, state(before, ui) + " → " + state(after, ui), cause, ui);
      case Change.NamespaceEntered(ProcessInfo p, Namespace from, Namespace to) ->
          process(Sign.CHANGED, p, from + " → " + to, cause, ui);
      case Change.NamespaceMade(Namespace made, ProcessInfo first) ->
          new DeltaLine(
              Sign.ADDED,
              ui.text("dock.delta.namespace"),
              made.toString(),
              ui.text("dock.delta.first", first.pid(), clip(first.command())),
              cause);
      case Change.NamespaceGone(Namespace gone) ->
          new DeltaLine(Sign.REMOVED, ui.text("dock.delta.namespace"), gone.toString(), "", cause);
      case Change.MountAdded(Namespace namespace, Mount mount) ->
          mount(Sign.ADDED, namespace, mount, cause, ui);
      case Change.MountRemoved(Namespace namespace, Mount mount) ->
          mount(Sign.REMOVED, namespace, mount, cause, ui);
      case Change.MountChanged(Namespace namespace, Mount before, Mount after) ->
          mountChanged(namespace, before, after, cause, ui);
      case Change.EntryAdded(Role layer, Entry entry) ->
          entry(Sign.ADDED, layer, entry, what(entry, ui), cause, ui);
      case Change.EntryRemoved(Role layer, Entry entry) ->
          entry(Sign.REMOVED, layer, entry, what(entry, ui), cause, ui);
      case Change.EntryChanged(Role layer, Entry before, Entry after) ->
          entry(Sign.CHANGED, layer, after, what(before, ui) + " → " + what(after, ui), cause, ui);
    };
  }

  private static DeltaLine entry(
      Sign sign, Role layer, Entry entry, String detail, String cause, UiContext ui) {
    return new DeltaLine(
        sign,
        ui.text("dock.delta.file"),
        layer.name().toLowerCase(Locale.ROOT) + "/" + clip(entry.path()),
        detail,
        cause);
  }

  /** A whiteout is a character device, and that is how {@code ls} shows it. */
  private static String what(Entry entry, UiContext ui) {
    return switch (entry.kind()) {
      case WHITEOUT -> ui.text("dock.delta.whiteout");
      case OPAQUE -> ui.text("dock.delta.opaque");
      case FOLDER -> ui.text("dock.delta.folder");
      case LINK -> ui.text("dock.delta.link");
      case FILE -> entry.size() + " B, inode " + entry.inode();
      case OTHER -> "inode " + entry.inode();
    };
  }

  private static DeltaLine process(
      Sign sign, ProcessInfo process, String detail, String cause, UiContext ui) {
    return new DeltaLine(
        sign,
        ui.text("dock.delta.process"),
        process.pid() + " " + clip(process.command()),
        detail,
        cause);
  }

  private static String numbers(ProcessInfo process, UiContext ui) {
    return process.pids().size() > 1 ? ui.text("dock.delta.inside", process.innermostPid()) : "";
  }

  private static DeltaLine mount(
      Sign sign, Namespace namespace, Mount mount, String cause, UiContext ui) {
    return new DeltaLine(
        sign,
        ui.text("dock.delta.mount"),
        mount.fsType() + " " + ui.text("dock.delta.on", clip(mount.mountPoint())),
        ui.text("dock.delta.in", namespace.toString()),
        cause);
  }

  private static DeltaLine mountChanged(
      Namespace namespace, Mount before, Mount after, String cause, UiContext ui) {
    String was = propagation(before, ui) + " " + before.options();
    String is = propagation(after, ui) + " " + after.options();
    DeltaLine line = mount(Sign.CHANGED, namespace, after, cause, ui);
    return new DeltaLine(
        line.sign, line.kind, line.subject, clip(was) + " → " + clip(is), line.cause);
  }

  private static String propagation(Mount mount, UiContext ui) {
    return mount.propagation().isEmpty()
        ? ui.text("dock.delta.private")
        : String.join(" ", mount.propagation());
  }

  private static String state(ProcessInfo process, UiContext ui) {
    return switch (process.state()) {
      case 'T', 't' -> "T " + ui.text("dock.state.stopped");
      case 'Z' -> "Z " + ui.text("dock.state.zombie");
      case 'R' -> "R " + ui.text("dock.state.running");
      case 'S', 'D', 'I' -> process.state() + " " + ui.text("dock.state.sleeping");
      default -> String.valueOf(process.state());
    };
  }

  private static String clip(String text) {
    return VisibleText.of(text, LONGEST);
  }

  /** The pieces, as wide as the widest of all lines, so that they stand below each other. */
  List<Token> tokens(int kindWidth, int subjectWidth, int detailWidth) {
    List<Token> tokens = new ArrayList<>();
    tokens.add(Token.of(sign.colour, sign.mark() + " "));
    tokens.add(Token.of(sign.colour, kind).wide(kindWidth + 2));
    tokens.add(Token.of(sign.colour, subject).wide(subjectWidth + 2));
    tokens.add(Token.of(Kind.PLAIN, detail).wide(detailWidth + 2));
    if (!cause.isEmpty()) {
      tokens.add(Token.of(Kind.MUTED, "← " + cause));
    }
    return tokens;
  }

  /** How many columns of a fixed-width font it takes; Chinese letters take two. */
  static int width(String text) {
    return text.codePoints()
        .map(point ->
            Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN
                    || (point >= 0xff00 && point <= 0xff60)
                    || (point >= 0x3000 && point <= 0x303f)
                ? 2
                : 1)
        .sum();
  }
}
