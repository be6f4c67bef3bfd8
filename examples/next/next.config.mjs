/** @type {import('next').NextConfig} */
const config = {
  // These packages start a worker thread from their own file, which bundling would move.
  serverExternalPackages: ['spanledger', '@opentelemetry/sdk-node', '@ai-sdk/otel'],
}

export default config
