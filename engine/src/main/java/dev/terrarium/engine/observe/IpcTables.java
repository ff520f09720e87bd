package dev.terrarium.engine.observe;

import dev.terrarium.engine.observe.Isolation.Ipc.Queue;
import dev.terrarium.engine.observe.Isolation.Ipc.Segment;
import dev.terrarium.engine.observe.Isolation.Ipc.Semaphores;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tables under {@code /proc/sysvipc}, which are those of the ipc namespace of whoever opens
 * them. Source: sysvipc(7), proc_sysvipc(5).
 */
public final class IpcTables {
  private IpcTables() {}

  public static List<Segment> segments(String shm) {
    return rows(
        shm,
        row ->
            new Segment(
                row.number("shmid"),
                row.key(),
                row.longNumber("size"),
                row.number("nattch"),
                row.number("uid")));
  }

  public static List<Queue> queues(String msg) {
    return rows(
        msg,
        row ->
            new Queue(
                row.number("msqid"),
                row.key(),
                row.longNumber("cbytes"),
                row.longNumber("qnum"),
                row.number("uid")));
  }

  public static List<Semaphores> semaphores(String sem) {
    return rows(
        sem,
        row ->
            new Semaphores(row.number("semid"), row.key(), row.number("nsems"), row.number("uid")));
  }

  private record Row(Map<String, Integer> columns, List<String> words) {
    int number(String column) {
      return (int) longNumber(column);
    }

    long longNumber(String column) {
      Integer at = columns.get(column);
      return at == null ? 0 : Long.parseLong(words.get(at));
    }

    /** The kernel prints a signed number; ipcs(1) and people use the unsigned one. */
    long key() {
      return longNumber("key") & 0xffff_ffffL;
    }
  }

  private static <T> List<T> rows(String table, Function<Row, T> made) {
    List<String> lines = table.lines().toList();
    if (lines.isEmpty()) {
      return List.of();
    }
    String[] head = lines.getFirst().strip().split("\\s+");
    Map<String, Integer> columns =
        IntStream.range(0, head.length)
            .boxed()
            .collect(Collectors.toMap(at -> head[at], at -> at, (first, second) -> first));
    return lines.stream()
        .skip(1)
        .map(line -> made.apply(new Row(columns, List.of(line.strip().split("\\s+")))))
        .toList();
  }
}
