package dev.terrarium.lessons.expression;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelNativeTypesExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiles expressions. The variables are typed records, so a misspelt field is an error of the
 * lesson and not of the lesson's player.
 *
 * <p>The first use costs about a second of class loading: get it off the UI thread.
 */
public final class Expressions {

  /** Loaded when first asked for. */
  private static final class Holder {
    private static final Expressions SHARED = new Expressions();
  }

  private final Cel cel;

  /** To compile takes some ten milliseconds, and a lesson is played more than once. */
  private final Map<String, Expression> compiled = new ConcurrentHashMap<>();

  private Expressions() {
    CelNativeTypesExtensions views =
        CelExtensions.nativeTypes(HostView.class, ContainerView.class, CallView.class);
    cel =
        // The planner is the runtime that knows native types; it insists on this option.
        CelFactory.plannerCelBuilder()
            .setOptions(CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings(), views)
            .addRuntimeLibraries(CelExtensions.strings(), views)
            .addVar("host", StructTypeReference.create(HostView.class.getCanonicalName()))
            .addVar("container", StructTypeReference.create(ContainerView.class.getCanonicalName()))
            .addVar("kept", MapType.create(SimpleType.STRING, SimpleType.STRING))
            .addVar(
                "calls",
                ListType.create(StructTypeReference.create(CallView.class.getCanonicalName())))
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "lines",
                    CelOverloadDecl.newGlobalOverload(
                        "lines_string", ListType.create(SimpleType.STRING), SimpleType.STRING)))
            .addFunctionBindings(
                CelFunctionBinding.from("lines_string", String.class, Expressions::lines))
            .build();
  }

  /** The one compiler; thread-safe. */
  public static Expressions shared() {
    return Holder.SHARED;
  }

  /** Parses and checks the types. */
  public Expression compile(String text) throws ExpressionException {
    Expression known = compiled.get(text);
    if (known == null) {
      known = compileAnew(text);
      compiled.put(text, known);
    }
    return known;
  }

  private Expression compileAnew(String text) throws ExpressionException {
    CelValidationResult result = cel.compile(text);
    if (result.hasError()) {
      throw new ExpressionException(message(result.getErrors().getFirst()));
    }
    try {
      return new Expression(text, result.getAst(), cel.createProgram(result.getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new ExpressionException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static String message(CelIssue issue) {
    String words = issue.getMessage().lines().findFirst().orElse("");
    int candidates = words.indexOf(" (candidates:");
    String brief = candidates < 0 ? words : words.substring(0, candidates);
    // Operators are functions of odd names and types carry their package; both mean nothing to a
    // teacher.
    String plain =
        brief
            .replaceAll("_([=!<>&|+*/%-]+)_", "$1")
            .replace(Expressions.class.getPackageName() + ".", "");
    return plain + " at column " + (issue.getSourceLocation().getColumn() + 1);
  }
}
