FROM lesson
COPY --chown=1 a
