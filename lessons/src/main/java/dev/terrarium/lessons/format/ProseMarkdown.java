package dev.terrarium.lessons.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Heading;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a Markdown file along its headings. What stands between them stays Markdown source: the
 * screen renders it.
 */
final class ProseMarkdown {

  private static final Parser PARSER =
      Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();
  private static final Pattern HEADING =
      Pattern.compile("#+\\s+(?<title>.*?)\\s*(?:\\{#(?<id>[^}]*)})?\\s*");

  /**
   * A heading and what follows it up to the next one.
   *
   * @param level 1 to 6
   * @param line of the heading, from 1
   * @param title without its id
   * @param id in {@code {#id}}, if it has one
   * @param body Markdown source, without blank lines at its ends
   * @param items the items of the lists in it, as Markdown source
   * @param onlyList whether the body is one list and nothing else
   */
  record Section(
      int level,
      int line,
      String title,
      Optional<String> id,
      String body,
      List<String> items,
      boolean onlyList) {}

  private final List<String> lines;
  private final Node document;

  private ProseMarkdown(String markdown) {
    lines = markdown.lines().toList();
    document = PARSER.parse(markdown);
  }

  /** The sections in order; text before the first heading is a section of level 0. */
  static List<Section> sections(String markdown) {
    return new ProseMarkdown(markdown).cut();
  }

  private List<Section> cut() {
    List<Section> sections = new ArrayList<>();
    Node node = document.getFirstChild();
    while (node != null) {
      Node heading = node instanceof Heading ? node : null;
      Node first = heading == null ? node : heading.getNext();
      Node end = first;
      while (end != null && !(end instanceof Heading)) {
        end = end.getNext();
      }
      sections.add(section((Heading) heading, first));
      node = end;
    }
    return sections;
  }

  private Section section(@Nullable Heading heading, @Nullable Node first) {
    List<String> items = new ArrayList<>();
    int blocks = 0;
    int lists = 0;
    int from = Integer.MAX_VALUE;
    int to = -1;
    for (Node node = first; node != null && !(node instanceof Heading); node = node.getNext()) {
      blocks++;
      if (node instanceof ListBlock list) {
        lists++;
        items.addAll(items(list));
      }
      from = Math.min(from, firstLine(node));
      to = Math.max(to, lastLine(node));
    }
    String body = to < 0 ? "" : String.join("\n", lines.subList(from, to + 1));
    boolean onlyList = blocks == 1 && lists == 1;
    if (heading == null) {
      return new Section(0, from + 1, "", Optional.empty(), body, items, onlyList);
    }
    int line = firstLine(heading);
    Matcher matcher = HEADING.matcher(lines.get(line));
    boolean fits = matcher.matches();
    return new Section(
        heading.getLevel(),
        line + 1,
        fits ? matcher.group("title") : lines.get(line),
        fits ? Optional.ofNullable(matcher.group("id")) : Optional.empty(),
        body,
        items,
        onlyList);
  }

  private List<String> items(ListBlock list) {
    List<String> items = new ArrayList<>();
    for (Node node = list.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof ListItem item) {
        items.add(source(item));
      }
    }
    return items;
  }

  /** An item's text without its marker and indentation. */
  private String source(ListItem item) {
    Node child = item.getFirstChild();
    if (child == null) {
      return "";
    }
    int indentation = child.getSourceSpans().getFirst().getColumnIndex();
    StringBuilder source = new StringBuilder();
    for (int line = firstLine(child); line <= lastLine(item); line++) {
      String text = lines.get(line);
      int start = Math.min(indentation, text.length());
      boolean lazy = !text.substring(0, start).isBlank() && line != firstLine(child);
      source.append(lazy ? text : text.substring(start)).append('\n');
    }
    return source.toString().strip();
  }

  private static int firstLine(Node node) {
    return node.getSourceSpans().getFirst().getLineIndex();
  }

  private static int lastLine(Node node) {
    List<SourceSpan> spans = node.getSourceSpans();
    return spans.getLast().getLineIndex();
  }
}
