ARG A
RUN true
FROM lesson
