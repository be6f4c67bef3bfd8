import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { register } from 'spanledger'
import { startProviderServer } from '../../test/provider-server/index.ts'
import { makeCalls } from './calls.ts'

// Warnings of the SDK about model options do not matter here.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

const DATABASE = '.spanledger/demo.db'

// The demo shows the same numbers each time, so it starts with an empty file.
mkdirSync('.spanledger', { recursive: true })
for (const suffix of ['', '-wal', '-shm']) rmSync(`${DATABASE}${suffix}`, { force: true })

const server = await startProviderServer()
const telemetry = register({ serviceName: 'spanledger-demo', database: `file:${DATABASE}` })

console.log(
  'Calling OpenAI, Anthropic and Google through the Vercel AI SDK 7 (answered by a local server: no key, no network)\n',
)
await makeCalls(server, (line) => console.log(`  ${line}`))
await telemetry.shutdown()
await server.close()

const { stored } = telemetry.stats()
console.log(`\n${stored} rows in ${DATABASE}. By the model that answered:\n`)
report('--by', 'model')
console.log('\nBy tool:\n')
report('--by', 'tool')

const endpoint = process.env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
console.log(
  endpoint === undefined
    ? '\nTo see the same calls as spans: npm run compose:env && docker compose up -d, then OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run demo, then open http://127.0.0.1:16686'
    : `\nThe same calls were sent as spans to ${endpoint}, service spanledger-demo.`,
)
console.log(`Next: npm run dev -- report --by user --db file:${DATABASE}
      npm run dev -- calls --db file:${DATABASE}
      npm run dev -- export --format jsonl --db file:${DATABASE}`)

function report(...parameters: string[]): void {
  const main = fileURLToPath(import.meta.resolve('spanledger')).replace(/index\.ts$/, 'main.ts')
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, main, 'report', ...parameters, '--db', `file:${DATABASE}`],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exitCode = 1
}
