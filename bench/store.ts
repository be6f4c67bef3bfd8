// How many calls a second the store writes, with contents and indexes, beside plain node:sqlite: the same tables, the
// same rows, the same lists of 512 in the same run, but values that were made beforehand and no second thoughts.
//
//   node --conditions=@spanledger/source bench/store.ts [calls a round] [rounds]
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Call, type CallContent, parseCall } from '@spanledger/core'
import { openStore, WRITE_BATCH_SIZE } from '@spanledger/store'
import { medianOf } from './medians.ts'

const CALLS = Number(process.argv[2] ?? 20_000)
const ROUNDS = Number(process.argv[3] ?? 7)
const START = Date.parse('2026-01-01T00:00Z')

const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
try {
  const rounds: { readonly store: number; readonly plain: number }[] = []
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rates = await ratesOf(round)
    if (round > 0) rounds.push(rates)
  }
  const plain = medianOf(rounds.map((rates) => rates.plain))
  const store = medianOf(rounds.map((rates) => rates.store))
  const ratio = medianOf(rounds.map((rates) => rates.store / rates.plain))
  console.log(
    `Rows to SQLite with contents and indexes (median of ${ROUNDS} rounds of ${CALLS} calls, calls per second)\n`,
  )
  console.log(`plain node:sqlite  ${Math.round(plain)}`)
  console.log(`store.write        ${Math.round(store)}, that is ${(ratio * 100).toFixed(0)} % (at least 70 %)`)
} finally {
  rmSync(folder, { recursive: true })
}

// Both write each list before the next one is made, in turns the one and the other first: whatever else this machine
// does, it does to both.
async function ratesOf(round: number): Promise<{ readonly store: number; readonly plain: number }> {
  const store = await openStore({ path: join(folder, `store-${round}.db`) })
  const plain = await openPlain(join(folder, `plain-${round}.db`))
  const ms = { store: 0, plain: 0 }
  for (let first = 0; first < CALLS; first += WRITE_BATCH_SIZE) {
    const calls = makeCalls(round * CALLS + first, Math.min(WRITE_BATCH_SIZE, CALLS - first))
    const rows = plain.rowsOf(calls)
    const writeStore = async (): Promise<void> => {
      const started = performance.now()
      await store.write(calls)
      ms.store += performance.now() - started
    }
    const storeFirst = (first / WRITE_BATCH_SIZE) % 2 === 0
    if (storeFirst) await writeStore()
    const started = performance.now()
    plain.write(rows)
    ms.plain += performance.now() - started
    if (!storeFirst) await writeStore()
  }
  await store.close()
  plain.close()
  return { store: (CALLS / ms.store) * 1000, plain: (CALLS / ms.plain) * 1000 }
}

interface PlainRow {
  readonly call: SQLInputValue[]
  readonly content: SQLInputValue[] | null
}

interface Plain {
  rowsOf(calls: readonly Call[]): PlainRow[]
  write(rows: readonly PlainRow[]): void
  close(): void
}

async function openPlain(path: string): Promise<Plain> {
  const made = await openStore({ path })
  await made.close()
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 12000; PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000`)
  const callColumns = columnsOf(database, 'calls').filter((name) => name !== 'ingest_seq')
  const contentColumns = ['ingest_seq', ...columnsOf(database, 'call_contents').filter((name) => name !== 'ingest_seq')]
  const insertCall = database.prepare(insert('calls', callColumns))
  const insertContent = database.prepare(insert('call_contents', contentColumns))
  return {
    rowsOf: (calls) =>
      calls.map((call) => {
        const log = { trace_id: call.trace_id, span_id: call.span_id, created_at: START }
        return {
          call: valuesOf({ ...call, ...log }, callColumns),
          content: call.content && valuesOf({ ...call.content, ...log }, contentColumns.slice(1)),
        }
      }),
    write(rows) {
      database.exec('BEGIN IMMEDIATE')
      for (const { call, content } of rows) {
        const { lastInsertRowid } = insertCall.run(...call)
        if (content !== null) insertContent.run(lastInsertRowid, ...content)
      }
      database.exec('COMMIT')
    },
    close: () => database.close(),
  }
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  return columns.map(({ name }) => String(name))
}

function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

function valuesOf(from: object, columns: readonly string[]): SQLInputValue[] {
  const given = from as Readonly<Record<string, unknown>>
  return columns.map((name) => {
    const value = given[name] ?? null
    return typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value)
  })
}

// Runs of a run, two model calls and a tool, as an agent with one step of tools makes them; children come first.
function makeCalls(first: number, count: number): Call[] {
  const calls: Call[] = []
  while (calls.length < count) {
    const index = first + calls.length
    const ids = { trace_id: randomBytes(16).toString('hex'), run_id: randomBytes(8).toString('hex') }
    const question = { question: text(200), answer: text(300) }
    const tool = { tool_arguments: { q: text(40) }, tool_result: { found: text(300) } }
    calls.push(
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: question }),
      makeCall(index, { ...ids, kind: 'tool', tool_name: 'search', content: tool }),
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: question }),
      makeCall(index, { ...ids, kind: 'run', span_id: ids.run_id }),
    )
  }
  return calls.slice(0, count)
}

interface GivenCall extends Partial<Omit<Call, 'content'>> {
  readonly content?: Partial<CallContent>
}

function makeCall(index: number, { content, ...given }: GivenCall): Call {
  const isModel = given.kind === 'model'
  const messages = [{ role: 'user', parts: [{ type: 'text', content: content?.question ?? '' }] }]
  return parseCall({
    span_id: randomBytes(8).toString('hex'),
    parent_span_id: given.run_id,
    billable: 0,
    operation: 'plan-trip',
    call_type: isModel ? 'CHAT' : 'INVOKE_AGENT',
    name: 'chat gpt-5',
    sdk: 'ai',
    sdk_version: '7.0.173',
    converter_version: '1',
    service_name: 'shop',
    environment: 'production',
    project_id: `project-${index % 10}`,
    user_id: `user-${index % 1000}`,
    session_id: `session-${Math.floor(index / 40)}`,
    tags: ['beta', 'eu'],
    metadata: { plan: 'pro' },
    started_at: START + index * 20,
    ended_at: START + index * 20 + 1500,
    duration_ms: 1500.25,
    status: 'ok',
    ...(isModel && {
      provider: 'openai',
      raw_provider: 'openai.responses',
      model: 'gpt-5-2025-08-07',
      request_model: 'gpt-5',
      response_id: `resp_${randomBytes(24).toString('hex')}`,
      finish_reason: 'stop',
      streaming: 1,
      request: { temperature: 1, maxTokens: 2000 },
      input_tokens: 1200,
      output_tokens: 300,
      total_tokens: 1500,
      cache_read_tokens: 1024,
      cache_write_tokens: 0,
      reasoning_tokens: 128,
      usage_details: { raw: { input_tokens: 1200, output_tokens: 300 } },
      usage_source: 'provider_metadata',
      cost_nano_usd: 4_500_000,
      cost_source: 'list',
      price_version: 'list@1',
      time_to_first_token_ms: 210.5,
    }),
    content: content && { input_messages: messages, lengths: { question: 1200 }, ...content },
    ...given,
  })
}

function text(length: number): string {
  return 'Where can I see the northern lights in March? '.repeat(Math.ceil(length / 46)).slice(0, length)
}
