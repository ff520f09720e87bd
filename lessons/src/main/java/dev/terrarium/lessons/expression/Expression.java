package dev.terrarium.lessons.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A compiled expression; immutable. */
public final class Expression {

  private final String text;
  private final CelAbstractSyntaxTree ast;
  private final CelRuntime.Program program;

  Expression(String text, CelAbstractSyntaxTree ast, CelRuntime.Program program) {
    this.text = text;
    this.ast = ast;
    this.program = program;
  }

  /** Whether its value is true or false. */
  public boolean isTruth() {
    return is(SimpleType.BOOL);
  }

  /** Whether its value is a whole number. */
  public boolean isNumber() {
    return is(SimpleType.INT);
  }

  /** Whether its value can be read as text. */
  public boolean isText() {
    return is(SimpleType.STRING) || isNumber() || isTruth();
  }

  /** Its type as CEL names it. */
  public String type() {
    return ast.getResultType().name();
  }

  /** The names of kept values that it speaks of. */
  public Set<String> keptNames() {
    Set<String> names = new LinkedHashSet<>();
    selections("kept").map(CelSelect::field).forEach(names::add);
    return names;
  }

  /** Its value as true or false. */
  public boolean truth(World world) throws ExpressionException {
    if (value(world) instanceof Boolean truth) {
      return truth;
    }
    throw new ExpressionException("`" + text + "` is neither true nor false");
  }

  /** Its value as a whole number. */
  public long number(World world) throws ExpressionException {
    if (value(world) instanceof Long number) {
      return number;
    }
    throw new ExpressionException("`" + text + "` is not a whole number");
  }

  /** Its value as text. */
  public String text(World world) throws ExpressionException {
    return String.valueOf(value(world));
  }

  /** What the parts of the world that it speaks of are now, as a person reads it: why it fails. */
  public String reason(World world) {
    Set<String> parts = new LinkedHashSet<>();
    selections("container")
        .map(CelSelect::field)
        .filter(field -> !field.equals("files"))
        .forEach(field -> parts.add("container." + field + ": " + part(world.container(), field)));
    keptNames()
        .forEach(name -> parts.add("kept." + name + ": " + world.kept().getOrDefault(name, "-")));
    selections("host")
        .map(CelSelect::field)
        .filter("processes"::equals)
        .forEach(field -> parts.add("host.processes: " + world.host().processes().size()));
    if (selections("container").anyMatch(select -> select.field().equals("files"))) {
      texts().filter(path -> path.contains("/")).forEach(path -> parts.add(file(world, path)));
    }
    if (speaksOf("calls")) {
      List<CallView> calls = world.calls();
      parts.add(
          "calls: " + (calls.isEmpty() ? "none" : calls.size() + ", last " + calls.getLast()));
    }
    return String.join("; ", parts);
  }

  /** What of a path is seen in the container. */
  private static String file(World world, String path) {
    return world.container().files().stream()
        .filter(file -> file.path().equals(path))
        .map(file -> "merged/%s: from %s, %d B".formatted(path, file.layer(), file.size()))
        .findFirst()
        .orElse("merged/" + path + " does not exist");
  }

  private static String part(ContainerView container, String field) {
    return switch (field) {
      case "pid" -> String.valueOf(container.pid());
      case "running", "status" -> container.status();
      case "procfs" -> container.procfs();
      case "processes" ->
          String.join(", ", container.processes().stream().map(ProcessView::toString).toList());
      case "layers" -> container.layers().toString();
      case "cgroup" -> container.cgroup().toString();
      default -> container.ns().toString();
    };
  }

  private Object value(World world) throws ExpressionException {
    Map<String, Object> variables =
        Map.of(
            "host",
            world.host(),
            "container",
            world.container(),
            "kept",
            world.kept(),
            "calls",
            world.calls());
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new ExpressionException(
          "`" + text + "`: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private Stream<CelSelect> selections(String variable) {
    return CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .filter(node -> node.getKind() == ExprKind.Kind.SELECT)
        .map(node -> node.expr().select())
        .filter(select ->
            select.operand().getKind() == ExprKind.Kind.IDENT
                && select.operand().ident().name().equals(variable));
  }

  /** The texts that it compares with. */
  private Stream<String> texts() {
    return CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .filter(node -> node.getKind() == ExprKind.Kind.CONSTANT)
        .map(node -> node.expr().constant())
        .filter(constant -> constant.getKind() == CelConstant.Kind.STRING_VALUE)
        .map(CelConstant::stringValue)
        .distinct();
  }

  private boolean speaksOf(String variable) {
    return CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .anyMatch(node ->
            node.getKind() == ExprKind.Kind.IDENT && node.expr().ident().name().equals(variable));
  }

  private boolean is(CelType type) {
    return List.of(type, SimpleType.DYN).contains(ast.getResultType());
  }
}
