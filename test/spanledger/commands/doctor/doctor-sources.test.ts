import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder } from '../../run-cli.ts'
import { doctor, install } from './run-doctor.ts'

const IMPORT = "import { generateText } from 'ai'\n"
const CALLED_WITHOUT = `${IMPORT}await generateText({ model, prompt: 'hi (there' })`

/** What is wrong in an application with this AI SDK and these files. */
async function problemsOf(
  aiVersion: string,
  files: Readonly<Record<string, string>>,
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  const folder = emptyFolder()
  install(folder, 'ai', aiVersion)
  install(folder, '@ai-sdk/otel', '1.0.0')
  install(folder, '@opentelemetry/api', '1.9.0')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { bad } = await doctor(folder, env)
  for (const { why, fix } of bad) expect([why, fix]).toEqual([expect.any(String), expect.any(String)])
  return bad.map(({ what }) => what)
}

describe('spanledger doctor reads the sources of an application with AI SDK 4 to 6', () => {
  test('finds telemetry that is not switched on', async () => {
    const option = (text: string) => ({ 'a.ts': `${IMPORT}generateText({ model, experimental_telemetry: ${text} })` })
    const found = ['experimental_telemetry without isEnabled: true (a.ts)']
    expect(await problemsOf('6.0.1', option("{ functionId: 'x', metadata: { a: 1 } }"))).toEqual(found)
    expect(await problemsOf('5.0.1', option('{ isEnabled: false }'))).toEqual(found)
    expect(await problemsOf('4.3.1', option('{ isEnabled: true }'))).toEqual([])
    expect(await problemsOf('4.3.1', option('withTelemetry()'))).toEqual([])
    expect(await problemsOf('4.3.1', option('{ ...shared }'))).toEqual([])
    expect(await problemsOf('7.0.1', { ...option('{ functionId: "x" }'), 'b.ts': "import 'spanledger'" })).toEqual([])
  })

  test('finds calls that nothing switches on', async () => {
    const found = ['A call without experimental_telemetry (a.ts)']
    expect(await problemsOf('6.0.1', { 'a.ts': CALLED_WITHOUT })).toEqual(found)
    expect(await problemsOf('6.0.1', { 'a.ts': `// ${CALLED_WITHOUT.replaceAll('\n', '\n// ')}` })).toEqual([])
    const start = '{ "scripts": { "start": "node --import spanledger/register a.ts" } }'
    expect(await problemsOf('6.0.1', { 'a.ts': CALLED_WITHOUT, 'package.json': start })).toEqual([])
    const next = start.replace('{ "scripts"', '{ "dependencies": { "next": "16" }, "scripts"')
    expect(await problemsOf('6.0.1', { 'a.ts': CALLED_WITHOUT, 'package.json': next })).toEqual(found)
  })
})

test('spanledger doctor finds an application with AI SDK 7 that registers no telemetry', async () => {
  const files = { 'a.ts': CALLED_WITHOUT }
  expect(await problemsOf('7.0.1', files)).toEqual(['AI SDK 7 is used, but no telemetry is registered (a.ts)'])
  expect(await problemsOf('7.0.1', { ...files, 'b.ts': 'registerTelemetry(new OpenTelemetry())' })).toEqual([])
  expect(await problemsOf('7.0.1', { ...files, 'b.ts': "import { register } from 'spanledger'" })).toEqual([])
  expect(await problemsOf('7.0.1', { ...files, Dockerfile: 'CMD node --import spanledger/register a.js' })).toEqual([])
})

test('spanledger doctor finds sampling that loses calls', async () => {
  const sampler = 'new TraceIdRatioBasedSampler(0.1)'
  expect(await problemsOf('7.0.1', { 'a.ts': sampler })).toEqual(['Only some traces are sampled (a.ts)'])
  expect(await problemsOf('7.0.1', { 'a.ts': 'init({ tracesSampleRate: 0.2 })' })).toEqual([
    'Only some traces are sampled (a.ts)',
  ])
  expect(await problemsOf('7.0.1', { 'a.ts': 'init({ tracesSampleRate: 1.0 })' })).toEqual([])
  expect(await problemsOf('7.0.1', { 'a.ts': `recordUnsampled(${sampler})` })).toEqual([])
})

test('spanledger doctor finds variables that mean nothing', async () => {
  expect(await problemsOf('7.0.1', {}, { SPANLEDGER_CONTENT: 'some', OTEL_EXPORTER_OTLP_PROTOCOL: 'http' })).toEqual([
    expect.stringContaining('Unknown content mode "some"'),
  ])
  const otlp = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http' }
  expect(await problemsOf('7.0.1', {}, otlp)).toContainEqual(
    expect.stringContaining('Unknown OTEL_EXPORTER_OTLP_PROTOCOL "http"'),
  )
})
