package dev.terrarium.engine.journal;

import dev.terrarium.engine.host.HostProgram;
import dev.terrarium.engine.host.Rights;
import dev.terrarium.engine.host.SubordinateIds;
import dev.terrarium.engine.observe.IdMapping;
import dev.terrarium.engine.observe.NamespaceType;
import dev.terrarium.engine.stub.Stub;
import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Calls;
import dev.terrarium.engine.syscall.FileCalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the users of a container without root's rights have made: on the host it belongs to ids that
 * are lent to whoever runs the engine, and he may not remove what is in their folders. In a user
 * namespace with the same map he is root of both. Source: subuid(5), user_namespaces(7).
 */
final class LentFolders {
  private static final int OWNER_ALL = 0700;

  private final Stub insider;
  private final int self;

  private LentFolders(Stub insider, int self) {
    this.insider = insider;
    this.self = self;
  }

  /**
   * Makes all folders of the tree the engine's own, and opens them for it; files go with their
   * folders.
   *
   * @return false if no ids are lent to him, so that none of it can be theirs
   */
  static boolean takeBack(StateFolder state, Path tree) throws IOException {
    Rights rights = Rights.current();
    SubordinateIds lent;
    try {
      lent = SubordinateIds.find(rights);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (!lent.helped()) {
      return false;
    }
    Arch arch = Arch.host();
    try (Stub stub = Stub.start(state.stub(arch), arch, made -> {})) {
      int insider = stub.cloneChild(NamespaceType.USER.cloneFlag(), child -> Optional.empty());
      stub.make(Calls.prctlPdeathsig(Calls.SIGKILL));
      HostProgram.run(command("newuidmap", insider, lent.uids()));
      HostProgram.run(command("newgidmap", insider, lent.gids()));
      new LentFolders(stub, rights.uid()).takeBack(tree);
      stub.unwind();
    }
    return true;
  }

  private static List<String> command(String program, int pid, List<IdMapping> map) {
    List<String> command = new ArrayList<>(List.of(program, Integer.toString(pid)));
    for (IdMapping line : map) {
      command.add(Long.toString(line.inside()));
      command.add(Long.toString(line.outside()));
      command.add(Long.toString(line.count()));
    }
    return command;
  }

  private void takeBack(Path folder) throws IOException {
    if (!Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(self)) {
      insider.make(FileCalls.fchownat(folder.toString(), 0, 0));
      insider.make(FileCalls.fchmodat(folder.toString(), OWNER_ALL));
    } else if (!Files.isReadable(folder)) {
      insider.make(FileCalls.fchmodat(folder.toString(), OWNER_ALL));
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          takeBack(entry);
        }
      }
    }
  }
}
