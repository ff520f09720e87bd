package dev.terrarium.engine.account;

import dev.terrarium.engine.spec.Program.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The users and groups that a container's own {@code /etc/passwd} and {@code /etc/group} know.
 * Pure: from the text of the files. Lines that are none are passed over. Source: passwd(5),
 * group(5).
 */
public final class Accounts {
  /** Nobody has a name. */
  public static final Accounts NONE = of("", "");

  /**
   * A line of passwd.
   *
   * @param home where the user's files are; may be empty
   */
  public record Account(String name, int uid, int gid, String home) {}

  /**
   * A line of group.
   *
   * @param members by name, beside those whose first group it is
   */
  public record Group(String name, int gid, List<String> members) {}

  private final List<Account> accounts = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  private Accounts() {}

  /**
   * Reads the two files.
   *
   * @param passwd what is in {@code /etc/passwd}
   * @param group what is in {@code /etc/group}
   */
  public static Accounts of(String passwd, String group) {
    Accounts known = new Accounts();
    passwd.lines().map(line -> line.split(":", -1)).forEach(known::account);
    group.lines().map(line -> line.split(":", -1)).forEach(known::group);
    return known;
  }

  private void account(String[] fields) {
    if (fields.length < 6 || fields[0].isEmpty()) {
      return;
    }
    OptionalInt uid = number(fields[2]);
    OptionalInt gid = number(fields[3]);
    if (uid.isPresent() && gid.isPresent()) {
      accounts.add(new Account(fields[0], uid.getAsInt(), gid.getAsInt(), fields[5]));
    }
  }

  private void group(String[] fields) {
    if (fields.length < 4 || fields[0].isEmpty()) {
      return;
    }
    number(fields[2])
        .ifPresent(gid ->
            groups.add(
                new Group(
                    fields[0],
                    gid,
                    Arrays.stream(fields[3].split(",")).filter(name -> !name.isEmpty()).toList())));
  }

  private static OptionalInt number(String text) {
    return text.matches("\\d{1,9}|1\\d{9}|20\\d{8}|21[0-3]\\d{7}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  /** The names of all users. */
  public Collection<String> names() {
    return accounts.stream().map(Account::name).toList();
  }

  /** The names of all groups. */
  public Collection<String> groupNames() {
    return groups.stream().map(Group::name).toList();
  }

  /** Whoever has that number. */
  public Optional<Account> account(int uid) {
    return accounts.stream().filter(account -> account.uid() == uid).findFirst();
  }

  /**
   * Who is meant. A number that has no line is taken as it is, with group 0; without a group, the
   * user's own counts, and so do the groups of which the user is a member.
   *
   * @param who {@code USER[:GROUP]}, each a name or a number
   * @throws UnknownNameException if there is no such name
   */
  public User user(String who) {
    int colon = who.indexOf(':');
    String user = colon < 0 ? who : who.substring(0, colon);
    String group = colon < 0 ? "" : who.substring(colon + 1);
    Optional<Account> account = named(user);
    int uid =
        account
            .map(Account::uid)
            .or(() -> number(user).stream().boxed().findFirst())
            .orElseThrow(() -> new UnknownNameException("user", user, names()));
    if (!group.isEmpty()) {
      return new User(uid, gid(group), List.of());
    }
    List<Integer> others =
        account.stream()
            .flatMap(owner ->
                groups.stream()
                    .filter(each -> each.members().contains(owner.name()))
                    .map(Group::gid))
            .distinct()
            .toList();
    return new User(uid, account.map(Account::gid).orElse(0), others);
  }

  private Optional<Account> named(String user) {
    return accounts.stream()
        .filter(account -> account.name().equals(user))
        .findFirst()
        .or(() -> number(user).stream().boxed().findFirst().flatMap(this::account));
  }

  private int gid(String group) {
    return groups.stream()
        .filter(each -> each.name().equals(group))
        .map(Group::gid)
        .findFirst()
        .or(() -> number(group).stream().boxed().findFirst())
        .orElseThrow(() -> new UnknownNameException("group", group, groupNames()));
  }

  /** A name that stands in neither file. */
  public static final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final transient Collection<String> known;

    private UnknownNameException(String kind, String name, Collection<String> known) {
      super(
          "%s \"%s\": the container's /etc/%s has no such name; use one of its names, or a number"
              .formatted(kind, name, kind.equals("user") ? "passwd" : "group"));
      this.name = name;
      this.known = List.copyOf(known);
    }

    /** The one that was asked for. */
    public String name() {
      return name;
    }

    /** Those that there are. */
    public Collection<String> known() {
      return known;
    }
  }
}
