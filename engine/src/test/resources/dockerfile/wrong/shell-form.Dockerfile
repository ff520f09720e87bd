FROM lesson
SHELL /bin/sh -c
