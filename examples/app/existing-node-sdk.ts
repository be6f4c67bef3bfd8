// An application with an OpenTelemetry set-up of its own, which it shuts down at its end.
import { sdk } from './node-sdk.ts'

await import('./app.ts')
await sdk.shutdown()
