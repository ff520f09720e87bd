package dev.terrarium.app.workbench;

import static dev.terrarium.app.OnScreen.fx;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.app.OnScreen;
import dev.terrarium.engine.remote.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as the header shows it: how it gets more rights, and what happens when it is lost. */
class EngineInTheWindowTest {

  private static final double WIDTH = 1280;
  private static final double HEIGHT = 720;

  @Test
  void rightsAreAskedForFromThePillAndGivenBackThere() {
    AtomicInteger opened = new AtomicInteger();
    Callable<Session> plain = () -> session(false, opened);
    Callable<Session> elevated = () -> session(true, opened);
    try (OpenWindow open = new OpenWindow(plain, Optional.of(elevated), WIDTH, HEIGHT)) {
      open.awaitText("engine: rootless · cgroup v2 · overlay");
      choose(open, "Ask for root's rights …");
      open.awaitText("engine: root, by permission · cgroup v2 · overlay");
      open.awaitText("An office with many badges");
      choose(open, "Give the rights back");
      open.awaitText("engine: rootless · cgroup v2 · overlay");
      assertThat(opened).hasValue(3);
    }
  }

  @Test
  void withoutThePasswordTheLessonGoesOnWithoutTheRights() {
    Callable<Session> refused =
        () -> {
          throw new IOException("no engine through sudo: a password is required");
        };
    Callable<Session> plain = () -> session(false, new AtomicInteger());
    try (OpenWindow open = new OpenWindow(plain, Optional.of(refused), WIDTH, HEIGHT)) {
      choose(open, "Ask for root's rights …");
      open.awaitText("No rights were given, so the engine works without: no engine through sudo");
      open.awaitText("engine: rootless · cgroup v2 · overlay");
      open.awaitText("An office with many badges");
    }
  }

  @Test
  void whoeverIsRootOrHasNobodyToAskIsOfferedNothing() {
    Callable<Session> root = () -> session(true, new AtomicInteger());
    try (OpenWindow open = new OpenWindow(root, Optional.of(root), WIDTH, HEIGHT)) {
      assertThat(offers(open)).isEmpty();
    }
    Callable<Session> plain = () -> session(false, new AtomicInteger());
    try (OpenWindow open = new OpenWindow(plain, WIDTH, HEIGHT)) {
      assertThat(offers(open)).isEmpty();
    }
  }

  @Test
  void aRealEngineThatIsKilledIsSaidToBeLostAndCanBeStartedAgain(@TempDir Path state) {
    Callable<Session> borrowed = () -> LiveSession.borrow(List.of(server(state)));
    try (OpenWindow open = new OpenWindow(borrowed, Optional.of(borrowed), WIDTH, HEIGHT)) {
      int lost = servers(state).getFirst().intValue();
      ProcessHandle.of(lost).orElseThrow().destroyForcibly();
      open.awaitText("engine: lost");
      open.awaitText("and with it all containers that it ran");
      choose(open, "Start it again");
      OnScreen.await("another engine works", () -> open.window().model().get().isPresent());
      open.awaitText("engine: root · ");
      assertThat(servers(state)).hasSize(1).doesNotContain((long) lost);
    }
    assertThat(servers(state)).as("the engine ends with the window").isEmpty();
  }

  private static Session session(boolean privileged, AtomicInteger opened) {
    opened.incrementAndGet();
    return new ScriptedSession(new ScriptedPlayer(ScriptedLesson.lesson()), privileged);
  }

  /** What sudo would start. */
  private static Launch server(Path state) {
    return new Launch(
        "env",
        List.of(
            "/usr/bin/env",
            "TERRARIUM_STATE=" + state,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dmark=" + state,
            "-cp",
            System.getProperty("java.class.path"),
            "--enable-native-access=ALL-UNNAMED",
            "dev.terrarium.app.Main",
            "engine-server"),
        Duration.ofMinutes(1));
  }

  private static List<Long> servers(Path state) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains("-Dmark=" + state + " "))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static List<String> offers(OpenWindow open) {
    return fx(() ->
        pill(open).getItems().stream()
            .map(MenuItem::getText)
            .filter(text -> text != null)
            .toList());
  }

  private static void choose(OpenWindow open, String offer) {
    OnScreen.await(offer + " is offered", () -> item(open, offer).isPresent());
    OpenWindow.press(() -> item(open, offer).orElseThrow().fire());
  }

  private static Optional<MenuItem> item(OpenWindow open, String offer) {
    return pill(open).getItems().stream().filter(item -> offer.equals(item.getText())).findFirst();
  }

  private static MenuButton pill(OpenWindow open) {
    return (MenuButton) open.window().scene().lookup(".engine-pill");
  }
}
