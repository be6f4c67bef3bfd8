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
  const rates: { readonly store: number; readonly plain: number }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const lists = listsOf(makeCalls(round))
    // Whoever comes second meets a busier disk, so they take turns; the first round only warms up.
    const plainFirst = round % 2 === 0
    const early = plainFirst ? await writePlain(lists, round) : await writeStore(lists, round)
    const late = plainFirst ? await writeStore(lists, round) : await writePlain(lists, round)
    if (round > 0) rates.push(plainFirst ? { plain: early, store: late } : { store: early, plain: late })
  }
  const store = medianOf(rates.map((rate) => rate.store))
  const plain = medianOf(rates.map((rate) => rate.plain))
  const ratio = medianOf(rates.map((rate) => rate.store / rate.plain))
  console.log(`${ROUNDS} rounds of ${CALLS} calls with contents, ${WRITE_BATCH_SIZE} a transaction; medians`)
  console.log(`plain node:sqlite  ${Math.round(plain)} calls/s`)
  console.log(`store.write        ${Math.round(store)} calls/s`)
  console.log(`ratio              ${(ratio * 100).toFixed(0)} % (goal: 70 %)`)
} finally {
  rmSync(folder, { recursive: true })
}

async function writeStore(lists: readonly Call[][], round: number): Promise<number> {
  const store = await openStore({ path: join(folder, `store-${round}.db`) })
  const started = performance.now(); const c0 = process.cpuUsage()
  for (const list of lists) await store.write(list)
  const c1 = process.cpuUsage(c0); const seconds = (c1.user + c1.system) / 1e6
  await store.close()
  return CALLS / seconds
}

async function writePlain(lists: readonly Call[][], round: number): Promise<number> {
  const path = join(folder, `plain-${round}.db`)
  const made = await openStore({ path })
  await made.close()
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 12000; PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16000`)
  const [callColumns, contentColumns] = [columnsOf(database, 'calls'), columnsOf(database, 'call_contents')]
  const insertCall = database.prepare(
    insert(
      'calls',
      callColumns.filter((name) => name !== 'ingest_seq'),
    ),
  )
  const insertContent = database.prepare(insert('call_contents', contentColumns))
  const rows = lists.map((list) =>
    list.map((call) => {
      const given = { ...call, created_at: START }
      const content = call.content && {
        ...call.content,
        trace_id: call.trace_id,
        span_id: call.span_id,
        created_at: START,
      }
      return {
        call: valuesOf(
          given,
          callColumns.filter((name) => name !== 'ingest_seq'),
        ),
        content:
          content &&
          valuesOf(
            content,
            contentColumns.filter((name) => name !== 'ingest_seq'),
          ),
      }
    }),
  )
  const started = performance.now(); const c0 = process.cpuUsage()
  for (const list of rows) {
    database.exec('BEGIN IMMEDIATE')
    for (const row of list) {
      const { lastInsertRowid } = insertCall.run(...row.call)
      if (row.content !== null) insertContent.run(...row.content, lastInsertRowid)
    }
    database.exec('COMMIT')
  }
  const c1 = process.cpuUsage(c0); const seconds = (c1.user + c1.system) / 1e6
  database.close()
  return CALLS / seconds
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  return columns.map(({ name }) => String(name))
}

function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

// The last column of `call_contents` is the key, which only the insert of the call tells.
function valuesOf(from: object, columns: readonly string[]): SQLInputValue[] {
  const given = from as Readonly<Record<string, unknown>>
  return columns.map((name) => {
    const value = given[name] ?? null
    return typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value)
  })
}

function listsOf(calls: readonly Call[]): Call[][] {
  const lists: Call[][] = []
  for (let index = 0; index < calls.length; index += WRITE_BATCH_SIZE) {
    lists.push(calls.slice(index, index + WRITE_BATCH_SIZE))
  }
  return lists
}

// Runs of a run, two model calls and a tool, as an agent with one step of tools makes them; children come first.
function makeCalls(round: number): Call[] {
  const calls: Call[] = []
  while (calls.length < CALLS) {
    const index = round * CALLS + calls.length
    const ids = { trace_id: randomBytes(16).toString('hex'), run_id: randomBytes(8).toString('hex') }
    calls.push(
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: { question: text(200), answer: text(300) } }),
      makeCall(index, {
        ...ids,
        kind: 'tool',
        tool_name: 'search',
        content: { tool_arguments: { q: text(40) }, tool_result: { found: text(300) } },
      }),
      makeCall(index, { ...ids, kind: 'model', billable: 1, content: { question: text(200), answer: text(300) } }),
      makeCall(index, { ...ids, kind: 'run', span_id: ids.run_id }),
    )
  }
  return calls.slice(0, CALLS)
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
