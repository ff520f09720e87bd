package dev.terrarium.engine.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.posix.DescriptorStreams;
import dev.terrarium.engine.posix.Posix;
import dev.terrarium.engine.spec.ContainerSpec;
import dev.terrarium.engine.spec.Proc;
import dev.terrarium.engine.spec.Root;
import dev.terrarium.engine.spec.Stdio;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The door to an engine with root's rights: whatever comes in through it, it answers each line with
 * one refusal, goes on serving, and needs no more memory than one line may be long.
 */
@Timeout(180)
class DoorTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path state;

  /** One session with a server of its own in this process: everything at once, then the end. */
  private final class Session implements AutoCloseable {
    private final OutputStream requests;
    private final BufferedReader answers;
    private final CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();

    Session() throws IOException {
      Posix.Pipe in = Posix.pipe();
      Posix.Pipe out = Posix.pipe();
      requests = DescriptorStreams.output(in.writeEnd());
      answers =
          new BufferedReader(new InputStreamReader(DescriptorStreams.input(out.readEnd()), UTF_8));
      Thread.ofPlatform()
          .name("engine server")
          .start(() -> {
            try (InputStream from = DescriptorStreams.input(in.readEnd());
                OutputStream to = DescriptorStreams.output(out.writeEnd())) {
              EngineServer.serve(state, from, to, () -> {});
              end.complete(Optional.empty());
            } catch (IOException e) {
              end.complete(Optional.of(e));
            } catch (RuntimeException | Error e) {
              end.completeExceptionally(e);
            }
          });
      assertThat(JSON.readTree(answers.readLine()).get("is").asString()).isEqualTo("hello");
    }

    void send(byte[] bytes) throws IOException {
      requests.write(bytes);
      requests.flush();
    }

    void send(String line) throws IOException {
      send((line + "\n").getBytes(UTF_8));
    }

    /** The next message that is no fact. */
    JsonNode answer() throws IOException {
      while (true) {
        String line = answers.readLine();
        assertThat(line).as("an answer, and not the end").isNotNull();
        JsonNode message = JSON.readTree(line);
        if (!Set.of("happened", "saw").contains(message.get("is").asString())) {
          return message;
        }
      }
    }

    /** Everything up to the answer to a plain request of that id. */
    List<JsonNode> answersUpTo(long id) throws IOException {
      List<JsonNode> all = new ArrayList<>();
      while (true) {
        JsonNode next = answer();
        if (next.get("is").asString().equals("result") && next.get("id").asLong() == id) {
          return all;
        }
        all.add(next);
      }
    }

    @Override
    public void close() throws IOException {
      requests.close();
    }

    /** Why it ended; empty if in good order. */
    Optional<IOException> ended() throws Exception {
      close();
      try {
        while (answers.readLine() != null) {
          // until it has said all
        }
        return end.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("the server crashed", e.getCause());
      }
    }
  }

  private static String plain(long id) {
    return "{\"id\":%d,\"on\":0,\"call\":\"privileged\",\"with\":[]}".formatted(id);
  }

  // --- what is no request ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "0",
        "\"call\"",
        "[]",
        "{}",
        "{",
        "}",
        "nonsense",
        "{\"id\":1}",
        "{\"id\":1,\"on\":0,\"call\":\"privileged\",\"with\":[]}}",
        "{\"id\":1,\"on\":0,\"call\":\"privileged\",\"with\":[]} {}",
        "{\"id\":1,\"id\":2,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":1,\"on\":0,\"call\":\"privileged\",\"with\":[],\"more\":1}",
        "{\"id\":\"1\",\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":1.5,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":1e300,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":99999999999999999999999999,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":true,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":null,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":0,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":-1,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":1,\"on\":0,\"call\":\"privileged\",\"with\":{}}",
        "{\"id\":1,\"on\":0,\"call\":[\"privileged\"],\"with\":[]}",
        "{\"id\":1,\"on\":4294967296,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":1,\"on\":0,\"call\":\"privi\tleged\",\"with\":[]}",
        "{\"id\":1,\"on\":0,\"call\":\"prepare\",\"with\":[null]}",
        "{'id':1,'on':0,'call':'privileged','with':[]}",
        "{\"id\":NaN,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "{\"id\":0x1,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
        "/* */ {\"id\":1,\"on\":0,\"call\":\"privileged\",\"with\":[]}",
      })
  void aLineThatIsNoRequestIsRefusedOnceAndDoesNothing(String line) throws Exception {
    try (Session session = new Session()) {
      session.send(line);
      session.send(plain(1000));
      List<JsonNode> before = session.answersUpTo(1000);
      assertThat(before).hasSize(1);
      JsonNode refusal = before.getFirst();
      assertThat(refusal.get("is").asString()).isEqualTo("refused");
      assertThat(refusal.get("id").isNull()).isTrue();
      assertThat(refusal.at("/why/message").asString()).startsWith("no request: ").hasLineCount(1);
      assertThat(session.ended()).isEmpty();
    }
  }

  // --- requests that make no sense ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"on\":7,\"call\":\"step\",\"with\":[]",
        "\"on\":-1,\"call\":\"step\",\"with\":[]",
        "\"on\":0,\"call\":\"close\",\"with\":[]",
        "\"on\":0,\"call\":\"getClass\",\"with\":[]",
        "\"on\":0,\"call\":\"open\",\"with\":[\"/tmp\",1]",
        "\"on\":0,\"call\":\"\",\"with\":[]",
        "\"on\":0,\"call\":\"prepare\",\"with\":[]",
        "\"on\":0,\"call\":\"prepare\",\"with\":[{}]",
        "\"on\":0,\"call\":\"prepare\",\"with\":[{\"name\":\"x\"}]",
        "\"on\":0,\"call\":\"prepare\",\"with\":[1]",
        "\"on\":0,\"call\":\"prepare\",\"with\":[\"dev.terrarium.engine.spec.ContainerSpec\"]",
        "\"on\":0,\"call\":\"signal\",\"with\":[1]",
        "\"on\":0,\"call\":\"signal\",\"with\":[\"1\",\"9\"]",
        "\"on\":0,\"call\":\"signal\",\"with\":[1,99999999999]",
        "\"on\":0,\"call\":\"signal\",\"with\":[2147483647,1000]",
        "\"on\":0,\"call\":\"exec\",\"with\":[-1,{\"argv\":[\"/bin/true\"],\"env\":[],\"workdir\":\"/\",\"user\":{\"uid\":0,\"gid\":0,\"groups\":[]}},\"NULL\"]",
        "\"on\":0,\"call\":\"exec\",\"with\":[1,{\"argv\":[],\"env\":[],\"workdir\":\"/\",\"user\":{\"uid\":0,\"gid\":0,\"groups\":[]}},\"NULL\"]",
      })
  void aRequestThatMakesNoSenseIsRefusedByItsNumber(String rest) throws Exception {
    try (Session session = new Session()) {
      session.send("{\"id\":5," + rest + "}");
      JsonNode refusal = session.answer();
      assertThat(refusal.get("is").asString()).as(refusal.toString()).isEqualTo("refused");
      assertThat(refusal.get("id").asLong()).isEqualTo(5);
      assertThat(refusal.at("/why/is").asString()).isNotEqualTo("defect");
      session.send(plain(6));
      assertThat(session.answersUpTo(6)).isEmpty();
      assertThat(session.ended()).isEmpty();
    }
  }

  @Test
  void numbersThatDoNotRiseAreRefused() throws Exception {
    try (Session session = new Session()) {
      session.send(plain(9));
      assertThat(session.answersUpTo(9)).isEmpty();
      session.send(plain(9));
      session.send(plain(8));
      session.send(plain(10));
      assertThat(session.answersUpTo(10))
          .extracting(refusal -> refusal.at("/why/message").asString())
          .containsExactly("id 9 comes after 9", "id 8 comes after 9");
    }
  }

  // --- too much ---

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "{\"id\":1,\"on\":0,\"call\":\"prepare\",\"with\":["})
  void nestingWithoutEndIsNoStackOverflow(String again) throws Exception {
    try (Session session = new Session()) {
      session.send(again.repeat(3_000_000 / again.length()));
      session.send(plain(1));
      assertThat(session.answersUpTo(1))
          .singleElement()
          .satisfies(refusal ->
              assertThat(refusal.at("/why/message").asString()).startsWith("no request: "));
      assertThat(session.ended()).isEmpty();
    }
  }

  @Test
  void aHugeNumberIsNotCounted() throws Exception {
    try (Session session = new Session()) {
      session.send("{\"id\":" + "9".repeat(3_000_000) + ",\"on\":0}");
      session.send(plain(1));
      assertThat(session.answersUpTo(1)).hasSize(1);
      assertThat(session.ended()).isEmpty();
    }
  }

  @Test
  void aLineOfAHundredMegabytesEndsTheSessionAndIsNotKept() throws Exception {
    try (Session session = new Session()) {
      byte[] part = "x".repeat(1 << 20).getBytes(UTF_8);
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(() -> {
            try {
              for (int i = 0; i < 100; i++) {
                session.send(part);
              }
            } catch (IOException e) {
              // Nobody reads any more.
            }
          });
      JsonNode refusal = session.answer();
      assertThat(refusal.at("/why/message").asString())
          .isEqualTo("a line longer than " + Protocol.LONGEST_REQUEST + " bytes");
      assertThat(session.answers.readLine()).as("the end").isNull();
      sending.get(60, TimeUnit.SECONDS);
      assertThat(session.ended()).isEmpty();
    }
  }

  /** Whoever asks and never reads an answer is not served for ever. */
  @Test
  void thousandsOfQuestionsAtOnceAreAnsweredOrRefused() throws Exception {
    int many = 3000;
    try (Session session = new Session()) {
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(() -> {
            try {
              for (int id = 1; id <= many; id++) {
                session.send(plain(id));
              }
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      Set<Long> answered = new java.util.HashSet<>();
      while (answered.size() < many) {
        assertThat(answered.add(session.answer().get("id").asLong())).isTrue();
      }
      asking.get(10, TimeUnit.SECONDS);
      assertThat(session.ended()).isEmpty();
    }
  }

  @Test
  void aSessionThatBreaksOffInALineIsUndoneLikeAnyOther() throws Exception {
    try (Session session = new Session()) {
      session.send(plain(1).substring(0, 20).getBytes(UTF_8));
      assertThat(session.ended())
          .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("breaks off"));
    }
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  // --- whatever else ---

  /** A session in which all is right: the seeds of what is wrong. */
  private List<String> rightSession() {
    Set<NamespaceType> kinds = EnumSet.of(NamespaceType.PID, NamespaceType.MNT);
    if (!Rights.current().privileged()) {
      kinds.add(NamespaceType.USER);
    }
    ContainerSpec spec =
        ContainerSpec.of("box", kinds, new Root.Image("lesson"), Proc.NEW, List.of("/bin/true"))
            .withStdio(Stdio.PIPES);
    String json = Protocol.mapper(new Exports()).writeValueAsString(spec);
    return List.of(
        plain(1),
        "{\"id\":2,\"on\":0,\"call\":\"prepare\",\"with\":[" + json + "]}",
        "{\"id\":3,\"on\":1,\"call\":\"position\",\"with\":[]}",
        "{\"id\":4,\"on\":1,\"call\":\"plan\",\"with\":[]}",
        "{\"id\":5,\"on\":1,\"call\":\"pid\",\"with\":[]}",
        "{\"id\":6,\"on\":0,\"call\":\"signal\",\"with\":[2147483646,0]}",
        "{\"id\":7,\"on\":1,\"call\":\"stop\",\"with\":[\"PT1S\"]}",
        "{\"id\":8,\"on\":1,\"call\":\"close\",\"with\":[]}");
  }

  /** What a line can suffer. Nothing that it becomes can start a program: no session has a step. */
  private static byte[] mutated(byte[] line, Random random) {
    byte[] other = line.clone();
    switch (random.nextInt(9)) {
      case 0 -> other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> other = java.util.Arrays.copyOf(other, random.nextInt(other.length));
      case 2 -> {
        int from = random.nextInt(other.length);
        int to = from + random.nextInt(other.length - from);
        other = joined(slice(other, 0, to), slice(other, from, other.length));
      }
      case 3 -> other = token(other, random, "-1", "99999999999999999999", "1e999", "null", "true");
      case 4 -> other = token(other, random, "\"\"", "[]", "{}", "[[[[[[]]]]]]", "\"\\ud800\"");
      case 5 ->
          other = token(other, random, "\"../../../etc\"", "\"a\\u0000b\"", "\"\\n\\u001b[2J\"");
      case 6 -> other[random.nextInt(other.length)] = (byte) (0x80 + random.nextInt(0x80));
      case 7 -> {
        int at = random.nextInt(other.length);
        byte[] noise = new byte[1 + random.nextInt(20)];
        random.nextBytes(noise);
        other = joined(joined(slice(other, 0, at), noise), slice(other, at, other.length));
      }
      default -> other = token(other, random, "\"" + "x".repeat(70_000) + "\"");
    }
    return other;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  /** One value of the line becomes another. */
  private static byte[] token(byte[] line, Random random, String... others) {
    String text = new String(line, ISO_8859_1);
    List<int[]> values = new ArrayList<>();
    var matcher =
        java.util.regex.Pattern.compile("(?<=[:,\\[])(\"[^\"]*\"|-?[0-9]+|true|false|null|\\[\\])")
            .matcher(text);
    while (matcher.find()) {
      values.add(new int[] {matcher.start(), matcher.end()});
    }
    if (values.isEmpty()) {
      return line;
    }
    int[] at = values.get(random.nextInt(values.size()));
    String other = others[random.nextInt(others.length)];
    return (text.substring(0, at[0]) + other + text.substring(at[1])).getBytes(ISO_8859_1);
  }

  /**
   * Some thousand lines, each a line of a right session that has suffered once or twice; they are
   * the same each time. Whoever asked for a plain thing in between gets his answer.
   */
  @Test
  void whateverComesInEachLineIsAnsweredOnce() throws Exception {
    int sessions = Boolean.getBoolean("terrarium.long") ? 2000 : 60;
    for (int seed = 0; seed < sessions; seed++) {
      suffer(seed);
    }
    assertThat(state.resolve("run")).isEmptyDirectory();
  }

  private void suffer(int seed) throws Exception {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    IntStream.range(0, 6).forEach(i -> lines.addAll(rightSession()));
    java.util.Collections.shuffle(lines.subList(2, lines.size()), random);
    try (Session session = new Session()) {
      int sent = 0;
      for (String line : lines) {
        byte[] bad = line.getBytes(UTF_8);
        for (int times = random.nextInt(3); times > 0; times--) {
          bad = bad.length == 0 ? bad : mutated(bad, random);
        }
        session.send(joined(bad, new byte[] {'\n'}));
        for (byte b : bad) {
          sent += b == '\n' ? 1 : 0;
        }
        sent++;
      }
      // A future is answered when it completes; what was never started never ends.
      session.send(plain(Long.MAX_VALUE));
      List<JsonNode> answers = session.answersUpTo(Long.MAX_VALUE);
      assertThat(answers).as("session %d", seed).hasSizeLessThanOrEqualTo(sent);
      assertThat(answers)
          .as("session %d", seed)
          .noneMatch(answer -> answer.at("/why/is").asString("").equals("defect"));
      assertThat(session.ended()).isEmpty();
    }
  }

  /** Facts keep coming to whoever hears them, whatever somebody else has said before. */
  @Test
  void aContainerStillRunsAfterAllThat() throws Exception {
    List<Fact> facts = new java.util.concurrent.CopyOnWriteArrayList<>();
    suffer(4711);
    try (var engine = PipedEngine.open(state, facts::add)) {
      assertThat(engine.privileged()).isEqualTo(Rights.current().privileged());
    }
  }
}
