/** @type {import('next').NextConfig} */
const config = {
  // They start a worker thread from a file of their own, which a bundle would move away.
  serverExternalPackages: ['spanledger', '@opentelemetry/sdk-node', '@ai-sdk/otel'],
}

export default config
