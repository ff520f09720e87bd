package dev.terrarium.lessons.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.observe.Layers;
import dev.terrarium.engine.observe.Layers.Entry;
import dev.terrarium.engine.observe.Layers.Kind;
import dev.terrarium.engine.observe.Layers.Layer;
import dev.terrarium.engine.observe.Layers.Role;
import dev.terrarium.engine.observe.Mount;
import dev.terrarium.engine.observe.NamespaceSet;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import dev.terrarium.engine.syscall.Arg;
import dev.terrarium.engine.syscall.HeardCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expressions over a host of six: init, the engine, a container of two with its own pid and mount
 * namespaces, and a plain child of the engine with a child of its own.
 */
class WorldTest {

  private static final NamespaceSet HOST = new NamespaceSet(1, 2, 3, 4, 5, 6, 7, 8);
  private static final NamespaceSet BOX = new NamespaceSet(91, 92, 3, 4, 5, 6, 7, 8);
  private static final ContainerTrace RUNNING = new ContainerTrace(200, BOX, Optional.empty());

  private static ProcessInfo process(
      int pid, int ppid, NamespaceSet ns, int inside, String... argv) {
    List<Integer> pids = inside == pid ? List.of(pid) : List.of(pid, inside);
    return new ProcessInfo(pid, ppid, 0, 'S', argv[0], List.of(argv), pids, ns, 1000 + pid);
  }

  private static Mount proc(int id, String device) {
    return new Mount(id, 1, device, "/", "/proc", "rw", List.of(), "proc", "proc", "rw");
  }

  private static Snapshot snapshot(Mount... boxMounts) {
    return new Snapshot(
        Instant.EPOCH,
        HOST,
        List.of(
            process(1, 0, HOST, 1, "init"),
            process(100, 1, HOST, 100, "java"),
            process(200, 100, BOX, 1, "sh"),
            process(201, 200, BOX, 2, "sleep", "1000"),
            process(300, 100, HOST, 300, "sh"),
            process(301, 300, HOST, 301, "cat")),
        Map.of(2L, List.of(proc(20, "0:5")), 92L, List.of(boxMounts)));
  }

  private static World world(Optional<ContainerTrace> container, Mount... boxMounts) {
    HeardCall removed =
        new HeardCall(
            Instant.EPOCH,
            201,
            "unlinkat",
            List.of(new Arg.Text("motd"), new Arg.Int(0)),
            List.of("/etc/motd"));
    return World.of(
        snapshot(boxMounts),
        container,
        Map.of("answer", "1", "ps", "PID\n  1 sh\n\n  2 ps\n"),
        List.of(removed));
  }

  private static Expression compile(String text) throws ExpressionException {
    return Expressions.shared().compile(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "container.running && container.status == 'running' && container.pid == 200",
        "container.processes.map(p, p.pid) == [200, 201]",
        "container.processes.exists(p, p.argv == ['sleep', '1000'] && p.inside == 2)",
        "container.processes.all(p, p.pids.size() == 2 && p.ns.pid == container.ns.pid)",
        "host.processes.size() == 6 && host.ns.pid == 1 && container.ns.pid == 91",
        "host.processes.exists(p, p.pid == 201 && p.ppid == 200 && p.state == 'S')",
        "kept.answer == '1' && int(kept.answer) < 2",
        "calls.exists(c, c.name == 'unlinkat' && '/etc/motd' in c.paths && c.pid == 201)",
        "calls.size() == 1 && calls[0].args == ['\"motd\"', '0']",
        "lines(kept.ps) == ['PID', '1 sh', '2 ps']"
      })
  void holdInThisWorld(String text) throws ExpressionException {
    World world = world(Optional.of(RUNNING), proc(30, "0:5"));

    assertThat(compile(text).truth(world)).isTrue();
    assertThat(compile("!(" + text + ")").truth(world)).isFalse();
  }

  @Test
  void layersAreSpokenOfOneByOneAndAsOneTree() throws ExpressionException {
    Entry whiteout = new Entry("etc/motd", Kind.WHITEOUT, 0, 7, 0);
    Entry motd = new Entry("etc/motd", Kind.FILE, 26, 3, 0);
    Entry group = new Entry("etc/group", Kind.FILE, 4, 4, 0);
    Layers layers =
        new Layers(
            List.of(
                new Layer(Role.UPPER, 0, "/up", List.of(whiteout), true),
                new Layer(Role.LOWER, 1, "/low", List.of(group, motd), true)));
    World world =
        world(
            Optional.of(
                new ContainerTrace(
                    200, BOX, Optional.empty(), new Belongings(layers, Optional.empty()))));

    assertThat(
            compile(
                    "container.layers.map(l, l.role) == ['upper', 'lower']"
                        + " && container.layers[0].entries[0].kind == 'whiteout'"
                        + " && container.layers[1].bytes == 30 && container.layers[1].folder == '/low'")
                .truth(world))
        .isTrue();
    Expression seen = compile("container.files.exists(f, f.path == 'etc/motd')");
    assertThat(seen.truth(world)).isFalse();
    assertThat(seen.reason(world)).isEqualTo("merged/etc/motd does not exist");
    assertThat(compile("container.files.exists(f, f.path == 'etc/group')").reason(world))
        .isEqualTo("merged/etc/group: from lower, 4 B");
  }

  @Test
  void procShowsWhoseFileSystemItIs() throws ExpressionException {
    Expression procfs = compile("container.procfs");
    Optional<ContainerTrace> box = Optional.of(RUNNING);

    assertThat(procfs.text(world(box))).isEqualTo("none");
    assertThat(procfs.text(world(box, proc(30, "0:5")))).isEqualTo("host");
    assertThat(procfs.text(world(box, proc(30, "0:5"), proc(31, "0:77")))).isEqualTo("own");
    ContainerTrace plain = new ContainerTrace(300, HOST, Optional.empty());
    assertThat(procfs.text(world(Optional.of(plain)))).isEqualTo("host");
  }

  @Test
  void withoutAPidNamespaceTheFamilyIsTheContainer() throws ExpressionException {
    ContainerTrace plain = new ContainerTrace(300, HOST, Optional.empty());

    assertThat(
            compile("container.processes.map(p, p.pid) == [300, 301]")
                .truth(world(Optional.of(plain))))
        .isTrue();
  }

  @Test
  void anEndedContainerIsStillSpokenOf() throws ExpressionException {
    ContainerTrace killed = new ContainerTrace(200, BOX, Optional.of(new ExitStatus.Killed(9)));
    ContainerTrace left = new ContainerTrace(200, BOX, Optional.of(new ExitStatus.Exited(3)));

    assertThat(compile("container.status").text(world(Optional.of(killed))))
        .isEqualTo("killed by SIGKILL");
    assertThat(compile("container.status").text(world(Optional.of(left)))).isEqualTo("exited 3");
    assertThat(compile("container.pid").number(world(Optional.of(left)))).isEqualTo(200);
    assertThat(compile("container.running").truth(world(Optional.of(left)))).isFalse();
    assertThat(compile("container.status").text(world(Optional.empty()))).isEqualTo("none");
  }

  @Test
  void aFailingCheckShowsTheValuesThatItLooksAt() throws ExpressionException {
    Expression check = compile("container.processes.size() > 5 && kept.answer == '2'");

    assertThat(check.reason(world(Optional.of(RUNNING))))
        .isEqualTo("container.processes: 200 = 1 sh, 201 = 2 sleep 1000; kept.answer: 1");
  }

  @Test
  void anExpressionWithoutAValueSaysSoInOneLine() throws ExpressionException {
    Expression beyond = compile("container.processes[7].name");

    assertThatThrownBy(() -> beyond.text(world(Optional.of(RUNNING))))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("Index out of bounds: 7")
        .hasMessageNotContaining("\n");
  }
}
