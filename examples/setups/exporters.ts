// Stock exporters over HTTP/protobuf, HTTP/JSON and gRPC, as OTEL_EXPORTER_OTLP_PROTOCOL says; the endpoint and the
// headers come from the other OTEL_* variables.
import { register } from 'spanledger'

const telemetry = register({ serviceName: 'shop', database: 'file:usage.db' })

const { runApp } = await import('./app.ts')
await runApp()
await telemetry.shutdown()
