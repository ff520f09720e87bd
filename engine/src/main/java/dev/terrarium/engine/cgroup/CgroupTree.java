package dev.terrarium.engine.cgroup;

import dev.terrarium.engine.spec.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cgroup and those below it at an instant. Read on demand: nobody pays for it who does not look.
 *
 * @param path below what was delegated
 * @param folders in each hierarchy that has it
 * @param limits its own; those above it hold as well
 * @param usage of those below it included
 * @param pids its own members, on the host, ascending
 * @param children by name
 */
public record CgroupTree(
    String path,
    List<Path> folders,
    Limits limits,
    CgroupUsage usage,
    List<Integer> pids,
    List<CgroupTree> children) {

  public CgroupTree {
    folders = List.copyOf(folders);
    pids = List.copyOf(pids);
    children = List.copyOf(children);
  }

  /** Reads that cgroup; one that is gone has neither folders nor members. */
  public static CgroupTree read(Driver driver, String cgroup) {
    List<Path> folders = driver.folders(cgroup).stream().filter(Files::isDirectory).toList();
    Set<Integer> pids = new TreeSet<>();
    Set<String> below = new TreeSet<>();
    for (Path folder : folders) {
      pids.addAll(CgroupFolder.members(folder));
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
        entries.forEach(child -> below.add(child.getFileName().toString()));
      } catch (IOException e) {
        // Gone meanwhile.
      }
    }
    List<CgroupTree> children = new ArrayList<>();
    for (String name : below) {
      children.add(read(driver, cgroup.isEmpty() ? name : cgroup + "/" + name));
    }
    return new CgroupTree(
        cgroup, folders, driver.limits(cgroup), driver.usage(cgroup), List.copyOf(pids), children);
  }
}
