package dev.terrarium.engine.step;

import dev.terrarium.engine.host.Resolver;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import java.nio.file.Path;
import java.util.Optional;

/** The layers that a container adds to those of its image. */
public sealed interface LayerStep extends FileStep {

  /** An empty layer to write into, on the disk, and overlayfs' work folder beside it. */
  record MakeWritableLayer(Path upper, Path work) implements LayerStep {
    @Override
    public void perform(StepContext context) {
      context.makeFolder(upper);
      context.makeFolder(work);
    }

    @Override
    public String sentence() {
      return "Makes an empty layer, into which all changes will be written.";
    }

    @Override
    public String byHand() {
      return "mkdir " + upper + " " + work;
    }

    @Override
    public String undoByHand() {
      return "rm -r " + upper + " " + work;
    }
  }

  /**
   * The same in a tmpfs of limited size, which only the container's mount namespace has: a disk
   * filler gets ENOSPC, and what it wrote ends with it.
   *
   * @param folder where the tmpfs is mounted
   * @param bytes the most that it holds; the kernel rounds up to whole pages. Source: tmpfs(5)
   */
  record LimitWritableLayer(Path folder, long bytes) implements LayerStep {
    public Path upper() {
      return folder.resolve("upper");
    }

    public Path work() {
      return folder.resolve("work");
    }

    @Override
    public void perform(StepContext context) {
      context.makeFolder(folder);
      context.make(
          Calls.mount(
              "tmpfs", folder.toString(), "tmpfs", Calls.MS_NOSUID | Calls.MS_NODEV, data()));
      context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, upper().toString(), 0755));
      context.make(FileCalls.mkdirat(FileCalls.AT_FDCWD, work().toString(), 0755));
    }

    @Override
    public String sentence() {
      return "Makes an empty layer in memory that holds %d bytes and not one more."
          .formatted(bytes);
    }

    @Override
    public String byHand() {
      return "mkdir %s && mount -t tmpfs tmpfs -o nosuid,nodev,%s %s && mkdir %s %s"
          .formatted(folder, data(), folder, upper(), work());
    }

    private String data() {
      return "size=" + bytes + ",mode=755";
    }
  }

  /**
   * A read-only layer on top of the image's, with what no image can know: the container's name, the
   * names of hosts, where to ask for others; and the folders over which {@code /dev}, {@code /proc}
   * and {@code /sys} are mounted, so that no link of the image stands in their place.
   *
   * @param address what the container's name stands for
   * @param ownNet whether the container is not in the host's net namespace, and so does not reach
   *     what listens on the host's loopback
   */
  record MakeInitLayer(Path folder, Optional<String> hostname, String address, boolean ownNet)
      implements LayerStep {
    @Override
    public void perform(StepContext context) {
      context.makeFolder(folder);
      for (String name : new String[] {"dev", "proc", "sys", "etc"}) {
        context.makeFolder(folder.resolve(name));
      }
      Path etc = folder.resolve("etc");
      hostname.ifPresent(name -> context.makeFile(etc.resolve("hostname"), name + "\n"));
      context.makeFile(etc.resolve("hosts"), hosts());
      context.makeFile(etc.resolve("resolv.conf"), Resolver.configuration(ownNet));
    }

    /** Source: hosts(5). */
    private String hosts() {
      String known =
          """
          127.0.0.1\tlocalhost
          ::1\tlocalhost ip6-localhost ip6-loopback
          """;
      return known + hostname.map(name -> address + "\t" + name + "\n").orElse("");
    }

    @Override
    public String sentence() {
      return "Makes a layer with what no image can know: /etc/hostname, /etc/hosts, /etc/resolv.conf.";
    }

    @Override
    public String byHand() {
      String names =
          hostname.map(name -> "; echo %s > %s/etc/hostname".formatted(name, folder)).orElse("");
      return "mkdir -p %s/dev %s/proc %s/sys %s/etc%s; cp /etc/resolv.conf %s/etc"
          .formatted(folder, folder, folder, folder, names, folder);
    }

    @Override
    public String undoByHand() {
      return "rm -r " + folder;
    }
  }
}
