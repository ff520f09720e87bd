FROM lesson
RUN a \
  <<EOF
echo
