// Stock exporters over HTTP/protobuf, HTTP/JSON or gRPC, depending on OTEL_EXPORTER_OTLP_PROTOCOL. Other OTEL_*
// variables set the endpoint and the headers.
import { register } from 'spanledger'

const telemetry = register({ serviceName: 'shop', database: 'file:usage.db' })

const { runApp } = await import('./app.ts')
await runApp()
await telemetry.shutdown()
