package dev.terrarium.engine.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrarium.engine.fact.ExitStatus;
import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.file.RawPath;
import dev.terrarium.engine.image.Image;
import dev.terrarium.engine.image.ImageConfig;
import dev.terrarium.engine.layer.ImageTree;
import dev.terrarium.engine.layer.LayerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What each instruction makes of an image, on the real kernel. */
class InstructionsTest extends Builds {

  private List<LayerEntry> top(Image image) throws Exception {
    return store().entries(image).getLast();
  }

  @Test
  void whatRunWritesIsALayerAndWhatItDeletesAWhiteout() throws Exception {
    Image image =
        build(
            """
            FROM lesson
            RUN echo hello > /greeting && rm /etc/motd && rm -r /home && mkdir /home
            """);
    assertThat(top(image))
        .extracting(entry -> entry.change() + " " + entry.path().shown())
        .containsExactly("WHITEOUT etc/motd", "PRESENT greeting", "PRESENT home", "OPAQUE home");
    assertThat(run("built", "cat /greeting; ls /etc/motd 2>&1 || :"))
        .startsWith("hello\n")
        .contains("No such file");
  }

  @Test
  void whatTheEngineItselfPutsIntoAContainerIsNoPartOfALayer() throws Exception {
    Image image = build("FROM lesson\nRUN echo x >> /etc/hosts; hostname > /name; touch /dev/x\n");
    assertThat(top(image)).extracting(entry -> entry.path().shown()).containsExactly("name");
  }

  @Test
  void aLayerIsInTheStoreBeforeTheNextInstructionBegins() throws Exception {
    build("FROM lesson\nRUN echo a > /a\nRUN cat /a > /b\n");
    List<Fact.InstructionDone> done = told(Fact.InstructionDone.class);
    String first = done.get(1).layer().orElseThrow().manifest();
    assertThat(run(first, "ls /a /b 2>&1 || :")).contains("/a").contains("/b: No such file");
    assertThat(done.get(2).layer().orElseThrow().share().stored()).isEqualTo(2);
  }

  @Test
  void removingInALaterLineDoesNotShrinkTheImage() throws Exception {
    Image image =
        build(
            """
            FROM lesson
            RUN dd if=/dev/zero of=/big bs=1k count=300 2>/dev/null
            RUN rm /big
            """);
    ImageTree tree = ImageTree.of(store().entries(image));
    ImageTree.Share made = tree.shares().get(tree.shares().size() - 2);
    ImageTree.Share removed = tree.shares().getLast();
    assertThat(made.stored()).isEqualTo(300 << 10);
    assertThat(removed.stored()).isZero();
    assertThat(removed.contribution()).isEqualTo(-(300 << 10));
    assertThat(tree.wastedBytes()).isEqualTo(300 << 10);

    Image better =
        build("FROM lesson\nRUN dd if=/dev/zero of=/big bs=1k count=300 2>/dev/null && rm /big\n");
    assertThat(ImageTree.of(store().entries(better)).shares().getLast().stored()).isZero();
  }

  @Test
  void runSeesUserFolderEnvironmentAndArguments() throws Exception {
    build(
        """
        FROM lesson
        ARG VERSION=1
        ARG NAME
        ENV A="x y" NAME=env
        RUN echo 'app:x:7:8:app:/srv:/bin/sh' >> /etc/passwd && echo 'extra:x:9:app' >> /etc/group
        WORKDIR /srv
        WORKDIR sub
        USER app
        RUN id -u; id -g; id -G; pwd; echo "$A $NAME $VERSION $HOME"; exec 2>&1; touch /x || :
        USER 0:8
        RUN id -g
        """,
        request -> request.withArguments(Map.of("VERSION", "2", "NAME", "given")));
    assertThat(printed())
        .contains("7\n8\n8 9\n/srv/sub\nx y env 2 /srv\n")
        .contains("/x: Permission denied")
        .endsWith("8\n");
  }

  @Test
  void aFolderOfWorkdirIsMadeForItsUser() throws Exception {
    Image image = build("FROM lesson\nUSER 7\nWORKDIR /a/b\nWORKDIR /etc\n");
    assertThat(top(image))
        .extracting(entry -> entry.path().shown() + " " + entry.uid())
        .containsExactly("a 7", "a/b 7");
    assertThat(image.config().workdir()).isEqualTo("/etc");
    assertThat(image.config().history().getLast().emptyLayer()).isTrue();
  }

  @Test
  void theExecFormNeedsNoShellAndShellCanBeAnother() throws Exception {
    build(
        """
        FROM lesson
        RUN ["echo", "$HOME", "a  b"]
        SHELL ["/bin/sh", "-e", "-c"]
        RUN echo first; false || echo $0; case $- in *e*) echo stops;; esac
        """);
    assertThat(printed()).isEqualTo("$HOME a  b\nfirst\n/bin/sh\nstops\n");
  }

  @Test
  void heredocsAreScriptsInputAndFiles() throws Exception {
    build(
        """
        FROM lesson
        ARG WHO=world
        RUN <<EOF
        echo one
        x=two; echo $x
        EOF
        RUN cat <<A > /a && cat <<'B' > /b
        from a: $((1+1))
        A
        from b: $((1+1))
        B
        RUN <<EOF
        #!/bin/sh -e
        echo script $0
        EOF
        COPY <<plain <<"quoted" /files/
        hello $WHO
        plain
        hello $WHO
        quoted
        """);
    assertThat(printed()).isEqualTo("one\ntwo\nscript /dev/stdin\n");
    assertThat(run("built", "cat /a /b /files/plain /files/quoted; stat -c '%a %u' /files/plain"))
        .isEqualTo("from a: 2\nfrom b: $((1+1))\nhello world\nhello $WHO\n644 0\n");
  }

  @Test
  void copyTakesFilesFoldersAndPatternsFromTheContext() throws Exception {
    file("a.txt", "a");
    file("b.txt", "b");
    file("c.md", "c");
    file("src/deep/x", "x");
    file("src/y", "y");
    Files.createSymbolicLink(context.resolve("src/link"), Path.of("y"));
    Files.setPosixFilePermissions(
        context.resolve("a.txt"), PosixFilePermissions.fromString("rwxr-x---"));
    Image image =
        build(
            """
            FROM lesson
            WORKDIR /w
            COPY a.txt renamed
            COPY *.txt into/
            COPY src /all
            COPY --chown=7:8 --chmod=600 c.md /c
            COPY --exclude=deep src /some
            """);
    assertThat(
            run(
                "built",
                "cat /w/renamed; ls /w/into /all /some; cat /all/deep/x /all/link;"
                    + " readlink /all/link; stat -c '%a %u %g' /w/renamed"))
        .isEqualTo(
            "a/all:\ndeep\nlink\ny\n\n/some:\nlink\ny\n\n/w/into:\na.txt\nb.txt\nxyy\n750 0 0\n");
    LayerEntry c = ImageTree.of(store().entries(image)).find(RawPath.of("c")).orElseThrow().entry();
    assertThat(List.of(c.mode(), (int) c.uid(), (int) c.gid())).containsExactly(0600, 7, 8);
  }

  @Test
  void whatDockerignoreLeavesOutIsNotThere() throws Exception {
    file(".dockerignore", "secret\n**/*.log\n!keep.log\nnode\n!node/wanted\n");
    file("secret/key", "k");
    file("a/x.log", "x");
    file("keep.log", "keep");
    file("node/other", "o");
    file("node/wanted", "w");
    build("FROM lesson\nCOPY . /all/\n");
    assertThat(run("built", "cd /all; find . -type f | sort"))
        .isEqualTo("./.dockerignore\n./Dockerfile\n./keep.log\n./node/wanted\n");
    assertThat(failure("FROM lesson\nCOPY  secret/key /\n"))
        .hasMessage("Dockerfile:2:7: \"secret/key\" is not there, or is left out by .dockerignore");
  }

  @Test
  void noLinkOfAContextLeadsOut() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "the host's");
    Files.createSymbolicLink(context.resolve("absolute"), outside.resolve("secret"));
    Files.createSymbolicLink(context.resolve("up"), Path.of("../outside"));
    file(outside.toString().substring(1) + "/secret", "the context's own");
    file("outside/secret", "its own");
    build("FROM lesson\nCOPY absolute /copied\nCOPY ../outside/secret up/secret /two/\n");
    assertThat(run("built", "cat /copied; ls /two; cat /two/secret"))
        .isEqualTo("the context's ownsecret\nits own");
  }

  @Test
  void noLinkOfAnImageLeadsOut() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    file("x", "x");
    build(
        """
        FROM lesson
        RUN ln -s %s /escape && ln -s ../../../../.. /up && ln -s usr /link
        COPY x /escape/
        COPY x /up%s/y
        COPY x /link/bin/z
        """
            .formatted(outside, outside));
    assertThat(outside).isEmptyDirectory();
    assertThat(run("built", "ls %s; cat /usr/bin/z; test -L /link".formatted(outside)))
        .isEqualTo("x\ny\nx");
  }

  @Test
  void aFolderIsNoFileAndAFileNoFolder() throws Exception {
    file("d/motd/x", "x");
    file("f", "f");
    assertThat(failure("FROM lesson\nCOPY d /etc\n"))
        .hasMessage(
            "Dockerfile:2:1: /etc/motd is no folder in the image, and a folder is to take its place");
    assertThat(failure("FROM lesson\nCOPY f /etc/motd/\n"))
        .hasMessageContaining("/etc/motd is no folder in the image, so nothing can be put into it");
  }

  @Test
  void addUnpacksArchivesOfTheContext() throws Exception {
    build(
        """
        FROM lesson
        RUN mkdir -p /t/d && echo x > /t/d/x && ln /t/d/x /t/d/same && ln -s x /t/d/link \\
            && chown 7:8 /t/d/x && tar -C /t -czf /t.tar.gz d
        """);
    store()
        .folders(store().image("built"))
        .forEach(layer -> {
          if (Files.exists(layer.resolve("t.tar.gz"))) {
            try {
              Files.copy(layer.resolve("t.tar.gz"), context.resolve("t.tar.gz"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    file("plain.txt", "no archive");
    build("FROM lesson\nADD t.tar.gz plain.txt /in/\nCOPY t.tar.gz /as-it-is\n");
    assertThat(
            run("built", "cd /in; ls; ls d; cat d/link; stat -c '%u %g %h' d/x; wc -c < /as-it-is"))
        .startsWith("d\nplain.txt\nlink\nsame\nx\nx\n7 8 2\n")
        .doesNotEndWith("\n0\n");
    assertThat(failure("FROM lesson\nADD https://example.org/x /x\n"))
        .hasMessage(
            "Dockerfile:2:5: nothing is fetched from a network here: put it into the context");
  }

  @Test
  void stagesGiveFilesToEachOtherAndOnlyTheNeededOnesAreBuilt() throws Exception {
    Image image =
        build(
            """
            ARG TAG=lesson
            FROM ${TAG} AS one
            RUN echo 1 > /one && chown 5 /one && ln -s one /link
            FROM one AS two
            RUN echo 2 > /two
            FROM lesson AS not-needed
            RUN false
            FROM scratch
            COPY --from=one /one /
            COPY --from=1 /two /link /
            COPY --from=lesson /etc/motd /motd
            """);
    assertThat(image.layers()).hasSize(3);
    ImageTree tree = ImageTree.of(store().entries(image));
    assertThat(tree.root().children())
        .extracting(ImageTree.Node::name)
        .containsExactly("link", "motd", "one", "two");
    assertThat(tree.find(RawPath.of("one")).orElseThrow().entry().uid()).isEqualTo(5);
    assertThat(told(Fact.BuildBegan.class).getFirst().stages()).containsExactly("one", "two", "3");

    Image first = build(Files.readString(context.resolve("Dockerfile")), r -> r.withTarget("one"));
    assertThat(first.layers()).hasSize(3);
    assertThat(Assertions.catchThrowable(() -> build("FROM lesson AS a\n", r -> r.withTarget("b"))))
        .hasMessage("stage \"b\": Dockerfile has none of that name; it has a");
  }

  @Test
  void settingsAreWhatTheImageSays() throws Exception {
    Image image =
        build(
            """
            FROM lesson
            ARG PORT=8080
            ENV A=1 B=$A
            ENV A=2 C=${A}x D=${NONE:-d}
            LABEL name="a b" port=$PORT
            EXPOSE $PORT 53/udp 1-2
            VOLUME /data /logs
            VOLUME ["/a b"]
            USER app
            STOPSIGNAL SIGINT
            CMD echo hi
            ENTRYPOINT ["/bin/sh", "-c"]
            CMD ["a", "b"]
            HEALTHCHECK --interval=1m --retries=3 CMD test -e /x
            ONBUILD RUN echo later
            MAINTAINER Some Body
            """);
    ImageConfig config = image.config();
    assertThat(config.env()).containsExactly("PATH=/bin:/usr/bin", "A=2", "B=", "C=1x", "D=d");
    assertThat(config.labels()).containsEntry("name", "a b").containsEntry("port", "8080");
    assertThat(config.raw("ExposedPorts"))
        .contains("{\"8080/tcp\":{},\"53/udp\":{},\"1/tcp\":{},\"2/tcp\":{}}");
    assertThat(config.volumes()).containsExactly("/data", "/logs", "/a b");
    assertThat(config.user()).isEqualTo("app");
    assertThat(config.entrypoint()).containsExactly("/bin/sh", "-c");
    assertThat(config.cmd()).containsExactly("a", "b");
    assertThat(config.raw("StopSignal")).contains("\"SIGINT\"");
    assertThat(config.raw("Healthcheck"))
        .contains(
            "{\"Test\":[\"CMD-SHELL\",\"test -e /x\"],\"Interval\":60000000000,\"Retries\":3}");
    assertThat(config.list("OnBuild")).containsExactly("RUN echo later");
    List<ImageConfig.Step> history = config.history();
    assertThat(history.subList(2, history.size())).allMatch(ImageConfig.Step::emptyLayer);
    assertThat(history.get(2))
        .extracting(ImageConfig.Step::createdBy, ImageConfig.Step::comment)
        .containsExactly("ARG PORT=8080", "Dockerfile:2");
    assertThat(history.get(6).createdBy()).isEqualTo("EXPOSE [8080/tcp 53/udp 1/tcp 2/tcp]");
  }

  @Test
  void anEntrypointEndsTheBaseImagesCommand() throws Exception {
    assertThat(build("FROM lesson\nENTRYPOINT [\"/bin/echo\"]\n").config().cmd()).isEmpty();
    assertThat(build("FROM lesson\nCMD a\nENTRYPOINT [\"/bin/echo\"]\n").config().cmd())
        .containsExactly("/bin/sh", "-c", "a");
  }

  @Test
  void onbuildIsCarriedOutOnceByWhoBuildsOnIt() throws Exception {
    file("x", "from the context");
    Image parent = build("FROM lesson\nONBUILD COPY x /x\nONBUILD RUN cat /x\n");
    assertThat(printed()).isEmpty();
    store().keep(Optional.of(parent), parent.config(), Optional.of("parent"));
    Image child = build("FROM parent\nRUN echo own\n");
    assertThat(printed()).isEqualTo("from the contextown\n");
    assertThat(child.config().list("OnBuild")).isEmpty();
    assertThat(told(Fact.InstructionBegan.class))
        .extracting(fact -> fact.step().number() + "/" + fact.step().total())
        .containsExactly("1/4", "2/4", "3/4", "4/4");
  }

  @Test
  void aVolumeKeepsWhatWasWrittenBefore() throws Exception {
    build("FROM lesson\nRUN mkdir /data && echo seed > /data/seed\nVOLUME /data\n");
    assertThat(run("built", "cat /data/seed")).isEqualTo("seed\n");
  }

  @Test
  void eachLineStandsBesideItsLayer() throws Exception {
    Image image =
        build(
            """
            FROM lesson
            ENV A=1
            RUN echo one \\
                > /one
            ARG V=2
            RUN echo $V > /two
            """);
    assertThat(image.layers().subList(2, 4))
        .extracting(Image.Layer::createdBy)
        .containsExactly(
            "RUN /bin/sh -c echo one     > /one", "RUN |1 V=2 /bin/sh -c echo $V > /two");
    assertThat(image.config().history().stream().filter(step -> !step.emptyLayer()).skip(2))
        .extracting(ImageConfig.Step::comment)
        .containsExactly("Dockerfile:3-4", "Dockerfile:6");
  }

  @Test
  void aFailureNamesLineAndStatusAndLeavesTheLayersSoFarUsable() throws Exception {
    assertThat(
            failure("FROM lesson\nRUN echo good > /good\n\nRUN echo oops >&2; exit 7\nRUN true\n"))
        .isInstanceOf(BuildException.class)
        .hasMessage("Dockerfile:4: RUN echo oops >&2; exit 7: exit status 7");
    Fact.InstructionFailed failed = told(Fact.InstructionFailed.class).getFirst();
    assertThat(failed.status()).contains(new ExitStatus.Exited(7));
    assertThat(printed()).isEqualTo("oops\n");
    assertThat(run(failed.usable().orElseThrow(), "cat /good")).isEqualTo("good\n");
    assertThat(store().references()).doesNotContain("built");
    assertThat(told(Fact.BuildEnded.class).getFirst().manifest()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    assertThat(failure("FROM nowhere:1\n"))
        .hasMessageStartingWith(
            "Dockerfile:1:6: image \"nowhere:1\": there is no such image; there is: ");
    assertThat(failure("FROM scratch\nRUN echo\n"))
        .hasMessage(
            "Dockerfile:2:1: there is nothing in the image yet that could run: COPY a program first");
    assertThat(failure("FROM lesson\nRUN [\"/no/such\"]\n")).hasMessageContaining("/no/such");
    assertThat(failure("FROM lesson\nUSER nobody-knows\nRUN id\n"))
        .hasMessageStartingWith("Dockerfile:3:1: user \"nobody-knows\"");
    assertThat(failure("FROM lesson\nCOPY --from=two /a /b\n"))
        .hasMessageStartingWith("Dockerfile:2:13: --from=two is no stage before this one");
    assertThat(failure("FROM --platform=plan9/mips lesson\n"))
        .hasMessageContaining("Dockerfile:1:17: platform plan9/mips: this host runs linux/");
    assertThat(failure("FROM lesson\nENV A=${B:?needed}\n"))
        .hasMessage("Dockerfile:2:7: B: needed");
    assertThat(failure("FROM lesson\nCOPY gone* /\n"))
        .hasMessage("Dockerfile:2:6: nothing fits \"gone*\"");
    assertThat(failure("FROM lesson\nEXPOSE http\n")).hasMessageContaining("\"http\" is no port");
  }

  @Test
  void aBuildIsCancelledInTheMiddleOfAnInstruction() throws Exception {
    Build build = engine.build(request("FROM lesson\nRUN echo begun; exec sleep 1000\n"));
    while (!printed().contains("begun")) {
      Thread.onSpinWait();
    }
    build.close();
    assertThat(Assertions.catchThrowable(() -> build.built().get(1, TimeUnit.SECONDS)))
        .isInstanceOfAny(CancellationException.class, ExecutionException.class);
    assertThat(store().references()).doesNotContain("built");
  }

  @Test
  void theSameInputAndTheSameEpochAreTheSameDigest() throws Exception {
    file("src/a", "a");
    String dockerfile =
        "FROM scratch\nLABEL a=b\nCOPY src /src\nCOPY <<F /f\nx\nF\nWORKDIR /w\nCMD [\"x\"]\n";
    Image first = build(dockerfile, request -> request.withEpoch(1_000_000_000).withCache(false));
    Files.setLastModifiedTime(context.resolve("src/a"), FileTime.fromMillis(1_700_000_000_000L));
    Image second = build(dockerfile, request -> request.withEpoch(1_000_000_000).withCache(false));
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(first.config().created()).isEqualTo("2001-09-09T01:46:40Z");
  }
}
