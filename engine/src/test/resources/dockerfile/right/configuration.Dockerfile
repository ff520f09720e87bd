FROM lesson
ENV A=1 B="two words" C=three\ words D='$A'
ENV OLD form of it
LABEL a=b "c d"="e f" \
      g=h
ARG VERSION HOST=localhost
WORKDIR /srv/with blank
USER app:staff
EXPOSE 80 53/udp 8000-8010
VOLUME /data /logs
VOLUME ["/a b"]
CMD ["echo", "hi"]
CMD echo hi
CMD ['single']
ENTRYPOINT [ "/bin/sh" , "-c" ]
SHELL ["/bin/ash", "-e", "-c"]
HEALTHCHECK --interval=1m30s --timeout=3s --start-period=500ms --retries=5 CMD wget -q localhost
HEALTHCHECK NONE
STOPSIGNAL SIGINT
ONBUILD RUN echo later
MAINTAINER Some Body <a@b.example>
