import { openStore } from '@spanledger/store'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CliContext } from '../../cli-context.ts'
import { type Database, databaseName } from '../../database-url.ts'
import { bad, type Finding, good } from './check.ts'
import { openingOf } from '../../cli-database.ts'

const WITHIN_MS = 15_000
const LOOK_EVERY_MS = 250

// A run without tokens: it is seen in the list of calls, by its name, and costs nothing.
const SCRIPT = `
import { trace } from '@opentelemetry/api'
const span = trace.getTracer('spanledger-doctor').startSpan('invoke_workflow spanledger-doctor', {
  attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'spanledger-doctor', 'spanledger.operation': 'spanledger-doctor' },
})
span.end()
console.log(span.spanContext().traceId)
`

/** Makes one span in a process of its own, set up as the application is by its environment, and waits for its row. */
export async function roundTrip(database: Database, context: CliContext): Promise<Finding> {
  const { traceId, said } = await makeSpan(context)
  if (traceId === undefined) {
    return bad(
      'A test span could not be made',
      said === '' ? 'no tracer was registered' : said,
      'Mend what is said above, then try again',
    )
  }
  for (let waitedMs = 0; waitedMs < WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if (await isStored(database, traceId)) return good(`A test span came through to ${databaseName(database)}`)
    await sleep(LOOK_EVERY_MS)
  }
  return bad(
    `A test span did not come through to ${databaseName(database)} within ${WITHIN_MS / 1000} s`,
    said === '' ? 'nothing was said about it' : said,
    'See whether SPANLEDGER_DATABASE names this database, and whether its journal can be written',
  )
}

async function makeSpan({
  environment,
  workingFolder,
}: CliContext): Promise<{ readonly traceId: string | undefined; readonly said: string }> {
  const isSource = import.meta.url.endsWith('.ts')
  const preload = new URL(isSource ? '../../preload.ts' : '../../preload.js', import.meta.url)
  const child = spawn(
    process.execPath,
    [
      ...(isSource ? ['--conditions=@spanledger/source'] : []),
      `--import=${preload.href}`,
      '--input-type=module',
      '--eval',
      SCRIPT,
    ],
    { cwd: workingFolder, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'], timeout: WITHIN_MS },
  )
  let printed = ''
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await new Promise((resolve) => child.on('close', resolve))
  const traceId = /^(?!0+$)[0-9a-f]{32}$/m.exec(printed)?.[0]
  return { traceId, said: lastSentence(said) }
}

// Of what Node prints about an error, the line that says what it is.
function lastSentence(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => /Error|spanledger/i.test(line)) ?? lines[0] ?? '').trim().slice(0, 300)
}

async function isStored(database: Database, trace: string): Promise<boolean> {
  try {
    const store = await openStore({ ...openingOf(database), readOnly: true })
    try {
      return (await store.calls({ trace }, { limit: 1 })).calls.length > 0
    } finally {
      await store.close()
    }
  } catch {
    return false // not there yet
  }
}
