# The server: `docker build -t spanledger:local .`; it adds less than 60 MB to its Node image.

# Only the files that `npm ci` reads, so that it runs again only if one of them changes.
FROM node:24-bookworm-slim AS manifests
WORKDIR /source
COPY . .
RUN find . -type f ! -name 'package*.json' ! -name .npmrc -delete && find . -type d -empty -delete

FROM node:24-bookworm-slim AS source
WORKDIR /source
COPY --from=manifests /source .
RUN npm ci --no-audit --no-fund --loglevel=error --no-update-notifier
COPY . .

FROM source AS built
RUN npm run build:packages && npm run pack
WORKDIR /app
# Applications bring their own Postgres driver; this image is the application.
RUN npm init --yes >/dev/null \
  && npm install --omit=dev --no-audit --no-fund --loglevel=error --no-update-notifier /source/artifacts/*.tgz pg@8.23.1 \
  && rm -rf package*.json node_modules/.package-lock.json

# An application that makes AI calls against the local provider server of the tests: `docker compose --profile demo up`.
FROM source AS demo
USER node
# It writes its file to its working directory; everything else is read-only.
WORKDIR /tmp
CMD ["node", "--conditions=@spanledger/source", "--disable-warning=ExperimentalWarning", "/source/examples/demo/demo.ts"]

FROM node:24-bookworm-slim
COPY --from=built /app /app
ENV NODE_ENV=production
USER node
WORKDIR /tmp
EXPOSE 4319
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4319/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/node_modules/spanledger/bin/spanledger.js"]
CMD ["serve", "--host", "0.0.0.0"]
