FROM lesson
COPY --from a b
