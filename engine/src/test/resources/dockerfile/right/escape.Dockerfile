# escape=`
FROM lesson
RUN echo C:\ `
  second ``
ENV A=b` c
