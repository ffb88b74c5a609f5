# MiniPlane as an OCI image. Both base images are arguments, so that a site can build from what it trusts:
#   docker build -t miniplane .
#   buildah build --build-arg BUILD=localhost/sdk --build-arg BASE=localhost/base -t miniplane .
ARG BUILD=mcr.microsoft.com/dotnet/sdk:10.0
ARG BASE=mcr.microsoft.com/dotnet/runtime-deps:10.0

FROM ${BUILD} AS build
WORKDIR /source
COPY . .
RUN RELEASE=1 container/publish.sh && mv artifacts/publish/linux-* /published

FROM ${BASE}
LABEL org.opencontainers.image.title="MiniPlane" \
      org.opencontainers.image.description="A private Kubernetes cluster on top of a Slurm account"
COPY --from=build /published/ /opt/miniplane/
ENV PATH=/opt/miniplane:$PATH MINIPLANE_HOME=/data
VOLUME /data
EXPOSE 6443
USER 1000:1000
ENTRYPOINT ["/opt/miniplane/miniplane"]
CMD ["up", "--backend", "local"]
