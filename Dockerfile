# MiniPlane as an OCI image. Every image it stands on is an argument, so that a site can build from what it trusts:
#
#   docker build -t miniplane .
#   buildah build --format docker --isolation chroot -t miniplane --build-arg PUBLISHED=artifacts/publish/linux-x64 \
#     --build-arg BUILD=localhost/base --build-arg BASE=localhost/base --build-arg COREDNS=localhost/base .
#
# The second builds without a network: container/oci.sh makes localhost/base and calls it. PUBLISHED takes programs that
# container/publish.sh made before; without it they are made here. An image in COREDNS that has no /coredns leaves it out: then
# MiniPlane's own DNS does everything.
ARG BUILD=mcr.microsoft.com/dotnet/sdk:10.0
ARG BASE=mcr.microsoft.com/dotnet/runtime-deps:10.0
ARG COREDNS=docker.io/coredns/coredns:1.12.4

FROM ${COREDNS} AS coredns

FROM ${BUILD} AS build
ARG PUBLISHED=
WORKDIR /source
COPY . .
RUN --mount=type=bind,from=coredns,source=/,target=/from-coredns \
    set -eu; mkdir -p /out/opt/miniplane /out/data; \
    if [ -n "$PUBLISHED" ]; then cp "$PUBLISHED"/* /out/opt/miniplane/; \
    else RELEASE=1 container/publish.sh; cp artifacts/publish/linux-*/* /out/opt/miniplane/; fi; \
    if [ -f /from-coredns/coredns ]; then cp /from-coredns/coredns /out/opt/miniplane/; fi; \
    chmod 755 /out/opt/miniplane/*; chown 1000:1000 /out/data; chmod 700 /out/data

FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="MiniPlane" \
      org.opencontainers.image.description="A private Kubernetes cluster on top of a Slurm account" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/ /
ENV PATH=/opt/miniplane:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/data MINIPLANE_HOME=/data DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 6443
USER 1000:1000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/opt/miniplane/miniplane", "status"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/miniplane/miniplane"]
CMD ["up"]
