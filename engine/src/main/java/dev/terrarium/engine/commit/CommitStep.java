package dev.terrarium.engine.commit;

import dev.terrarium.engine.cgroup.Cgroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One act of a commit, for whoever watches: what it does, and what a person would type to do the
 * same. See {@link Committing}, which performs them.
 */
public sealed interface CommitStep {

  /** Nobody writes while the layer is read. */
  record FreezeContainer(Cgroup cgroup) implements CommitStep {
    @Override
    public String sentence() {
      return "Freezes the container, so that nobody writes while its layer is read.";
    }

    @Override
    public String byHand() {
      return cgroup.freeze(true).byHand();
    }
  }

  /** The writable layer becomes an archive, and the archive two digests. */
  record PackWritableLayer(Path upper, List<String> leftOut) implements CommitStep {
    public PackWritableLayer {
      leftOut = List.copyOf(leftOut);
    }

    @Override
    public String sentence() {
      String rest =
          leftOut.isEmpty() ? "" : "; " + String.join(", ", leftOut) + " are the engine's and stay";
      return "Packs what the container wrote, and that alone, as a layer: a device 0:0 becomes .wh.NAME, an opaque folder .wh..wh..opq"
          + rest
          + ".";
    }

    @Override
    public String byHand() {
      return "tar -C %s --numeric-owner --xattrs -c . | gzip > layer.tar.gz && zcat layer.tar.gz | sha256sum"
          .formatted(upper);
    }
  }

  /** The same layers as before and one more; what is to run, and how it came about. */
  record WriteConfiguration(String base, List<String> changes) implements CommitStep {
    public WriteConfiguration {
      changes = List.copyOf(changes);
    }

    @Override
    public String sentence() {
      String changed = changes.isEmpty() ? "" : ", with " + String.join("; ", changes);
      return "Writes a configuration and a manifest: all layers of %s, and this one on top%s."
          .formatted(base, changed);
    }

    @Override
    public String byHand() {
      return "jq '.rootfs.diff_ids += [\"sha256:...\"]' config.json > new.json && sha256sum new.json";
    }
  }

  /** Whoever asks for that name gets the new image from now on. */
  record NameImage(String reference) implements CommitStep {
    @Override
    public String sentence() {
      return "Gives the manifest the name %s.".formatted(reference);
    }

    @Override
    public String byHand() {
      return "umoci tag --image layout:DIGEST " + reference;
    }
  }

  /** And it goes on. */
  record ThawContainer(Cgroup cgroup) implements CommitStep {
    @Override
    public String sentence() {
      return "Lets the container go on.";
    }

    @Override
    public String byHand() {
      return cgroup.freeze(false).byHand();
    }
  }

  /** What it does and why, in one English sentence. */
  String sentence();

  /** What a person would type. */
  String byHand();

  /** Its stable name: the record's, in lower case with dashes, such as {@code name-image}. */
  default String id() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
