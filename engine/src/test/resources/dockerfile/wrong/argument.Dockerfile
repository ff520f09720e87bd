FROM lesson
ARG 1A=x
