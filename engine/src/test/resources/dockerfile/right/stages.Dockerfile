# syntax=docker/dockerfile:1

# A comment.
ARG BASE=lesson
FROM --platform=$BUILDPLATFORM ${BASE} AS Build
  run echo indented && \
      # a comment inside
      echo more \

      --and-more   
COPY --from=build --chown=1:2 --chmod=0755 --link a b* /target/
copy ["with blank", "/to"]

FROM scratch
ADD --exclude=*.md --exclude=docs . /
