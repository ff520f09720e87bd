FROM lesson
HEALTHCHECK --interval=5 CMD true
