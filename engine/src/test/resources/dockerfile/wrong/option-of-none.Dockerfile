FROM lesson
USER --x app
