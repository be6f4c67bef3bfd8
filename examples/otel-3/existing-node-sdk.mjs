// An application with an OpenTelemetry 3.x set-up of its own, which it shuts down at its end.
import { sdk } from './node-sdk.mjs'

await import('./app.mjs')
await sdk.shutdown()
