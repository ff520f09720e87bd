package dev.terrarium.app.dock;

import static dev.terrarium.app.OnScreen.await;
import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrarium.app.OnScreen;
import dev.terrarium.app.window.LessonScene;
import dev.terrarium.app.window.UiContext;
import dev.terrarium.engine.Engine;
import dev.terrarium.engine.container.Container;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javafx.scene.control.TabPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockTest {

  private final Dock dock = fx(() -> new Dock(new UiContext()));
  private final OnScreen screen = OnScreen.show(() -> dock, 860, 260);

  @AfterEach
  void close() {
    fx(() -> {
      dock.close();
      return true;
    });
    screen.close();
  }

  private void select(int tab) {
    fx(() -> {
      TabPane tabs = (TabPane) dock.getChildren().getFirst();
      tabs.getSelectionModel().select(tab);
      return true;
    });
  }

  @Test
  void hostShellStartsWhenLookedAtAnswersAndLeavesNoProcess() {
    assertThat(fx(dock::hostShellPid)).isZero();
    select(3);
    await("the shell runs", () -> dock.hostShellPid() != 0);
    long pid = fx(dock::hostShellPid);
    fx(() -> {
      dock.typeOnHost("echo sum=$((6*7))\r");
      return true;
    });
    await("the shell answers", () -> dock.hostScreenText().contains("sum=42"));
    fx(() -> {
      dock.close();
      return true;
    });
    // A zombie would still have its folder.
    assertThat(Path.of("/proc", Long.toString(pid))).doesNotExist();
  }

  @Test
  void containerTerminalIsTheContainersAndSaysWhenItHasEnded(@TempDir Path state)
      throws IOException {
    boolean root = Files.isWritable(Path.of("/proc/1/oom_score_adj"));
    assumeTrue(root || System.getenv("CI") != null, "needs root");
    try (Engine engine = Engine.open(state, fact -> {})) {
      try (Container container = engine.prepare(shell(engine.lessonImage()))) {
        container.start();
        fx(() -> {
          dock.show(scene(container));
          return true;
        });
        select(2);
        await("a prompt", () -> !dock.containerScreenText().isBlank());
        container.console().orElseThrow().type("echo I am $$.\n");
        await("the answer of number 1", () -> dock.containerScreenText().contains("I am 1."));
        container.console().orElseThrow().type("exit 3\n");
        await("its end is told", () -> dock.terminalMessage().contains("status 3"));
      }
    }
  }

  private static LessonScene scene(Container container) {
    return new LessonScene(
        0,
        Optional.empty(),
        OptionalInt.empty(),
        List.of(),
        List.of(),
        false,
        Optional.of(container));
  }

  private static ContainerSpec shell(String image) {
    return ContainerSpec.of(
            "dock-test",
            Set.of(NamespaceType.PID, NamespaceType.MNT, NamespaceType.UTS),
            new Root.Image(image),
            Proc.NEW,
            List.of("sh"))
        .withHostname("box")
        .withEnv(List.of("PATH=/bin:/usr/bin", "TERM=xterm-256color"))
        .withStdio(Stdio.TERMINAL);
  }

  @Test
  void saysThatThereIsNoContainer() {
    fx(() -> {
      dock.show(LessonScene.EMPTY);
      return true;
    });
    assertThat(fx(dock::terminalMessage)).startsWith("No container is running.");
  }
}
