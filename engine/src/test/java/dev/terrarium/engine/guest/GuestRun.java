package dev.terrarium.engine.guest;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests in the guest of {@code src/test/vm}, where there is no Maven: a line for each test as
 * it ends, the stack trace of what failed, a line of counts at the end. Exit status 0 only if tests
 * ran and none failed.
 */
final class GuestRun implements TestExecutionListener {
  private final PrintStream out;
  private final Map<String, Long> begins = new HashMap<>();
  private int passed;
  private int failed;
  private int skipped;

  private GuestRun(PrintStream out) {
    this.out = out;
  }

  /**
   * Begins here.
   *
   * @param args the folder of the test classes, a file for the line of counts, and the tags of the
   *     tests that run, or selectors such as {@code class:a.B} and {@code method:a.B#c()}
   */
  public static void main(String[] args) throws Exception {
    List<String> which = Arrays.asList(args).subList(2, args.length);
    GuestRun run = new GuestRun(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    LauncherFactory.create().execute(request(Path.of(args[0]), which), run);
    String counts =
        "%d passed, %d failed, %d skipped".formatted(run.passed, run.failed, run.skipped);
    run.out.println(counts);
    Files.writeString(Path.of(args[1]), counts + "\n");
    // Not by itself: a test that failed may have left a thread that waits.
    System.exit(run.failed == 0 && run.passed > 0 ? 0 : 1);
  }

  private static LauncherDiscoveryRequest request(Path classes, List<String> which) {
    // How slow an emulated machine is, nobody knows; boot has a limit for them all.
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .configurationParameter("junit.jupiter.execution.timeout.mode", "disabled");
    List<DiscoverySelector> named =
        which.stream()
            .filter(word -> word.contains(":"))
            .flatMap(word -> DiscoverySelectors.parse(word).stream())
            .<DiscoverySelector>map(selector -> selector)
            .toList();
    if (!named.isEmpty()) {
      return request.selectors(named).build();
    }
    return request
        .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(classes)))
        .filters(TagFilter.includeTags(which))
        .build();
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    begins.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped++;
    out.println("- " + name(test) + ": " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed++;
          out.println("✓ " + name(test) + seconds(test));
        }
      }
      // A whole class can be given up, before its first test.
      case ABORTED ->
          executionSkipped(test, result.getThrowable().map(Throwable::getMessage).orElse(""));
      case FAILED -> {
        failed++;
        out.println("✗ " + name(test) + seconds(test));
        result.getThrowable().ifPresent(failure -> failure.printStackTrace(out));
      }
    }
  }

  private String seconds(TestIdentifier test) {
    long now = System.nanoTime();
    return " (%.1f s)".formatted((now - begins.getOrDefault(test.getUniqueId(), now)) / 1e9);
  }

  /** Such as {@code LiveCgroupTest.aQuotaThrottles()}, with what a parameterized one was given. */
  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    return switch (source) {
      case MethodSource method -> {
        String call = simple(method.getClassName()) + "." + method.getMethodName() + "()";
        yield test.getDisplayName().startsWith(method.getMethodName())
            ? call
            : call + " " + test.getDisplayName();
      }
      case ClassSource type -> simple(type.getClassName());
      case null, default -> test.getDisplayName();
    };
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
