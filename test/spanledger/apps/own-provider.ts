// Has a tracer provider of its own, and takes spanledger's processor into it when the third argument says so.
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { register } from 'spanledger'

if (process.argv[4] === 'added') {
  new NodeSDK({ spanProcessors: [register().spanProcessor], instrumentations: [] }).start()
} else {
  new NodeTracerProvider().register()
  register()
}
await import('./seven.ts')
