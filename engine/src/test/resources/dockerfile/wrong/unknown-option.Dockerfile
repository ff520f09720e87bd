FROM lesson
RUN true
COPY --form=x a b
