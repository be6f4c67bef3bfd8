import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type OtlpReceiver, spansOf, startOtlpReceiver } from './otlp-receiver.ts'
import { query } from './run-app.ts'
import { emptyFolder } from './run-cli.ts'

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

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

async function runExample(
  file: string,
  flags: readonly string[] = [],
): Promise<{ folder: string; stdout: string; code: number | null }> {
  const folder = emptyFolder()
  const child = spawn(
    process.execPath,
    [
      '--conditions=@spanledger/source',
      '--disable-warning=ExperimentalWarning',
      ...flags,
      join(ROOT, 'examples/app', file),
    ],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        OPENAI_API_KEY: 'test',
        OPENAI_BASE_URL: server.openai,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { folder, stdout, code }
}

test.each([
  ['with-code.ts', [], 'usage.db'],
  ['app.ts', ['--import', join(ROOT, 'packages/spanledger/src/preload.ts')], '.spanledger/usage.db'],
  ['existing-node-sdk.ts', [], 'usage.db'],
] as const)('examples/app/%s records its call', async (file, flags, database) => {
  const run = await runExample(file, flags)
  expect(run.code).toBe(0)
  expect(run.stdout).toBe(`${server.calls()[0]?.text}\n`)
  expect(
    query(
      join(run.folder, database),
      'select operation, project_id, user_id, tags, input_tokens from calls where billable = 1',
    ),
  ).toEqual([
    {
      operation: 'greet',
      project_id: 'shop',
      user_id: 'ada',
      tags: '["beta"]',
      input_tokens: server.calls()[0]?.billed?.inputTokens,
    },
  ])
  expect(spansOf(receiver.requests()).map((span) => span.name)).toContain('chat gpt-5-mini')
})

test('examples/app/who.ts records who asked, and what for', async () => {
  const run = await runExample('who.ts', ['--import', join(ROOT, 'packages/spanledger/src/preload.ts')])
  expect(run.code).toBe(0)
  expect(
    query(
      join(run.folder, '.spanledger/usage.db'),
      'select operation, project_id, user_id, session_id from calls where billable = 1 order by started_at',
    ),
  ).toEqual([
    { operation: 'summarize', project_id: 'shop', user_id: 'ada', session_id: 'chat-1' },
    { operation: 'generate_project_ideas', project_id: 'shop', user_id: null, session_id: null },
  ])
})
