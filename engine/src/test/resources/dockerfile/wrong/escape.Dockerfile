# escape=x
FROM lesson
