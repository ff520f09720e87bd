package dev.terrarium.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.json.ArbitraryRecords;
import dev.terrarium.engine.json.RecordJson;
import dev.terrarium.engine.observe.Observer;
import dev.terrarium.engine.observe.ProcessInfo;
import dev.terrarium.engine.observe.Snapshot;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** Snapshots cross as what is different, and arrive whole. */
class SnapshotDeltaTest {
  private final JsonMapper mapper = RecordJson.mapper(new SimpleModule());
  private final SnapshotDelta writer = new SnapshotDelta(mapper);
  private final SnapshotDelta reader = new SnapshotDelta(mapper);

  private Snapshot carry(Snapshot snapshot) {
    return reader.apply(
        (ObjectNode) mapper.readTree(mapper.writeValueAsString(writer.to(snapshot))));
  }

  /** As an observer gives them: one process of each number, in order. */
  private static List<Snapshot> arbitrary() {
    return IntStream.range(0, 600)
        .mapToObj(seed -> new ArbitraryRecords(seed).any(Snapshot.class))
        .filter(snapshot -> {
          List<Integer> pids = snapshot.processes().stream().map(ProcessInfo::pid).toList();
          return pids.equals(pids.stream().distinct().sorted().toList());
        })
        .toList();
  }

  @Test
  void whateverWasSeenBeforeTheNextOneArrivesWhole() {
    assertThat(arbitrary())
        .hasSizeGreaterThan(200)
        .allSatisfy(snapshot -> assertThat(carry(snapshot)).isEqualTo(snapshot));
  }

  @Test
  void theLiveHostArrivesWholeAndWhatStaysIsNotSaidAgain() {
    Observer observer = new Observer();
    Snapshot first = observer.observe();
    assertThat(carry(first)).isEqualTo(first);
    Snapshot again = observer.observe();
    ObjectNode change = writer.to(again);
    assertThat(reader.apply(change)).isEqualTo(again);
    assertThat(mapper.writeValueAsString(change).length())
        .isLessThan(mapper.writeValueAsString(first).length() / 2);
    assertThat(change.has("self")).isFalse();
  }

  @Test
  void aChangeThatNobodyCouldHaveMeantIsRefused() {
    assertThatThrownBy(() -> reader.apply(mapper.createObjectNode()))
        .hasMessageContaining("the first snapshot lacks");
    Snapshot snapshot = carry(arbitrary().getFirst());
    ObjectNode more = mapper.createObjectNode();
    more.putObject("surprise");
    assertThatThrownBy(() -> reader.apply(more)).hasMessageContaining("surprise");
    ObjectNode wrong = mapper.createObjectNode();
    wrong.putObject("processes").putObject("put").put("1", 2);
    assertThatThrownBy(() -> reader.apply(wrong)).isInstanceOf(RuntimeException.class);
    assertThat(reader.apply(mapper.createObjectNode())).isEqualTo(snapshot);
  }
}
