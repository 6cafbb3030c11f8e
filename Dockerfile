# The program in a container, from a static binary that has been built already: image/ARCH/tomcat-sessions, where
# ARCH is amd64 or arm64 (packaging/README.md says how).
#
# The base has certificate authorities, time zones, /tmp and an account without privileges, but no shell.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETARCH
COPY image/${TARGETARCH}/tomcat-sessions /usr/bin/tomcat-sessions
USER 65532:65532
WORKDIR /home/nonroot
ENTRYPOINT ["/usr/bin/tomcat-sessions"]
CMD ["help"]
