package dev.terrarium.engine.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrarium.engine.account.Accounts.UnknownNameException;
import dev.terrarium.engine.spec.Program.User;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  private final Accounts accounts =
      Accounts.of(
          """
          root:x:0:0:root:/root:/bin/sh
          # a remark, and a line that is none

          broken:x:many:0::/:
          ann:x:1000:100:Ann:/home/ann:/bin/sh
          1000:x:7:7:a name of digits:/:/bin/sh
          """,
          """
          root:x:0:
          users:x:100:
          wheel:x:10:root,ann
          audio:x:29:ann
          """);

  @ParameterizedTest
  @CsvSource({
    // a name brings its group and those of which it is a member
    "ann, 1000, 100, 10 29",
    // another group replaces all of them
    "ann:wheel, 1000, 10, ''",
    "ann:5, 1000, 5, ''",
    // a number that is somebody's is somebody
    "0, 0, 0, 10",
    // a number that is nobody's is taken as it is
    "4711, 4711, 0, ''",
    "4711:users, 4711, 100, ''",
    // a name is a name, even of digits
    "1000, 7, 7, ''"
  })
  void findsWhoIsMeant(String who, int uid, int gid, String groups) {
    assertThat(accounts.user(who))
        .isEqualTo(
            new User(
                uid,
                gid,
                Arrays.stream(groups.split(" "))
                    .filter(group -> !group.isEmpty())
                    .map(Integer::valueOf)
                    .toList()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"anna", "broken", "ann:whel", "-1", "4294967296", ":5", ""})
  void namesWhatItDoesNotFind(String who) {
    assertThatThrownBy(() -> accounts.user(who))
        .isInstanceOf(UnknownNameException.class)
        .hasMessageContaining("or a number");
  }

  @Test
  void withoutFilesNumbersAreAllThereIs() {
    assertThat(Accounts.NONE.user("5:6")).isEqualTo(new User(5, 6, java.util.List.of()));
    assertThatThrownBy(() -> Accounts.NONE.user("root")).hasMessageContaining("/etc/passwd");
  }
}
