package dev.terrarium.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.journal.Resource.Cgroup;
import dev.terrarium.engine.journal.Resource.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine notes, and what the next one makes of it. */
@Timeout(60)
class JournalTest {
  @TempDir Path folder;

  @Test
  void remembersWhatIsStillThereLatestFirst() throws IOException {
    Session session = new Session(4711, 99);
    Cgroup odd = new Cgroup(Path.of("/sys/fs/cgroup/terrarium/a b\\c\nd 中"));
    Cgroup gone = new Cgroup(Path.of("/sys/fs/cgroup/terrarium/gone"));
    try (Run run = Run.begin(new StateFolder(folder))) {
      run.note(session);
      run.note(gone);
      run.note(odd);
      run.gone(gone);

      assertThat(Journal.read(run.folder()).made()).containsExactly(odd, session);
    }
  }

  @Test
  void whatAnotherBootMadeIsGone() throws IOException {
    Files.writeString(folder.resolve(Journal.NAME), "boot another\n+ session 1 1\n");

    assertThat(Journal.read(folder)).isEqualTo(new Journal(List.of(), List.of()));
  }

  @Test
  void aLineThatWasBeingWrittenNamesNothingYet() throws IOException {
    Run run = Run.begin(new StateFolder(folder));
    run.note(new Session(4711, 99));
    Path journal = run.folder().resolve(Journal.NAME);
    Files.writeString(journal, "+ cgroup /sys/fs/cgr", StandardOpenOption.APPEND);

    assertThat(Journal.read(run.folder()).made()).containsExactly(new Session(4711, 99));
    run.close();
  }

  @Test
  void keepsTheJournalWhileSomethingInItResists() throws IOException {
    Run run = Run.begin(new StateFolder(folder));
    run.note(new Session(1, 99));
    Path journal = run.folder().resolve(Journal.NAME);
    Files.writeString(journal, "+ portal /to/nowhere\n", StandardOpenOption.APPEND);

    assertThat(Leftovers.end(new StateFolder(folder), run.folder()))
        .containsExactly(
            "not removed: "
                + run.folder()
                + " notes \"+ portal /to/nowhere\", which nobody here knows");
    assertThat(journal).exists();
  }

  @Test
  void removesACgroupWithAllThatIsInIt() throws Exception {
    Host.requiresRoot();
    Path hierarchy = Path.of("/sys/fs/cgroup/pids");
    Host.requires(Files.isDirectory(hierarchy), "the pids controller of cgroup v1");
    Path cgroup = hierarchy.resolve("tr-journal-" + ProcessHandle.current().pid());
    Process sleeper = new ProcessBuilder("sleep", "1000").start();
    try (Run run = Run.begin(new StateFolder(folder))) {
      run.note(new Cgroup(cgroup));
      Files.createDirectories(cgroup.resolve("inner"));
      Files.writeString(cgroup.resolve("inner/cgroup.procs"), Long.toString(sleeper.pid()));
    }

    assertThat(cgroup).doesNotExist();
    assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void neverRemovesThroughAMount() throws Exception {
    Host.requiresRoot();
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("file"), "keep");
    Run run = Run.begin(new StateFolder(folder));
    Path inside = Files.createDirectories(run.folder().resolve("box/a b"));
    mount(precious, inside);

    assertThatThrownBy(() -> Trees.remove(run.folder()))
        .hasMessage(inside + " is mounted there: unmount it first, umount -l does");
    run.close();

    assertThat(precious.resolve("file")).hasContent("keep");
    assertThat(run.folder()).doesNotExist();
  }

  private static void mount(Path source, Path target) throws IOException, InterruptedException {
    List<String> command = List.of("mount", "--bind", source.toString(), target.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
