package dev.terrarium.engine.build;

import dev.terrarium.engine.spec.Network;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be built.
 *
 * @param name of this build among the facts; letters, digits, dash
 * @param context the folder from which COPY takes its files
 * @param file the Dockerfile
 * @param reference what the image is to be called; empty for none
 * @param target the stage that is wanted; empty for the last one
 * @param arguments for ARG, by name
 * @param cache whether what was built before may be taken again
 * @param network what the containers of RUN are wired to
 * @param epoch the time that everything new is said to be of, and that no copied file is newer
 *     than, in seconds since 1970; empty for now. Source: reproducible-builds.org,
 *     SOURCE_DATE_EPOCH
 */
public record BuildRequest(
    String name,
    Path context,
    Path file,
    Optional<String> reference,
    Optional<String> target,
    Map<String, String> arguments,
    boolean cache,
    Network network,
    OptionalLong epoch) {

  public BuildRequest {
    arguments = Map.copyOf(arguments);
  }

  /** The Dockerfile of a folder, all of it, with loopback and nothing else as network. */
  public static BuildRequest of(String name, Path context, Optional<String> reference) {
    return new BuildRequest(
        name,
        context,
        context.resolve("Dockerfile"),
        reference,
        Optional.empty(),
        Map.of(),
        true,
        new Network.Loopback(),
        OptionalLong.empty());
  }

  public BuildRequest withFile(Path other) {
    return new BuildRequest(
        name, context, other, reference, target, arguments, cache, network, epoch);
  }

  public BuildRequest withTarget(String stage) {
    return new BuildRequest(
        name, context, file, reference, Optional.of(stage), arguments, cache, network, epoch);
  }

  public BuildRequest withArguments(Map<String, String> others) {
    return new BuildRequest(name, context, file, reference, target, others, cache, network, epoch);
  }

  public BuildRequest withCache(boolean wanted) {
    return new BuildRequest(
        name, context, file, reference, target, arguments, wanted, network, epoch);
  }

  public BuildRequest withNetwork(Network other) {
    return new BuildRequest(name, context, file, reference, target, arguments, cache, other, epoch);
  }

  public BuildRequest withEpoch(long seconds) {
    return new BuildRequest(
        name,
        context,
        file,
        reference,
        target,
        arguments,
        cache,
        network,
        OptionalLong.of(seconds));
  }
}
