import { type Call, type CallContent, mergeCall, settleTrace, toCallLine } from '@spanledger/core'
import type { Store, StoredCall } from '@spanledger/store'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ANY, anyCall, FEW } from '../../core/any-call.ts'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { collect, STORES, type TestDatabase } from '../stores.ts'

const MAX_COUNT = 2 ** 53 - 1
const SPAN_IDS = ['b7ad6b7169203331', '00f067aa0ba902b7', '53995c3f42cd8ad8']

describe.each(STORES)('writing to $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open({ now: () => 1_777_000_000_000 })
  })
  afterEach(() => database.remove())

  async function all(): Promise<StoredCall[]> {
    return collect(store.iterate({}, { content: true }))
  }

  async function lines(): Promise<string[]> {
    return (await all())
      .map(({ created_at: _createdAt, ingest_seq: _ingestSeq, ...call }) => toCallLine(call))
      .toSorted(byText)
  }

  test('a call is returned as it was written, with its position in the log', async () => {
    const call = buildCall({
      model: 'gpt-5',
      tags: ['beta', 'eu'],
      metadata: { plan: 'pro', nested: { seats: [1, 2] } },
      input_tokens: 0,
      output_tokens: 12,
      duration_ms: 12.345,
      streaming: 0,
      content: buildContent({ question: 'Why?', input_messages: [{ role: 'user' }], tool_result: 'plain text' }),
    })
    expect(await store.write([call])).toEqual({ stored: 1, deduplicated: 0, rejected: [] })
    expect(await all()).toEqual([{ ...call, created_at: 1_777_000_000_000, ingest_seq: expect.any(Number) }])
  })

  test('any valid call is returned as it was written', async () => {
    const call = fc
      .tuple(fc.bigInt(1n, 2n ** 64n - 1n), anyCall(ANY))
      .map(([id, call]) => ({ ...call, span_id: hex(id) }))
    const calls = fc.uniqueArray(call, { minLength: 1, maxLength: 5, selector: (call) => call.span_id })
    const property = fc.asyncProperty(calls, async (calls) => {
      await database.empty()
      expect(await store.write(calls)).toEqual({ stored: calls.length, deduplicated: 0, rejected: [] })
      expect(await lines()).toEqual(calls.map((call) => toCallLine(call)).toSorted(byText))
    })
    await fc.assert(property, { numRuns: 40 })
  })

  test('an empty list can be written', async () => {
    expect(await store.write([])).toEqual({ stored: 0, deduplicated: 0, rejected: [] })
  })

  test('writing the same call twice keeps one', async () => {
    const call = buildCall({ content: buildContent({ answer: 'Noon' }) })
    await store.write([call])
    expect(await store.write([call, call])).toEqual({ stored: 0, deduplicated: 2, rejected: [] })
    expect(await lines()).toEqual([toCallLine(call)])
  })

  test('two versions in one list are merged', async () => {
    const open = buildCall({ status: 'open', user_id: 'ada', content: buildContent({ question: 'Why?' }) })
    const ended = buildCall({ status: 'ok', ended_at: 5000, content: buildContent({ answer: 'Because' }) })
    expect(await store.write([open, ended])).toEqual({ stored: 1, deduplicated: 1, rejected: [] })
    expect(await lines()).toEqual([toCallLine(mergeCall(open, ended))])
  })

  test('a later version keeps the log position and time of the first', async () => {
    await store.write([buildCall({ status: 'crashed' })])
    const [first] = await all()
    const later = await database.open({ now: () => 1_888_000_000_000 })
    await later.write([buildCall({ status: 'ok', ended_at: 5000 })])
    expect(await all()).toMatchObject([{ status: 'ok', created_at: 1_777_000_000_000, ingest_seq: first!.ingest_seq }])
  })

  test('content of a later version is stored', async () => {
    await store.write([buildCall()])
    await store.write([buildCall({ content: buildContent({ answer: 'Noon' }) })])
    expect(await all()).toMatchObject([{ content: { answer: 'Noon' } }])
  })

  test('versions delivered in any order, in any lists, any number of times leave the rows that mergeCall returns', async () => {
    const deliveries = fc.array(anyCall(FEW, SPAN_IDS), { minLength: 1, maxLength: 8 }).chain((calls) =>
      fc.record({
        calls: fc.constant(calls),
        shuffled: fc.shuffledSubarray([...calls], { minLength: calls.length }),
        repeats: fc.shuffledSubarray([...calls]),
        cut: fc.nat(8),
      }),
    )
    const property = fc.asyncProperty(deliveries, async ({ calls, shuffled, repeats, cut }) => {
      await database.empty()
      const delivered = [...shuffled, ...repeats]
      await store.write(delivered.slice(0, cut))
      await store.write(delivered.slice(cut))
      const expected = Map.groupBy(calls, (call) => call.span_id)
      expect(await lines()).toEqual(
        [...expected.values()]
          .map((versions) => toCallLine(versions.reduce((a, b) => mergeCall(a, b))))
          .toSorted(byText),
      )
    })
    await fc.assert(property, { numRuns: 60 })
  })

  test('an invalid call is returned with the reason, and the others are stored', async () => {
    const good = buildCall({ span_id: SPAN_IDS[1]! })
    const bad = [
      buildCall({ input_tokens: -1 }),
      buildCall({ cost_nano_usd: MAX_COUNT + 1 }),
      buildCall({ output_tokens: Number.NaN }),
      buildCall({ trace_id: 'nonsense' }),
      buildCall({ kind: 'step' }),
      buildCall({ model: undefined as unknown as null, name: 5 as unknown as string }),
      buildCall({ metadata: { big: 5n } as unknown as Call['metadata'] }),
      buildCall({ content: buildContent({ question: {} as unknown as string }) }),
      buildCall({ content: 'Why?' as unknown as CallContent }),
    ]
    const result = await store.write([...bad.slice(0, 4), good, ...bad.slice(4)])
    expect(result.stored).toBe(1)
    expect(result.deduplicated).toBe(0)
    expect(result.rejected.map(({ call }) => call)).toEqual(bad)
    expect(result.rejected.map(({ reason }) => reason)).toEqual([
      'input_tokens is -1; expected a non-negative integer or null',
      'cost_nano_usd is 9007199254740992; expected a non-negative integer or null',
      'output_tokens is NaN; expected a non-negative integer or null',
      'trace_id is "nonsense"; expected 32 hex characters, not all zero',
      expect.stringMatching(/^kind is "step"; expected one of run, model/),
      'name is 5; expected a string or null',
      'Do not know how to serialize a BigInt',
      'content.question is of type object; expected a string or null',
      'content is "Why?"; expected an object or null',
    ])
    expect(await lines()).toEqual([toCallLine(good)])
  })

  test('steps are stored with the calls they came with, and without calls', async () => {
    const call = buildCall({})
    const links = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'].map((spanId) => ({
      traceId: call.trace_id,
      spanId,
      parentId: call.span_id,
    }))
    await store.write([call], { links: links.slice(0, 1) })
    expect(await store.stepLinks([call.trace_id])).toEqual(links.slice(0, 1))
    expect(await store.write([], { links: links.slice(1) })).toMatchObject({ stored: 0, rejected: [] })
    expect(await store.stepLinks([call.trace_id])).toEqual(links)
  })

  test('the greatest counts can be written and read', async () => {
    const call = buildCall({ input_tokens: MAX_COUNT, cost_nano_usd: MAX_COUNT, ended_at: 8.64e15 })
    await store.write([call])
    expect(await lines()).toEqual([toCallLine(call)])
  })

  test('texts are made well-formed, in columns, keys, and JSON', async () => {
    const hostile = 'a\0b\uD800c\\u0000'
    const call = buildCall({
      model: hostile,
      tags: [hostile],
      metadata: { [hostile]: [hostile] },
      project_id: hostile,
      content: buildContent({ question: hostile, tool_result: hostile }),
    })
    expect(await store.write([call])).toMatchObject({ stored: 1 })
    const clean = 'a\u2400b\uFFFDc\\u0000'
    expect(await all()).toMatchObject([
      {
        model: clean,
        tags: [clean],
        metadata: { [clean]: [clean] },
        project_id: clean,
        content: { question: clean, tool_result: clean },
      },
    ])
    expect(await store.projects()).toMatchObject([{ id: clean }])
    expect(await store.write([call])).toMatchObject({ deduplicated: 1 })
  })

  test('a repeated tag counts once', async () => {
    await store.write([buildCall({ tags: ['beta', 'eu', 'beta'] })])
    expect(await all()).toMatchObject([{ tags: ['beta', 'eu'] }])
  })

  test('an unknown project is created once, and not by an invalid call', async () => {
    await store.write([
      buildCall({ project_id: 'shop' }),
      buildCall({ span_id: SPAN_IDS[1]!, project_id: 'shop' }),
      buildCall({ span_id: SPAN_IDS[2]!, project_id: 'blog', billable: 2 as 1 }),
    ])
    expect(await store.projects()).toEqual([{ id: 'shop', name: 'shop', createdAt: 1_777_000_000_000 }])
  })

  test('a project can be named, and keeps its name when calls arrive', async () => {
    const project = { id: 'shop', name: 'The shop', createdAt: 1_777_000_000_000 }
    expect(await store.ensureProject({ id: 'shop' })).toEqual({ ...project, name: 'shop' })
    expect(await store.ensureProject({ id: 'shop', name: 'The shop' })).toEqual(project)
    await store.write([buildCall({ project_id: 'shop' })])
    expect(await store.ensureProject({ id: 'shop' })).toEqual(project)
    expect(await store.projects()).toEqual([project])
  })

  test('a parent that arrives later settles the stored calls of its trace, and their content stays', async () => {
    const child = buildCall({
      span_id: SPAN_IDS[1]!,
      parent_span_id: SPAN_IDS[0]!,
      run_id: SPAN_IDS[1]!,
      content: buildContent({ answer: 'Noon' }),
    })
    const parent = buildCall({ span_id: SPAN_IDS[0]!, kind: 'run', billable: 0, user_id: 'ada', operation: 'chat' })
    await store.write([child], { settle: settleTrace })
    await store.write([parent], { settle: settleTrace })
    expect(await store.call(`${child.trace_id}-${child.span_id}`)).toMatchObject({
      run_id: SPAN_IDS[0],
      user_id: 'ada',
      operation: 'chat',
      content: { answer: 'Noon' },
    })
  })

  test('a settle function that throws stores nothing', async () => {
    const settle = (): never => {
      throw new Error('no')
    }
    await expect(store.write([buildCall()], { settle })).rejects.toThrow('no')
    expect(await all()).toEqual([])
    expect(await store.write([buildCall()])).toMatchObject({ stored: 1 })
  })

  test('a store that is open for reading answers but refuses to write', async () => {
    await store.write([buildCall()])
    const reader = await database.open({ readOnly: true })
    await expect(reader.write([buildCall()])).rejects.toThrow('is open for reading only; open it for writing')
    expect(await reader.summary({})).toMatchObject({ calls: 1 })
  })

  test('a store sees what another one has written', async () => {
    const other = await database.open()
    await store.write([buildCall()])
    expect(await other.summary({})).toMatchObject({ calls: 1 })
    expect(await other.write([buildCall()])).toMatchObject({ deduplicated: 1 })
  })

  test('a closed store says that it is closed', async () => {
    await store.close()
    await store.close()
    await expect(store.write([])).rejects.toThrow('is closed')
    await expect(store.summary({})).rejects.toThrow('is closed')
    await expect(store.call('0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331')).rejects.toThrow('is closed')
  })
})

function hex(id: bigint): string {
  return id.toString(16).padStart(16, '0')
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}
