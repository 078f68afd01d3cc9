# syntax=docker/dockerfile:1

# Both bases are given with their digests when an image is released (.github/workflows/release.yml), and the last one's stands in
# the label org.opencontainers.image.base.digest.
ARG BUILD_BASE=node:24-trixie-slim
ARG RUN_BASE=gcr.io/distroless/nodejs24-debian13:nonroot

# What is built is the same on every platform, so it is built on the builder's own.
FROM --platform=$BUILDPLATFORM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json rolldown.config.ts ./
COPY src src
RUN npx rolldown -c
# What `pullgate --version` says of where it comes from.
ARG REVISION=
RUN test -z "$REVISION" || echo "$REVISION" > dist/commit

# Node and what it is linked with: no shell, no package manager.
FROM ${RUN_BASE}
ARG VERSION=0.0.0
ARG REVISION=
ARG RUN_BASE_DIGEST=
LABEL org.opencontainers.image.title="Pullgate" \
      org.opencontainers.image.description="Says before the node does that an image cannot be pulled." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.digest="${RUN_BASE_DIGEST}"
WORKDIR /app
COPY package.json LICENSE ./
COPY docs/verdicts docs/verdicts
COPY --from=build /app/dist dist
# The heap grows to half of the container's memory; the rest is for buffers, TLS and the programs of credential providers.
ENV NODE_ENV=production NODE_OPTIONS="--max-old-space-size-percentage=50 --max-semi-space-size=4"
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.js"]
CMD ["--help"]
