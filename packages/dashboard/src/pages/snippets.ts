/** What a first call can be sent with. */
export const FRAMEWORKS = [
  ['node', 'Node, no code changes'],
  ['code', 'Node, in code'],
  ['next', 'Next.js'],
  ['sdk', 'Existing OpenTelemetry setup'],
  ['otlp', 'Any language, over OTLP'],
  ['curl', 'curl'],
] as const

type Framework = (typeof FRAMEWORKS)[number][0]

// As the README has it: the packages are not on a registry.
const INSTALL = `npm install …/artifacts/*.tgz @opentelemetry/api @opentelemetry/sdk-node`
const WHERE_FROM = `In a clone of Spanledger, this leaves the packages in artifacts/:
#   npm run build && npm run pack`

const SNIPPETS: Readonly<Record<Framework, string>> = {
  node: `# ${WHERE_FROM}
# AI SDK 7 also needs @ai-sdk/otel
${INSTALL}
SPANLEDGER_DATABASE=ORIGIN node --import spanledger/register app.js`,
  code: `${asComment(INSTALL)}
// The first import of your application:
import { register } from 'spanledger'

export const telemetry = register({ serviceName: 'my-app', database: 'ORIGIN' })`,
  next: `${asComment(INSTALL)}
// instrumentation.ts
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { register } = await import('spanledger')
  register({ serviceName: 'my-app', database: 'ORIGIN' })
}`,
  sdk: `${asComment(`${INSTALL} @opentelemetry/sdk-trace @opentelemetry/exporter-trace-otlp-http`)}
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const sdk = new NodeSDK({
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }),
      new UsageSpanProcessor(openUsageLog('ORIGIN')),
    ]),
  ],
})
sdk.start()`,
  otlp: `# GenAI spans over OTLP/HTTP, from any SDK or Collector:
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=ORIGIN/v1/traces
OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf`,
  curl: `curl ORIGIN/api/ai-usage -H 'content-type: application/json' -d '{
  "operation": "first call", "provider": "openai", "model": "gpt-5",
  "inputTokens": 1200, "outputTokens": 300, "durationMs": 900
}'`,
}

/** The code to copy, with the address that this page was loaded from. */
export function snippetFor(framework: Framework, origin: string): string {
  return SNIPPETS[framework].replaceAll('ORIGIN', origin)
}

function asComment(install: string): string {
  return `// ${WHERE_FROM.replaceAll('#', '//')}
// AI SDK 7 also needs @ai-sdk/otel
// ${install}`
}
