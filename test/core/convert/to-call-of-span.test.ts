import {
  type ContentMode,
  createContentMemory,
  createContentPolicy,
  createPriceBook,
  type SpanLike,
  toCall,
  toCallOfSpan,
  toGenAI,
} from '@spanledger/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { span } from '../../builders.ts'

const MODES: readonly ContentMode[] = ['none', 'preview', 'full']
const prices = createPriceBook()

const words = fc.oneof(
  fc.constantFrom('What is six times seven?', 'password=hunter22xyz', 'x'.repeat(20_000), '', '__proto__', '\ud800'),
  fc.string({ unit: 'binary' }),
)
const anything = fc.oneof(words, fc.jsonValue(), fc.constantFrom(-0, Number.NaN, null, undefined))
const parts = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom('text', 'reasoning'), content: words }),
    fc.record({ type: fc.constant('tool_call'), id: words, name: words, arguments: anything }),
  ),
  { maxLength: 4 },
)
const messages = fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), parts }), { maxLength: 4 })
const said = fc.record(
  {
    'gen_ai.system_instructions': asText(parts),
    'gen_ai.input.messages': asText(messages),
    'gen_ai.output.messages': asText(messages),
    'gen_ai.tool.definitions': asText(fc.array(fc.record({ name: words, parameters: anything }), { maxLength: 3 })),
    'gen_ai.tool.call.arguments': fc.oneof(words, asText(anything)),
    'gen_ai.tool.call.result': fc.oneof(words, asText(anything)),
    'gen_ai.prompt': words,
  },
  { requiredKeys: [] },
)

describe('the row of a span', () => {
  test('is the same without its words being written as text in between', () => {
    const operations = fc.constantFrom('chat', 'invoke_agent', 'execute_tool')
    const property = fc.property(said, operations, fc.constantFrom(...MODES), (attributes, operation, mode) => {
      const options = { content: createContentPolicy({ mode }), prices }
      const one = spanOf(operation, attributes)
      expect(asStored(toCallOfSpan(one, options))).toEqual(asStored(toCall(toGenAI(one, options))))
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('is the same if the words of its model call are remembered', () => {
    const property = fc.property(said, fc.constantFrom(...MODES), (attributes, mode) => {
      const options = { content: createContentPolicy({ mode }), prices }
      const remembering = { ...options, memory: createContentMemory() }
      for (const one of [spanOf('chat', attributes), spanOf('invoke_agent', attributes)]) {
        // One memory serves both ways, and neither sees what the other one wrote.
        const converted = toGenAI(one, remembering)
        expect(asStored(toCallOfSpan(one, remembering))).toEqual(asStored(toCallOfSpan(one, options)))
        expect(converted.attributes).toEqual(toGenAI(one, options).attributes)
      }
    })
    fc.assert(property, { numRuns: 200 })
  })

  test('of a converted span is the same once more', () => {
    const options = { content: createContentPolicy({ mode: 'preview' }), prices }
    const converted = toGenAI(spanOf('chat', { 'gen_ai.input.messages': '[{"role":"user","parts":[]}]' }), options)
    expect(toCallOfSpan(converted, options)).toEqual(toCall(converted))
  })

  test('is nothing for a span of something else', () => {
    expect(toCallOfSpan(span({ 'http.request.method': 'GET' }))).toBeUndefined()
  })
})

function spanOf(operation: string, attributes: Readonly<Record<string, unknown>>): SpanLike {
  return {
    ...span({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 4,
      ...attributes,
    }),
    instrumentationScope: { name: 'gen_ai' },
  }
}

/** Every database keeps JSON as text. */
function asStored(call: unknown): unknown {
  return JSON.parse(JSON.stringify(call))
}

function asText(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return value.map((json) => JSON.stringify(json) ?? '')
}
