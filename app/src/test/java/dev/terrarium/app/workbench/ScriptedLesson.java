package dev.terrarium.app.workbench;

import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.spec.Limits;
import dev.terrarium.lessons.format.Action;
import dev.terrarium.lessons.format.Lesson;
import dev.terrarium.lessons.format.LessonStep;
import dev.terrarium.lessons.format.Prediction;
import dev.terrarium.lessons.format.StepProse;
import dev.terrarium.lessons.format.View;
import dev.terrarium.lessons.format.YourTurn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lesson of every kind of step, in both languages, for tests of the window. */
final class ScriptedLesson {

  private ScriptedLesson() {}

  static Lesson lesson() {
    return new Lesson(
        "pid-1",
        1,
        "eyes",
        List.of(plain("before"), asking("clone"), turn("rename"), plain("exit")),
        Map.of("en", "The PID 1 illusion", "zh", "PID 1 的错觉"),
        Map.of("en", english(), "zh", chinese()));
  }

  private static LessonStep plain(String id) {
    return new LessonStep(
        id,
        View.PROCESSES,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of("ps -o pid,ppid,comm"));
  }

  private static LessonStep asking(String id) {
    return new LessonStep(
        id,
        View.PROCESSES,
        List.of(
            new Action.Start(
                List.of(NamespaceType.PID, NamespaceType.MNT),
                "lesson",
                "new",
                Optional.empty(),
                List.of("/bin/sh"),
                false,
                List.of(),
                false,
                Limits.NONE)),
        Optional.of(new Prediction("inside.pid", List.of("8214", "1", "0"))),
        Optional.empty(),
        List.of("sudo unshare -fp --mount-proc sh"));
  }

  private static LessonStep turn(String id) {
    return new LessonStep(
        id,
        View.PROCESSES,
        List.of(new Action.Ask("hostname", Optional.of("name"))),
        Optional.empty(),
        Optional.of(new YourTurn("container.hostname == 'badge'", "hostname badge", List.of())),
        List.of("hostname badge"));
  }

  private static Map<String, StepProse> english() {
    return Map.of(
        "before",
        words(
            "An office with many badges",
            "Every process wears a badge: its **PID**. Look at the host."),
        "clone",
        new StepProse(
            "The same process, seen from inside",
            "Employee number **{{pid}}** has just walked in. The kernel gave it a badge like everyone"
                + " else's. But it was created with `CLONE_NEWPID`: a blindfold that hides every"
                + " colleague hired before it.",
            "One process, **two numbers**: `{{pid}}` out here, `1` in there.\n\n- the host counts"
                + " everybody\n- the new namespace begins to count at *one*",
            Optional.of("what does `echo $$` print inside?"),
            List.of("8214 – its real number", "1 – it thinks it is first", "0 – it has no number"),
            Optional.empty(),
            List.of()),
        "rename",
        new StepProse(
            "Give the badge a name",
            "The shell inside waits for you.",
            "The shell inside waits for you in the container's terminal.",
            Optional.empty(),
            List.of(),
            Optional.of("Set the host name to `badge`, from the container's terminal."),
            List.of("There is a command named like the thing.", "Type `hostname badge`.")),
        "exit",
        words("PID 1 goes home", "When number 1 leaves, the kernel closes the office."));
  }

  private static Map<String, StepProse> chinese() {
    return Map.of(
        "before",
        words("一间有许多工牌的办公室", "每个进程都戴着一块工牌：它的 **PID**。先看看主机。"),
        "clone",
        new StepProse(
            "同一个进程，从里面看",
            "**{{pid}}** 号员工刚刚走进来。内核像对待其他人一样给了它一块工牌。但它是用 `CLONE_NEWPID` 创建的：一副眼罩，让它看不见之前入职的所有同事。",
            "一个进程，**两个号码**：外面是 `{{pid}}`，里面是 `1`。\n\n- 主机给每个人编号\n- 新的命名空间从 *1* 开始数",
            Optional.of("里面的 `echo $$` 会打印什么？"),
            List.of("8214：它真正的号码", "1：它以为自己是第一个", "0：它没有号码"),
            Optional.empty(),
            List.of()),
        "rename",
        new StepProse(
            "给工牌起个名字",
            "里面的 shell 在等你。",
            "里面的 shell 在容器的终端里等你。",
            Optional.empty(),
            List.of(),
            Optional.of("在容器的终端里把主机名改成 `badge`。"),
            List.of("有一个命令就叫这个名字。", "输入 `hostname badge`。")),
        "exit",
        words("PID 1 下班了", "1 号离开时，内核关闭整间办公室。"));
  }

  private static StepProse words(String title, String text) {
    return new StepProse(
        title, text, text, Optional.empty(), List.of(), Optional.empty(), List.of());
  }
}
