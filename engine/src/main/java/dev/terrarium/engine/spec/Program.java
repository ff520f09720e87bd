package dev.terrarium.engine.spec;

import java.util.List;

/**
 * What a container runs.
 *
 * @param argv the program and its arguments; the program is looked up inside the new root
 * @param env its whole environment, {@code KEY=VALUE}
 * @param workdir where it starts, absolute, inside the new root
 * @param user who it is, inside
 */
public record Program(List<String> argv, List<String> env, String workdir, User user) {

  /**
   * Numbers as seen inside.
   *
   * @param groups the supplementary ones
   */
  public record User(int uid, int gid, List<Integer> groups) {
    public static final User ROOT = new User(0, 0, List.of());

    public User {
      groups = List.copyOf(groups);
    }
  }

  public Program {
    argv = List.copyOf(argv);
    env = List.copyOf(env);
  }

  /** As root, at {@code /}, with an empty environment. */
  public static Program of(List<String> argv) {
    return new Program(argv, List.of(), "/", User.ROOT);
  }
}
