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
    assertThat(house.start("test", "--vm", "--only", "engine"))
        .isEqualTo(
            new Result(
                2,
                "",
                "terrarium: --only and --vm exclude each other; it is: ./terrarium test [--only"
                    + " MODULE] | --vm\n"));
    assertThat(house.start("test", "--help").out()).contains("--vm runs only those of the engine");
  }

  /** A guest that does not need a virtual machine: it says that, and ends with that status. */
  private void guest(String prepare, String run) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "a guest needs root");
    assumeTrue("amd64".equals(System.getProperty("os.arch")), "a guest needs x86-64");
    Path boot = house.home().resolve("engine/src/test/vm/boot");
    Files.createDirectories(boot.getParent());
    FakeHouse.program(
        boot,
        "#!/bin/sh\nif [ \"$1\" = --prepare ]; then %s; exit; fi\n%s\n".formatted(prepare, run));
    // Whatever else this machine lacks is taken for installed.
    FakeHouse.program(house.bin().resolve("apt-cache"), "#!/bin/sh\necho Package: $3\n");
    FakeHouse.program(house.bin().resolve("apt-get"), "#!/bin/sh\nexit 0\n");
    FakeHouse.program(
        house.bin().resolve("xvfb-run"),
        "#!/bin/sh\nwhile [ \"$1\" != mvn ]; do shift; done\nexec \"$@\"\n");
  }

  private static String lastLine(Result result) {
    return result.err().lines().toList().getLast();
  }

  @Test
  void testsInTheGuestAreShownAndCounted() throws Exception {
    guest("true", "echo '✓ A.b() (0.1 s)'; echo '3 passed, 0 failed, 1 skipped' > \"$1/counts\"");

    Result alone = house.start("test", "--vm");
    assertThat(alone.status()).isZero();
    assertThat(alone.err()).contains("✓ A.b() (0.1 s)\n");
    assertThat(lastLine(alone))
        .isEqualTo(
            "terrarium: all tests passed on a cgroup v2 host in a virtual machine (3 passed, 0"
                + " failed, 1 skipped)");
    assertThat(Files.readString(house.file("CALLS"))).contains("test-compile -pl engine");

    Result all = house.start("test");
    assertThat(all.status()).isZero();
    assertThat(lastLine(all))
        .isEqualTo(
            "terrarium: all tests passed, here and on a cgroup v2 host in a virtual machine (3"
                + " passed, 0 failed, 1 skipped)");
    assertThat(Files.readString(house.home().resolve("target/guest/job")))
        .contains(
            "/run/out/test-classes:/run/out/classes:/run/host/m2/a.jar:/run/host/m2/b\\ b.jar")
        .contains("GuestRun");
  }

  @Test
  void aTestThatFailsInTheGuestFailsThemAll() throws Exception {
    guest("true", "echo '2 passed, 1 failed, 0 skipped' > \"$1/counts\"; exit 1");

    for (Result result : new Result[] {house.start("test", "--vm"), house.start("test")}) {
      assertThat(result.status()).isEqualTo(1);
      assertThat(lastLine(result)).endsWith(": 2 passed, 1 failed, 0 skipped");
    }
  }

  @Test
  void aGuestThatEndsBeforeItsTestsIsAFailure() throws Exception {
    guest("true", "exit 0");

    Result result = house.start("test", "--vm");

    assertThat(result.status()).isEqualTo(1);
    assertThat(lastLine(result)).contains("it ended before the tests did; see ");
  }

  @Test
  void whereThereCanBeNoGuestItsTestsAreSkippedByName() throws Exception {
    guest("echo 'boot: apt has no linux-image-amd64 here' >&2; exit 125", "exit 99");

    Result all = house.start("test");
    assertThat(all.status()).isZero();
    assertThat(lastLine(all))
        .isEqualTo(
            "terrarium: all tests passed; skipped: the tests on a cgroup v2 host in a virtual"
                + " machine, because apt has no linux-image-amd64 here");

    Result alone = house.start("test", "--vm");
    assertThat(alone.status()).isEqualTo(1);
    assertThat(lastLine(alone)).endsWith("because apt has no linux-image-amd64 here");
  }

  @Test
  void testsOfAnotherModuleNeedNoGuest() throws Exception {
    guest("exit 125", "exit 99");

    Result result = house.start("test", "--only", "lessons");

    assertThat(result.status()).isZero();
    assertThat(lastLine(result)).isEqualTo("terrarium: all tests passed");
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
