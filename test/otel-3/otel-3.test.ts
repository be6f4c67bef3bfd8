import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type OtlpReceiver, spansOf, startOtlpReceiver } from '../spanledger/otlp-receiver.ts'
import { query, runApp } from '../spanledger/run-app.ts'

let server: ProviderServer
let receiver: OtlpReceiver

beforeEach(async () => {
  server = await startProviderServer()
  receiver = await startOtlpReceiver()
})

afterEach(async () => {
  await server.close()
  await receiver.close()
})

describe.each([
  ['node --import spanledger/register', { app: 'examples/otel-3/app.mjs', preload: true, inItsFolder: true }],
  ['the NodeSDK of README', { app: '../../../examples/otel-3/existing-node-sdk.mjs', preload: false }],
] as const)('OpenTelemetry SDK 3.x with %s', (_, app) => {
  test('exports GenAI spans and stores the same tokens as rows', async () => {
    const run = await runApp({
      ...app,
      parameters: [server.openai],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    })
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    const billed = server.calls().map((call) => ({
      input_tokens: call.billed?.inputTokens,
      output_tokens: call.billed?.outputTokens,
      reasoning_tokens: call.billed?.reasoningTokens,
    }))
    expect(
      query(
        join(run.folder, 'usage.db'),
        'select input_tokens, output_tokens, reasoning_tokens from calls where billable = 1',
      ),
    ).toEqual(billed)
    expect(spansOf(receiver.requests()).map((span) => span.name)).toEqual([
      'chat gpt-5-mini',
      'agent_step',
      'invoke_agent',
    ])
  })
})
