# The server: `docker build -t spanledger:local .`; it adds less than 60 MB to its Node image.

FROM node:24-bookworm-slim AS source
WORKDIR /source
COPY . .
RUN npm ci --no-audit --no-fund --loglevel=error

FROM source AS built
RUN npm run build:packages && npm run pack
WORKDIR /app
# The driver of Postgres is the application's to bring; here we are the application.
RUN npm init --yes >/dev/null \
  && npm install --omit=dev --omit=peer --no-audit --no-fund --loglevel=error /source/artifacts/*.tgz pg@8.23.1 \
  && rm -rf package*.json node_modules/.package-lock.json

# An application that makes AI calls against the local provider server of the tests: `docker compose --profile demo up`.
FROM source AS demo
USER node
ENV SPANLEDGER_DATABASE=file:/tmp/demo.db
CMD ["npm", "run", "--silent", "demo"]

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
