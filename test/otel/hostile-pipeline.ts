import { ROOT_CONTEXT } from '@opentelemetry/api'
import { type Call, CALL_COLUMNS, callId, CONTENT_COLUMNS, type SpanLike } from '@spanledger/core'
import { type ConvertOptions, GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { openStore } from '@spanledger/store'
import { expect } from 'vitest'
import { listSink } from '../conformance/ledger.ts'

/** The pipeline of an application: an exporter beside the ledger. */
export function pipeline(options: ConvertOptions = {}) {
  const rows: Call[] = []
  const exported: SpanLike[] = []
  const exporter = {
    onStart: () => {},
    onEnd: (ended: SpanLike) => void exported.push(ended),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const processor = new GenAISpanProcessor([exporter, new UsageSpanProcessor(listSink(rows))], options)
  const run = (hostile: SpanLike): Call | undefined => {
    const before = [exported.length, rows.length] as const
    processor.onStart(hostile as never, ROOT_CONTEXT)
    processor.onEnd(hostile)
    expect(exported.length).toBe(before[0] + 1)
    return rows[before[1]]
  }
  return { rows, exported, run }
}

/** Every attribute that is looked at on the way from this span to its row. */
export function attributesRead(made: SpanLike): readonly string[] {
  const names = new Set(Object.keys(made.attributes))
  const attributes = new Proxy(made.attributes, {
    get: (target, name) => (names.add(String(name)), Reflect.get(target, name) as unknown),
    has: (target, name) => (names.add(String(name)), Reflect.has(target, name)),
  })
  pipeline().run({ ...made, attributes })
  return [...names]
}

/** The same span with one other attribute. */
export function withAttribute(made: SpanLike, name: string, value: unknown): SpanLike {
  const attributes = Object.defineProperty({ ...made.attributes }, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return { ...made, attributes }
}

/** Misfits of a row: columns with values that no store would take. */
function misfits(row: Call): readonly string[] {
  const content = Object.entries(CONTENT_COLUMNS).filter(
    ([name, rule]) => row.content !== null && rule.parse(row.content[name as never]) === undefined,
  )
  const columns = Object.entries(CALL_COLUMNS).filter(([name, rule]) => rule.parse(row[name as never]) === undefined)
  return [...columns, ...content].map(([name]) => name)
}

/** Every row fits its columns, comes back from JSON and from a store, and is of bearable size. */
export async function expectStorable(rows: readonly Call[]): Promise<void> {
  expect(rows.flatMap(misfits)).toEqual([])
  const store = await openStore({ path: ':memory:' })
  try {
    expect((await store.write(rows)).rejected).toEqual([])
    for (const row of rows) {
      expect(JSON.stringify(row).length).toBeLessThan(1_048_576)
      expect(JSON.stringify({ ...row, content: null }).length).toBeLessThan(131_072)
      expect(JSON.parse(JSON.stringify(row))).toEqual(row)
      expect(await store.call(callId(row))).toMatchObject({ trace_id: row.trace_id, input_tokens: row.input_tokens })
    }
  } finally {
    await store.close()
  }
}

/** Nobody has written to a prototype that all objects share. */
export function expectCleanPrototypes(): void {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Object.keys(Array.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
}
