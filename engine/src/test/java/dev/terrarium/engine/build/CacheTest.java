package dev.terrarium.engine.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.fact.CacheMiss;
import dev.terrarium.engine.image.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is not built again, and why something is. */
class CacheTest extends Builds {
  private static final String DOCKERFILE =
      """
      FROM lesson
      ARG VERSION=1
      ENV MODE=fast
      COPY tool /tool
      RUN echo installed > /installed
      COPY src/ /src/
      RUN cat /src/* > /all
      LABEL a=b
      """;

  private Image first() throws Exception {
    file("tool", "tool");
    file("src/a", "a");
    file("src/b", "b");
    return build(DOCKERFILE);
  }

  @Test
  void theFirstBuildHasNothingToTakeFrom() throws Exception {
    first();
    assertThat(cached()).isEmpty();
    assertThat(why(5)).isEqualTo(new CacheMiss.NothingBefore());
  }

  @Test
  void theSameAgainIsTheSameImageAndRunsNothing() throws Exception {
    Image image = first();
    assertThat(build(DOCKERFILE).manifest()).isEqualTo(image.manifest());
    assertThat(reasons()).isEmpty();
    assertThat(cached()).containsExactly(2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void timesOfFilesDoNotMatter() throws Exception {
    first();
    Files.setLastModifiedTime(context.resolve("src/a"), FileTime.fromMillis(0));
    build(DOCKERFILE);
    assertThat(reasons()).isEmpty();
  }

  @Test
  void aChangedFileMakesItsCopyAndAllLayersAboveAnew() throws Exception {
    first();
    file("src/b", "changed");
    file("src/c", "new");
    build(DOCKERFILE);
    assertThat(reasons())
        .startsWith("6 src/ changed: src/b, src/c", "7 step 6 of stage 0 ran again");
    assertThat(cached()).contains(2, 3, 4, 5);
  }

  @Test
  void anotherBuildArgumentIsNamed() throws Exception {
    first();
    build(DOCKERFILE, request -> request.withArguments(Map.of("VERSION", "2")));
    assertThat(why(5)).isEqualTo(new CacheMiss.ArgumentChanged("VERSION"));
    assertThat(why(7)).isInstanceOf(CacheMiss.StepRanAgain.class);
    assertThat(cached()).contains(4);
  }

  @Test
  void anotherVariableIsNamed() throws Exception {
    first();
    build(DOCKERFILE.replace("fast", "slow"));
    assertThat(why(3)).isEqualTo(new CacheMiss.LineChanged("ENV MODE=fast"));
    assertThat(why(5)).isEqualTo(new CacheMiss.SettingChanged("MODE"));
  }

  @Test
  void anotherLineIsTold() throws Exception {
    first();
    build(DOCKERFILE.replace("echo installed", "echo installed again"));
    assertThat(reasons())
        .startsWith(
            "5 the line changed, it was: RUN echo installed > /installed",
            "6 step 5 of stage 0 ran again",
            "7 step 6 of stage 0 ran again");
  }

  @Test
  void anotherBaseIsNamed() throws Exception {
    first();
    Image base = build("FROM lesson\nRUN echo other > /other\n", r -> r.withFile(other()));
    store().keep(Optional.of(base), base.config(), Optional.of("base"));
    build(DOCKERFILE.replace("FROM lesson", "FROM base"));
    assertThat(why(4)).isEqualTo(new CacheMiss.BaseChanged("base"));
  }

  private Path other() {
    try {
      return Files.move(context.resolve("Dockerfile"), context.resolve("Other"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutTheCacheEverythingRuns() throws Exception {
    first();
    build(DOCKERFILE, request -> request.withCache(false));
    assertThat(cached()).isEmpty();
    assertThat(why(5)).isEqualTo(new CacheMiss.CacheOff());
    build(DOCKERFILE);
    assertThat(reasons()).as("what it made can be taken").isEmpty();
  }

  @Test
  void whatWasThrownAwayIsMadeAgain() throws Exception {
    first();
    store().remove("built");
    store().collect(Set.of());
    build(DOCKERFILE);
    assertThat(why(4)).isEqualTo(new CacheMiss.LayerGone());
  }

  @Test
  void anotherStageThatGivesTheSameFilesCostsNothing() throws Exception {
    String dockerfile =
        """
        FROM lesson AS one
        RUN echo %s > /log && echo same > /out
        FROM lesson
        COPY --from=one /out /out
        RUN cat /out
        """;
    build(dockerfile.formatted("first"));
    build(dockerfile.formatted("second"));
    assertThat(reasons()).hasSize(1).first().asString().startsWith("2 the line changed");
    assertThat(cached()).containsExactly(4, 5);
    build(dockerfile.formatted("second").replace("same", "other"));
    assertThat(why(4)).isEqualTo(new CacheMiss.FilesChanged("/out of one", List.of("out")));
  }

  @Test
  void aFailureKeepsWhatWasBuiltBeforeIt() throws Exception {
    file("tool", "tool");
    file("src/a", "a");
    assertThat(failure(DOCKERFILE + "RUN false\n")).hasMessageContaining("exit status 1");
    build(DOCKERFILE + "RUN true\n");
    assertThat(cached()).containsExactly(2, 3, 4, 5, 6, 7, 8);
  }
}
