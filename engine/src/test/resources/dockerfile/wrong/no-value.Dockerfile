FROM lesson
ENV A
