import { type ContentMode, type SpanLike, toGenAI } from '@spanledger/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributesRead, expectCleanPrototypes, expectStorable, pipeline, withAttribute } from './hostile-pipeline.ts'
import { CHAT, HOSTILE_VALUES, HUGE_VALUES, OTHER_SCOPE, span, withGetter } from './hostile-values.ts'

const LEGACY = {
  'ai.operationId': 'ai.generateText.doGenerate',
  'ai.model.provider': 'openai.responses',
  'ai.model.id': 'gpt-5',
  'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"Why?"}]}]',
  'ai.response.text': 'Because.',
  'ai.response.finishReason': 'stop',
  'ai.telemetry.metadata.userId': 'ada',
  'ai.telemetry.metadata.plan': 'pro',
  'ai.telemetry.metadata.tags': ['beta'],
  'ai.usage.inputTokens': 100,
  'ai.usage.outputTokens': 40,
}
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.result': '{}' }

/** A well-behaved span of each dialect. */
const DIALECTS: Readonly<Record<string, () => SpanLike>> = {
  'AI SDK 4 to 6': () => span(LEGACY, { instrumentationScope: { name: 'ai' } }),
  'an AI SDK 4 to 6 tool': () =>
    span({ 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'weather', 'ai.toolCall.args': '{}' }),
  'AI SDK 7': () =>
    span({ ...CHAT, 'ai.settings.context.userId': 'ada', 'ai.response.providerMetadata': '{"openai":{}}' }),
  'an AI SDK 7 tool': () => span(TOOL),
  'other GenAI instrumentations': () =>
    span({ ...CHAT, 'gen_ai.usage.cost': 0.1, 'openai.response.service_tier': 'flex' }, OTHER_SCOPE),
  'an embedding': () => span({ ...CHAT, 'gen_ai.operation.name': 'embeddings' }, OTHER_SCOPE),
  'a converted span': () =>
    toGenAI(span({ ...CHAT, 'spanledger.tags': ['a'], 'spanledger.metadata': '{"a":1}' }, OTHER_SCOPE)),
}

// Without these a span is no AI span any more, or another one.
const DECIDING = new Set([
  'ai.operationId',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'spanledger.kind',
  'spanledger.converter_version',
])

describe.each(Object.keys(DIALECTS))('a span of %s', (dialect) => {
  const make = DIALECTS[dialect]!

  test('has a row and is exported, whatever stands in any attribute that we read', async () => {
    const { rows, run } = pipeline()
    const withoutRow: string[] = []
    for (const name of attributesRead(make())) {
      for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
        const row = run(withAttribute(make(), name, value()))
        if (row === undefined && !DECIDING.has(name)) withoutRow.push(`${name}: ${what}`)
      }
    }
    expect(withoutRow).toEqual([])
    await expectStorable(rows)
    expectCleanPrototypes()
  })

  test('has a row when an attribute throws at being read', async () => {
    const { rows, run } = pipeline()
    const names = attributesRead(make())
    for (const name of names) run({ ...make(), attributes: withGetter({ ...make().attributes }, name) })
    expect(rows.length).toBeGreaterThanOrEqual(names.filter((name) => !DECIDING.has(name)).length)
    await expectStorable(rows)
  })

  test.each(['preview', 'full', 'none'] satisfies ContentMode[])(
    'has a small row in mode %s, however long an attribute is',
    async (content) => {
      const { rows, run } = pipeline({ content })
      const huge = Object.values(HUGE_VALUES).map((value) => value())
      // All of them where this dialect has something, one of them in every other place: all in all would take a minute.
      for (const name of Object.keys(make().attributes)) {
        for (const value of huge) run(withAttribute(make(), name, value))
      }
      for (const [index, name] of attributesRead(make()).entries()) {
        run(withAttribute(make(), name, huge[index % huge.length]))
      }
      expect(rows.length).toBeGreaterThan(0)
      await expectStorable(rows)
    },
  )
})

describe('any span', () => {
  test('throws nothing, is exported, and its row can be stored', async () => {
    const { rows, run } = pipeline()
    const names = fc.constantFrom(...new Set(Object.values(DIALECTS).flatMap((make) => attributesRead(make()))))
    // By name: fast-check itself would stumble over the values.
    const hostile = fc.constantFrom(...Object.keys(HOSTILE_VALUES))
    const any = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true })
    const dialect = fc.constantFrom(...Object.values(DIALECTS))
    fc.assert(
      fc.property(
        dialect,
        fc.array(fc.tuple(names, hostile), { maxLength: 8 }),
        fc.array(fc.tuple(names, any), { maxLength: 4 }),
        (make, attributes, others) => {
          const values = attributes.map(([name, what]) => [name, HOSTILE_VALUES[what]!()] as const)
          run([...values, ...others].reduce((made, [name, value]) => withAttribute(made, name, value), make()))
        },
      ),
      { numRuns: 1_000 },
    )
    expect(rows.length).toBeGreaterThan(100)
    await expectStorable(rows)
    expectCleanPrototypes()
  })
})
