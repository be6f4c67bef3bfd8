import { trace } from '@opentelemetry/api'
import { describe, expect, test } from 'vitest'
import { capture } from './capture.ts'
import type { ProviderName } from './providers.ts'
import { runScenario } from './run-scenario.ts'
import { scenarioNamed, SCENARIOS } from './scenarios.ts'
import { loadSdk } from './sdk.ts'
import { spanOutline } from './span-tree.ts'
import { VARIANTS, type Variant } from './variants.ts'

// The tool is a sibling of the model call that asked for it; in 7-legacy it is its child.
const BEFORE_7 = [
  'ai.generateText',
  '  ai.generateText.doGenerate',
  '  ai.toolCall',
  '    ai.generateText',
  '      ai.generateText.doGenerate',
  '  ai.generateText.doGenerate',
]

const OUTLINES: Readonly<Record<Variant, readonly string[]>> = {
  '4': BEFORE_7,
  '4-register': BEFORE_7,
  '5': BEFORE_7,
  '5-register': BEFORE_7,
  '6': BEFORE_7,
  '6-register': BEFORE_7,
  '7-legacy': [
    'ai.generateText',
    '  ai.generateText.doGenerate',
    '    ai.toolCall',
    '      ai.generateText',
    '        ai.generateText.doGenerate',
    '  ai.generateText.doGenerate',
  ],
  '7': outlineOf7('gpt-4.1-mini', 'gpt-4.1-mini'),
  '7-register': outlineOf7('gpt-4.1-mini', 'gpt-4.1-mini'),
  '7-optin': outlineOf7('sub-agent', 'researcher'),
}

test.each(VARIANTS)('an agent within an agent leaves the spans of dialect %s', async (variant) => {
  const run = await runScenario({ scenario: scenarioNamed('sub-agent'), variant, provider: 'openai' })
  expect(spanOutline(run)).toEqual(OUTLINES[variant])
  expect(new Set(run.spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  expect(run.calls).toHaveLength(3)
})

describe.each(VARIANTS)('dialect %s', (variant) => {
  test.each<[ProviderName, string, string]>([
    ['openai', 'openai', 'responses'],
    ['openai.chat', 'openai', 'chat'],
    ['anthropic', 'anthropic', 'messages'],
    ['google', 'google', 'generateContent'],
  ])('%s talks to the API of %s named %s', async (provider, owner, api) => {
    const { calls } = await runScenario({ scenario: scenarioNamed('stream-text'), variant, provider })
    expect(calls.map((call) => [call.provider, call.api, call.stream])).toEqual([[owner, api, true]])
  })
})

test.each([4, 5, 6, 7] as const)('major %i is the real package of that major', async (major) => {
  const { version } = await loadSdk(major)
  expect(version.split('.')[0]).toBe(String(major))
})

test('spans that never end are told apart', async () => {
  const scenario = scenarioNamed('stream-unread')
  const run = await runScenario({ scenario, variant: '6', provider: 'openai' }, { settleMs: 50 })
  expect(run.spans).toEqual([])
  expect(run.open.map((span) => span.name)).toEqual(['ai.streamText', 'ai.streamText.doStream'])
})

test('a capture whose function throws leaves no tracer provider behind', async () => {
  const failure = new Error('broken')
  const { error, spans } = await capture({}, async () => {
    trace.getTracer('test').startSpan('before').end()
    throw failure
  })
  expect(error).toBe(failure)
  expect(spans.map((span) => span.name)).toEqual(['before'])
  expect(trace.getTracer('test').startSpan('after').isRecording()).toBe(false)
})

test('scenarios have names of their own', () => {
  const names = SCENARIOS.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

function outlineOf7(outer: string, inner: string): readonly string[] {
  return [
    `invoke_agent ${outer}`,
    '  step 1',
    '    chat gpt-4.1-mini',
    '    execute_tool research',
    `      invoke_agent ${inner}`,
    '        step 1',
    '          chat gpt-4.1-mini',
    '  step 2',
    '    chat gpt-4.1-mini',
  ]
}
