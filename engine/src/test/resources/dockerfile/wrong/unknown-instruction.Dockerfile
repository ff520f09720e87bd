FROM lesson
COPPY a b
