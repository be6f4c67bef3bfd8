import {
  type ContentMode,
  type ContentPolicy,
  createContentMemory,
  createContentPolicy,
  createPriceBook,
  type SpanLike,
  type ToGenAIOptions,
  toGenAI,
  type TraceFacts,
} from '@spanledger/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { span } from '../../builders.ts'

const FACTS: TraceFacts = {
  runId: 'b7ad6b7169203331',
  parentId: undefined,
  inherited: {},
  sdkMetadata: undefined,
  functionId: undefined,
  isWrapper: false,
  isLeafLost: false,
  toolTimeMs: 0,
}
const MODES: readonly ContentMode[] = ['none', 'preview', 'full']
const prices = createPriceBook()

const words = fc.oneof(
  fc.constantFrom('What is six times seven?', 'password=hunter22xyz', 'x'.repeat(1_200), ''),
  fc.string({ unit: 'binary' }),
)
const parts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('text', 'reasoning'), content: words }) },
    fc.record(
      { content: words, type: fc.constant('text'), more: fc.jsonValue() },
      { requiredKeys: ['content', 'type'] },
    ),
    fc.record({ type: fc.constant('tool_call'), id: words, name: words, arguments: fc.jsonValue() }),
    fc.record({ type: fc.constant('blob'), modality: fc.constant('image'), content: words }),
  ),
  { maxLength: 4 },
)
const messages = fc.array(
  fc.record(
    { role: fc.constantFrom('user', 'assistant', 'system'), parts, finish_reason: words },
    { requiredKeys: ['role', 'parts'] },
  ),
  { maxLength: 4 },
)
const definitions = fc.array(fc.record({ type: fc.constant('function'), name: words, inputSchema: fc.jsonValue() }), {
  maxLength: 3,
})
const sevenAttributes = fc.record(
  {
    'gen_ai.system_instructions': asJson(parts),
    'gen_ai.input.messages': asJson(messages),
    'gen_ai.output.messages': asJson(messages),
    'gen_ai.tool.definitions': asJson(definitions),
    'gen_ai.prompt': words,
  },
  { requiredKeys: ['gen_ai.input.messages', 'gen_ai.output.messages'] },
)

describe('a memory of what spans say', () => {
  test('changes nothing about the agent that says again what its model call said', () => {
    const property = fc.property(sevenAttributes, fc.boolean(), fc.constantFrom(...MODES), (said, isCut, mode) => {
      const options = { content: createContentPolicy({ mode }), prices, facts: FACTS }
      const chat = sevenSpan('chat', said)
      const { 'gen_ai.tool.definitions': _, ...rest } = said
      const agent = sevenSpan('invoke_agent', isCut ? rest : said)
      expectSame([chat, agent], options)
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('changes nothing about the tools that calls define one after the other', () => {
    const property = fc.property(fc.array(definitions), fc.constantFrom(...MODES), (calls, mode) => {
      const tools = calls.flatMap((call) => [call, call])
      expectSame(tools.map(legacySpan), { content: createContentPolicy({ mode }), prices, facts: FACTS })
    })
    fc.assert(property, { numRuns: 100 })
  })

  test('reads what a run says but once, and again in the next run', () => {
    const said = { 'gen_ai.input.messages': '[]', 'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]' }
    const { content, count } = countingPolicy()
    const memory = createContentMemory()
    const options = { content, facts: FACTS, memory }
    toGenAI(sevenSpan('chat', said), options)
    toGenAI(sevenSpan('invoke_agent', said), options)
    expect(count()).toBe(1)
    toGenAI(sevenSpan('invoke_agent', said), { ...options, facts: { ...FACTS, runId: '00f067aa0ba902b7' } })
    expect(count()).toBe(2)
    memory.forget(FACTS.runId)
    toGenAI(sevenSpan('invoke_agent', said), options)
    expect(count()).toBe(3)
  })

  test('holds no more than some runs and tools, and no prompt beyond reason', () => {
    const memory = createContentMemory()
    for (let run = 0; run < 1_000; run += 1) memory.keep(`run ${run}`, ['said'], { run })
    expect([memory.recall('run 0', ['said']), memory.recall('run 999', ['said'])]).toEqual([undefined, { run: 999 }])
    memory.keep('long', ['x'.repeat(2_000_000)], {})
    expect(memory.recall('long', ['x'.repeat(2_000_000)])).toBeUndefined()
    const tool = JSON.stringify({ name: 'weather' })
    const parsed = memory.parseTools(tool)
    expect(memory.parseTools(tool)).toBe(parsed)
    for (let other = 0; other < 100; other += 1) memory.parseTools(JSON.stringify({ [other]: 'x'.repeat(20_000) }))
    expect(memory.parseTools(tool)).not.toBe(parsed)
    expect(memory.parseTools(tool)).toEqual(parsed)
  })
})

test('a message is kept in full the same way whether or not it says more than its words', () => {
  const full = createContentPolicy({ mode: 'full' })
  const property = fc.property(messages, (plain) => {
    const more = plain.map((message) => ({ ...message, parts: message.parts.map((part) => withMore(part)), more: 1 }))
    const kept = full.apply({ inputMessages: more, outputMessages: more })
    expect(withoutMore(kept)).toEqual(withoutMore(full.apply({ inputMessages: plain, outputMessages: plain })))
  })
  fc.assert(property, { numRuns: 300 })
})

test('content that just fits is kept as it is, and cut where it is one byte too long', () => {
  const property = fc.property(messages, (inputMessages) => {
    const whole = createContentPolicy({ mode: 'full' }).apply({ inputMessages: inputMessages }).inputMessages
    const total = Buffer.byteLength(JSON.stringify(whole))
    const draft = { inputMessages: whole }
    const keptAt = (limit: number) =>
      createContentPolicy({ mode: 'full', limits: { total: limit } }).apply(draft).inputMessages
    fc.pre(inputMessages.length > 0)
    expect(keptAt(total)).toEqual(whole)
    expect(Buffer.byteLength(JSON.stringify(keptAt(total - 1)))).toBeLessThan(total)
  })
  fc.assert(property, { numRuns: 300 })
})

function asJson<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<string> {
  return arbitrary.map((value) => JSON.stringify(value))
}

function sevenSpan(operation: string, said: Record<string, unknown>): SpanLike {
  return span({ 'gen_ai.operation.name': operation, 'gen_ai.request.model': 'gpt-5', ...said }, { scope: 'gen_ai' })
}

function legacySpan(tools: readonly unknown[]): SpanLike {
  return span({
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.prompt.tools': tools.map((tool) => JSON.stringify(tool)),
  })
}

function expectSame(spans: readonly SpanLike[], options: ToGenAIOptions): void {
  const memory = createContentMemory()
  const remembering = spans.map((each) => toGenAI(each, { ...options, memory }).attributes)
  expect(remembering).toEqual(spans.map((each) => toGenAI(each, options).attributes))
}

/** A policy of somebody's own, which may as well count. */
function countingPolicy(): { readonly content: ContentPolicy; count(): number } {
  let count = 0
  const preview = createContentPolicy({ mode: 'preview' })
  const content: ContentPolicy = {
    ...preview,
    apply(draft, lengths) {
      count += 1
      return preview.apply(draft, lengths)
    },
  }
  return { content, count: () => count }
}

function withMore<Part extends object>(part: Part): Part & { readonly more: number } {
  return { ...part, more: 1 }
}

function withoutMore(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'more' ? undefined : member)))
}
