package dev.terrarium.engine.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.Host;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageStore;
import dev.terrarium.engine.layer.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What buildah makes of the same Dockerfile, field by field. */
class BuildahTest extends Builds {
  private static final Path BUILDAH = Path.of("/usr/bin/buildah");

  private static final String DOCKERFILE =
      """
      FROM %s
      ARG PORT=8080
      ENV A=1 B=$A
      ENV A=2 C=${A}x
      LABEL name="a b" port=$PORT
      EXPOSE $PORT 53/udp
      VOLUME /data
      WORKDIR /srv
      WORKDIR sub
      USER 7:8
      STOPSIGNAL SIGINT
      ENTRYPOINT ["/bin/sh", "-c"]
      CMD ["a", "b"]
      """;

  @Test
  void theConfigurationIsTheOneThatBuildahMakes() throws Exception {
    Host.requiresRoot();
    Assumptions.assumeTrue(Files.isExecutable(BUILDAH), "buildah is not installed");
    Path base = folder.resolve("lesson.tar");
    store().export("lesson", base, ImageStore.Format.OCI, Progress.NONE);
    String id = buildah("pull", "--quiet", "oci-archive:" + base).strip();
    buildah("tag", id, "localhost/lesson");
    file("Theirs", DOCKERFILE.formatted("localhost/lesson"));
    buildah(
        "bud",
        "--isolation",
        "chroot",
        "--pull-never",
        "--tag",
        "localhost/theirs",
        "--file",
        context.resolve("Theirs").toString(),
        context.toString());
    JsonNode theirs =
        JsonMapper.builder()
            .build()
            .readTree(buildah("inspect", "--type", "image", "localhost/theirs"))
            .path("OCIv1")
            .path("config");

    Image ours = build(DOCKERFILE.formatted("lesson"));
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> actual = new TreeMap<>();
    for (String key : theirs.propertyNames()) {
      if (!key.equals("Labels")) {
        expected.put(key, theirs.path(key).toString());
        actual.put(key, ours.config().raw(key).orElse("\"missing\""));
      }
    }
    assertThat(sorted(actual)).isEqualTo(sorted(expected));
    Map<String, String> labels = new TreeMap<>();
    theirs.path("Labels").properties().stream()
        .filter(label -> !label.getKey().startsWith("io.buildah."))
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
    assertThat(ours.config().labels()).isEqualTo(labels);
  }

  /** The order of keys means nothing. */
  private static Map<String, JsonNode> sorted(Map<String, String> values) {
    JsonMapper json = JsonMapper.builder().build();
    Map<String, JsonNode> nodes = new TreeMap<>();
    values.forEach((key, value) -> nodes.put(key, json.readTree(value)));
    return nodes;
  }

  private String buildah(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                BUILDAH.toString(),
                "--root",
                folder.resolve("buildah").toString(),
                "--runroot",
                folder.resolve("buildah-run").toString(),
                "--storage-driver",
                "vfs"));
    command.addAll(List.of(words));
    Path said = folder.resolve("said");
    Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    return out;
  }
}
