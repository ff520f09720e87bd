FROM lesson
ENV A=b \
    c
