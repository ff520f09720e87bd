package dev.terrarium.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules of docs/architecture.md, over the classes of all modules: this one sees them all. */
@AnalyzeClasses(packages = "dev.terrarium", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** Fewer means that a module was not scanned, and that the rules below hold for nothing. */
  private static final int FEWEST_CLASSES = 100;

  private static final String[] JAVAFX = {
    "javafx..", "com.sun.javafx..", "atlantafx..", "org.kordamp..", "com.techsenger.."
  };

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("app")
          .definedBy("dev.terrarium.app..")
          .layer("lessons")
          .definedBy("dev.terrarium.lessons..")
          .layer("assets")
          .definedBy("dev.terrarium.assets..")
          .layer("engine")
          .definedBy("dev.terrarium.engine..")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("lessons")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("assets")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("lessons", "app")
          .because("the engine is usable without lessons, and both without a screen");

  @ArchTest
  static final ArchRule javafxStaysInApp =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.terrarium.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JAVAFX)
          .because("an engine in another process, or a recording, has no screen");

  @ArchTest
  static final ArchRule commandsNeedNoToolkit =
      noClasses()
          .that()
          .resideInAPackage("dev.terrarium.app.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JAVAFX)
          .because("a command must start fast and where there is no display");

  @ArchTest
  static final ArchRule noCycles =
      slices()
          .matching("dev.terrarium.(**)")
          .should()
          .beFreeOfCycles()
          .because("a package that cannot be read alone is half a package");

  @ArchTest
  static final ArchRule noStandardStreams =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.terrarium.app.Main")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in")
          .because("standard output is the result of a command, and only the command may speak");

  @ArchTest
  static final ArchRule onlyMainExits =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.terrarium.app.Main")
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("whoever ends the program from the inside leaves containers behind");

  @ArchTest
  static final ArchRule namesOfTheField =
      classes()
          .should()
          .haveNameNotMatching(".*(Manager|Helper|Utils?|Impl)")
          .because("such a name says that nobody knew what the class is");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(resideInANullMarkedPackage())
          .because("NullAway checks what is marked and nothing else");

  @ArchTest
  static void enoughIsScanned(JavaClasses scanned) {
    Set<String> modules = new HashSet<>();
    for (JavaClass each : scanned) {
      modules.add(each.getPackageName().split("\\.")[2]);
    }
    assertThat(modules).containsExactlyInAnyOrder("app", "assets", "engine", "lessons");
    assertThat(scanned).hasSizeGreaterThanOrEqualTo(FEWEST_CLASSES);
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package whose package-info says @NullMarked") {
      @Override
      public void check(JavaClass each, ConditionEvents events) {
        boolean marked = each.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
        events.add(
            new SimpleConditionEvent(
                each,
                marked,
                each.getPackageName() + " has no @NullMarked (" + each.getName() + ")"));
      }
    };
  }
}
