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

const SNIPPETS: Readonly<Record<Framework, string>> = {
  node: `npm install spanledger
SPANLEDGER_DATABASE=ORIGIN node --import spanledger/register app.js`,
  code: `// npm install spanledger
// The first import of your application:
import { register } from 'spanledger'

export const telemetry = register({ serviceName: 'my-app', database: 'ORIGIN' })`,
  next: `// npm install spanledger
// instrumentation.ts
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { register } = await import('spanledger')
  register({ serviceName: 'my-app', database: 'ORIGIN' })
}`,
  sdk: `// npm install spanledger
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'

const sdk = new NodeSDK({
  spanProcessors: [
    new GenAISpanProcessor([
      new BatchSpanProcessor(new OTLPTraceExporter()),
      new UsageSpanProcessor(openUsageLog('ORIGIN')),
    ]),
  ],
})`,
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
