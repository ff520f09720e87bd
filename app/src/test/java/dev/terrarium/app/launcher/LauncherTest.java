package dev.terrarium.app.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrarium.app.launcher.FakeHouse.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds, what it starts, and what it says if something is missing. */
final class LauncherTest {

  private final Path folder;
  private final FakeHouse house;

  LauncherTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.house = new FakeHouse(folder);
  }

  @Test
  void becomesTheProgramWithTheWordsThatItWasGiven() throws Exception {
    Result result = house.start("run", "lesson", "--", "echo", "two words", "");

    assertThat(result.status()).isZero();
    assertThat(result.out())
        .endsWith("dev.terrarium.app.Main\nrun\nlesson\n--\necho\ntwo words\n\n")
        .contains("--enable-native-access=ALL-UNNAMED\n")
        .contains("/target/dist/app.jar:")
        .doesNotContain("AOTCache");
  }

  @Test
  void buildsOnceAndNotAgain() throws Exception {
    house.start("doctor");
    Result second = house.start("doctor");

    assertThat(house.builds()).isEqualTo(1);
    assertThat(second.err()).isEmpty();
  }

  @Test
  void buildsAgainWhenASourceChangedCameOrWent() throws Exception {
    house.start("doctor");

    house.source("engine/src/main/java/A.java");
    house.start("doctor");
    assertThat(house.builds()).as("changed").isEqualTo(2);

    house.source("assets/src/main/resources/new.css");
    house.start("doctor");
    assertThat(house.builds()).as("came").isEqualTo(3);

    Files.delete(house.home().resolve("assets/src/main/resources/new.css"));
    house.start("doctor");
    assertThat(house.builds()).as("went").isEqualTo(4);

    house.source("pom.xml");
    house.start("doctor");
    assertThat(house.builds()).as("the build itself changed").isEqualTo(5);
  }

  @Test
  void aChangedTestIsNoReasonToBuild() throws Exception {
    house.start("doctor");
    house.source("engine/src/test/java/ATest.java");
    house.start("doctor");

    assertThat(house.builds()).isEqualTo(1);
  }

  @Test
  void aSourceWithAnOldDateThatWasMovedHereIsNew() throws Exception {
    Path old = folder.resolve("Old.java");
    Files.writeString(old, "// from a backup");
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    house.start("doctor");

    Files.move(
        old, house.home().resolve("app/src/main/java/A.java"), StandardCopyOption.REPLACE_EXISTING);
    house.start("doctor");

    assertThat(house.builds()).isEqualTo(2);
  }

  @Test
  void aBrokenBuildShowsItsErrorsAndStartsNothing() throws Exception {
    Result broken = house.with("BREAK", "';' expected").start("doctor");

    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.out()).isEmpty();
    assertThat(broken.err())
        .contains("[ERROR] Engine.java:[1,1] ';' expected")
        .contains("build.log");
    assertThat(house.with("BREAK", "").start("doctor").status()).isZero();
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    Path gate = house.file("GATE");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    Process first = house.begin(house.home().resolve("terrarium"), "doctor");
    awaitLine(first, "building");
    Process second = house.begin(house.home().resolve("terrarium"), "doctor");
    awaitLine(second, "another start is building");

    Files.writeString(gate, "go\n");

    assertThat(FakeHouse.end(first).status()).isZero();
    assertThat(FakeHouse.end(second).status()).isZero();
    assertThat(house.builds()).isEqualTo(1);
  }

  @Test
  void isFoundThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), house.home().resolve("terrarium"));

    assertThat(FakeHouse.end(house.begin(link, "doctor")).out()).endsWith("Main\ndoctor\n");
  }

  @Test
  void withoutADisplayItSaysSoAndPlaysTheFirstLesson() throws Exception {
    Result result = house.start();

    assertThat(result.status()).isZero();
    assertThat(result.err().lines().filter(line -> line.contains("display")).toList())
        .containsExactly(
            "terrarium: there is no display (DISPLAY and WAYLAND_DISPLAY are empty), so the first"
                + " lesson plays here");
    assertThat(result.out()).endsWith("Main\nlesson\n--auto\n");
  }

  @Test
  void takesAJdkThatIsNewEnoughAndLeavesAnOlderOneAlone() throws Exception {
    Path jvms = Files.createDirectories(folder.resolve("jvms"));
    FakeHouse.fakeJdk(jvms.resolve("java-17"), "17.0.9");
    FakeHouse.fakeJdk(jvms.resolve("java-27"), "27");
    FakeHouse.fakeJdk(jvms.resolve("java-26"), "26.0.1");
    FakeHouse.program(jvms.resolve("java-26/bin/java"), "#!/bin/sh\necho twenty-six\n");

    Result result =
        house
            .with("JAVA_HOME", jvms.resolve("java-17").toString())
            .with("TERRARIUM_JVM_FOLDER", jvms.toString())
            .start("doctor");

    assertThat(result.out()).isEqualTo("twenty-six\n");
  }

  @Test
  void onADistributionWithoutAptItNamesThePackages() throws Exception {
    Files.delete(house.bin().resolve("mvn"));
    FakeHouse.program(house.bin().resolve("dnf"), "#!/bin/sh\nexit 99\n");

    Result result = house.with("JAVA_HOME", "").start("doctor");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("terrarium: please install: sudo dnf install java-latest-openjdk-devel maven\n");
  }

  @Test
  void asksAptForWhatIsMissingAndForNothingElse() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "installing needs root");
    Path maven = house.bin().resolve("mvn");
    Files.move(maven, folder.resolve("mvn"));
    FakeHouse.program(house.bin().resolve("apt-cache"), "#!/bin/sh\necho Package: $3\n");
    FakeHouse.program(
        house.bin().resolve("apt-get"),
        "#!/bin/sh\necho apt-get $* >> '%s'\nif [ \"$1\" = install ]; then mv '%s' '%s'; fi\n"
            .formatted(folder.resolve("apt"), folder.resolve("mvn"), maven));

    Result result = house.start("doctor");

    assertThat(result.status()).isZero();
    assertThat(Files.readAllLines(folder.resolve("apt")))
        .containsExactly(
            "apt-get update",
            "apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 maven");
  }

  @Test
  void whereAptHasNoJdkItSaysWhereOneIs() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "installing needs root");
    FakeHouse.program(house.bin().resolve("apt-cache"), "#!/bin/sh\nexit 100\n");
    FakeHouse.program(house.bin().resolve("apt-get"), "#!/bin/sh\nexit 0\n");

    Result result = house.with("JAVA_HOME", "").start("doctor");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines().toList().getLast())
        .startsWith(
            "terrarium: apt has no JDK 25 here: install Temurin 25 from https://adoptium.net");
  }

  @Test
  void testSaysWhichModulesThereAre() throws Exception {
    assertThat(house.start("test", "--only", "kitchen"))
        .isEqualTo(
            new Result(2, "", "terrarium: --only needs one of: engine lessons assets app\n"));
    assertThat(house.start("test", "engine").status()).isEqualTo(2);
  }

  /** Reads standard error up to a line that contains the text. */
  private static void awaitLine(Process process, String text) throws Exception {
    BufferedReader err = process.errorReader();
    String line = err.readLine();
    while (line != null && !line.contains(text)) {
      line = err.readLine();
    }
    assertThat(line).as("a line with '%s'", text).isNotNull();
  }
}
