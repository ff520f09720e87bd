package dev.terrarium.engine.syscall;

import java.util.ArrayList;
import java.util.List;

/** The flag words of system calls, by the names of the C headers. */
enum Bits {
  CLONE {
    @Override
    String[] table() {
      return new String[] {
        "80 CLONE_NEWTIME",
        "4000 CLONE_VFORK",
        "20000 CLONE_NEWNS",
        "2000000 CLONE_NEWCGROUP",
        "4000000 CLONE_NEWUTS",
        "8000000 CLONE_NEWIPC",
        "10000000 CLONE_NEWUSER",
        "20000000 CLONE_NEWPID",
        "40000000 CLONE_NEWNET",
      };
    }
  },
  MOUNT {
    @Override
    String[] table() {
      return new String[] {
        "1 MS_RDONLY",
        "2 MS_NOSUID",
        "4 MS_NODEV",
        "8 MS_NOEXEC",
        "20 MS_REMOUNT",
        "1000 MS_BIND",
        "4000 MS_REC",
        "40000 MS_PRIVATE",
        "80000 MS_SLAVE",
        "100000 MS_SHARED",
      };
    }
  },
  UMOUNT {
    @Override
    String[] table() {
      return new String[] {"1 MNT_FORCE", "2 MNT_DETACH", "4 MNT_EXPIRE", "8 UMOUNT_NOFOLLOW"};
    }
  },
  OPEN {
    @Override
    String[] table() {
      return new String[] {
        "1 O_WRONLY", "2 O_RDWR", "100 O_NOCTTY", "80000 O_CLOEXEC", "200000 O_PATH"
      };
    }
  },
  AT {
    @Override
    String[] table() {
      return new String[] {"1000 AT_EMPTY_PATH", "8000 AT_RECURSIVE"};
    }
  },
  RESOLVE {
    @Override
    String[] table() {
      return new String[] {"10 RESOLVE_IN_ROOT"};
    }
  },
  OPEN_TREE {
    @Override
    String[] table() {
      return new String[] {"1 OPEN_TREE_CLONE", "8000 AT_RECURSIVE", "80000 OPEN_TREE_CLOEXEC"};
    }
  },
  MOVE_MOUNT {
    @Override
    String[] table() {
      return new String[] {"4 MOVE_MOUNT_F_EMPTY_PATH", "40 MOVE_MOUNT_T_EMPTY_PATH"};
    }
  },
  MOUNT_ATTR {
    @Override
    String[] table() {
      return new String[] {
        "1 MOUNT_ATTR_RDONLY", "2 MOUNT_ATTR_NOSUID", "4 MOUNT_ATTR_NODEV", "8 MOUNT_ATTR_NOEXEC",
      };
    }
  },
  SECCOMP_FLAGS {
    @Override
    String[] table() {
      return new String[] {
        "8 SECCOMP_FILTER_FLAG_NEW_LISTENER", "20 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
      };
    }
  };

  abstract String[] table();

  /** The word as an operand that shows its names; {@code zero} is shown for an empty word. */
  Operand of(long word) {
    List<String> names = new ArrayList<>();
    long rest = word;
    for (String line : table()) {
      int blank = line.indexOf(' ');
      long bit = Long.parseLong(line.substring(0, blank), 16);
      if ((word & bit) == bit) {
        names.add(line.substring(blank + 1));
        rest &= ~bit;
      }
    }
    if (this == OPEN && (word & 3) == 0) {
      names.addFirst("O_RDONLY");
    }
    if (this == CLONE && rest == Calls.SIGCHLD) {
      names.add("SIGCHLD");
      rest = 0;
    }
    if (rest != 0) {
      names.add("0x" + Long.toHexString(rest));
    }
    return Operand.flags(word, names);
  }
}
