FROM lesson
RUN <<EOF
echo one
# no comment, but the shell's
echo $two
EOF
RUN cat <<-"END" > /x && cat <<TWO > /y
	tab
	END
second
TWO
COPY <<a.txt <<'b.txt' plain /to/
in a: $NAME
a.txt
in b: $NAME
b.txt
RUN echo "<<quoted" '<<EOF'
RUN ["echo", "<<EOF"]
