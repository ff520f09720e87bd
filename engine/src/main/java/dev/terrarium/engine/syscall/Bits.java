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
        "100 CLONE_VM",
        "200 CLONE_FS",
        "400 CLONE_FILES",
        "800 CLONE_SIGHAND",
        "4000 CLONE_VFORK",
        "8000 CLONE_PARENT",
        "10000 CLONE_THREAD",
        "20000 CLONE_NEWNS",
        "80000 CLONE_SETTLS",
        "100000 CLONE_PARENT_SETTID",
        "200000 CLONE_CHILD_CLEARTID",
        "1000000 CLONE_CHILD_SETTID",
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
        "10 MS_SYNCHRONOUS",
        "20 MS_REMOUNT",
        "400 MS_NOATIME",
        "1000 MS_BIND",
        "2000 MS_MOVE",
        "4000 MS_REC",
        "8000 MS_SILENT",
        "20000 MS_UNBINDABLE",
        "40000 MS_PRIVATE",
        "80000 MS_SLAVE",
        "100000 MS_SHARED",
        "200000 MS_RELATIME",
        "1000000 MS_STRICTATIME",
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
      // Four of them have other bits on each architecture: asm/fcntl.h.
      boolean arm = Arch.host() == Arch.AARCH64;
      return new String[] {
        "1 O_WRONLY",
        "2 O_RDWR",
        "40 O_CREAT",
        "80 O_EXCL",
        "100 O_NOCTTY",
        "200 O_TRUNC",
        "400 O_APPEND",
        "800 O_NONBLOCK",
        arm ? "4000 O_DIRECTORY" : "10000 O_DIRECTORY",
        arm ? "8000 O_NOFOLLOW" : "20000 O_NOFOLLOW",
        arm ? "10000 O_DIRECT" : "4000 O_DIRECT",
        arm ? "20000 O_LARGEFILE" : "8000 O_LARGEFILE",
        "80000 O_CLOEXEC",
        "200000 O_PATH",
        "400000 O_TMPFILE",
      };
    }
  },
  AT {
    @Override
    String[] table() {
      return new String[] {
        "100 AT_SYMLINK_NOFOLLOW",
        "400 AT_SYMLINK_FOLLOW",
        "1000 AT_EMPTY_PATH",
        "8000 AT_RECURSIVE"
      };
    }
  },
  UNLINK {
    @Override
    String[] table() {
      return new String[] {"200 AT_REMOVEDIR"};
    }
  },
  RENAME {
    @Override
    String[] table() {
      return new String[] {"1 RENAME_NOREPLACE", "2 RENAME_EXCHANGE", "4 RENAME_WHITEOUT"};
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
