import { type Attributes, context, type Span, trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { type Call, toToolSpanId } from '@spanledger/core'
import { GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { describe, expect, test } from 'vitest'
import { type LedgerRun, listSink, runWithLedger } from '../conformance/ledger.ts'
import type { Scenario } from '../conformance/scenario.ts'
import { scenarioNamed } from '../conformance/scenarios.ts'
import { consume, quiet } from '../conformance/scenarios/consume.ts'
import type { AiModule, TextAnswer } from '../conformance/sdk.ts'
import type { Variant } from '../conformance/variants.ts'

const VARIANTS: readonly Variant[] = ['4', '5', '6', '7-legacy', '7']

// Version 4 throws, so that there the run itself is the error.
const SILENT: readonly Variant[] = ['5', '6', '7-legacy', '7']

describe.each(VARIANTS)('in dialect %s', (variant) => {
  test.each([
    ['tools', ['weather ok 0', 'weather ok 1']],
    ['parallel-tools', ['time ok 0', 'weather ok 0', 'weather ok 0']],
    ['failing-tool', ['weather error 0']],
  ] as const)('%s has the rows of its tool spans and no other', async (name, expected) => {
    const run = await ledgerOf(scenarioNamed(name), variant)
    expect(toolsOf(run)).toEqual(expected)
    expect(idsWithoutSpan(run)).toEqual([])
    const streamedRun = await ledgerOf(streamed(scenarioNamed(name)), variant)
    expect(toolsOf(streamedRun)).toEqual(expected)
    expect(idsWithoutSpan(streamedRun)).toEqual([])
  })
})

describe.each(SILENT)('in dialect %s', (variant) => {
  test.each([
    ['unknown-tool', 'horoscope', 'AI_NoSuchToolError', { sign: 'leo' }, 'unavailable tool'],
    ['invalid-tool-arguments', 'weather', 'AI_InvalidToolInputError', { town: 'Paris' }, 'Invalid input for tool'],
  ] as const)('%s is a failed tool row', async (name, tool, errorType, toolArguments, message) => {
    const run = await ledgerOf(scenarioNamed(name), variant)
    expect(toolsOf(run)).toEqual([`${tool} error 0`])
    const row = run.rows.find(({ kind }) => kind === 'tool')
    const [asking] = modelsOf(run)
    expect(row).toMatchObject({
      name: `execute_tool ${tool}`,
      call_type: 'EXECUTE_TOOL',
      billable: 0,
      run_id: asking?.run_id,
      trace_id: asking?.trace_id,
      operation: name,
      // The default of version 7 puts no metadata on spans.
      user_id: variant === '7' ? null : 'ada',
      session_id: variant === '7' ? null : 'session-1',
      tags: asking?.tags,
      sdk: asking?.sdk,
      sdk_version: asking?.sdk_version,
      service_name: asking?.service_name,
      started_at: asking?.ended_at,
      ended_at: asking?.ended_at,
      duration_ms: 0,
      tool_type: 'function',
      error_type: errorType,
      error_message: expect.stringContaining(message),
      cost_nano_usd: null,
      input_tokens: null,
      content: { tool_arguments: toolArguments },
    })
    expect(row?.tool_call_id).toBe(askedIdOf(run))
    expect(row?.span_id).toMatch(/^(?!0{16})[0-9a-f]{16}$/)
  })

  test.each(['unknown-tool', 'invalid-tool-arguments'])('%s is one when the answer is streamed', async (name) => {
    const run = await ledgerOf(streamed(scenarioNamed(name)), variant)
    expect(toolsOf(run)).toEqual([`${name === 'unknown-tool' ? 'horoscope' : 'weather'} error 0`])
    expect(idsWithoutSpan(run)).toHaveLength(1)
  })

  test('a call that is refused beside one that runs', async () => {
    const run = await ledgerOf(
      {
        ...scenarioNamed('tools'),
        answer: {
          toolCalls: [
            { name: 'weather', arguments: { city: 'Paris' } },
            { name: 'horoscope', arguments: { sign: 'leo' } },
          ],
        },
      },
      variant,
    )
    expect(toolsOf(run)).toEqual(['horoscope error 0', 'weather ok 0'])
    expect(idsWithoutSpan(run)).toHaveLength(1)
  })
})

test('in dialect 4 a call that is refused is the error of its run', async () => {
  const run = await ledgerOf(scenarioNamed('unknown-tool'), '4')
  expect(toolsOf(run)).toEqual([])
  expect(run.rows.find(({ kind }) => kind === 'run')).toMatchObject({
    status: 'error',
    error_type: 'AI_NoSuchToolError',
  })
})

const RUN = { 'ai.operationId': 'ai.generateText' }
const MODEL = { 'ai.operationId': 'ai.generateText.doGenerate' }
const ASKS = {
  ...MODEL,
  'ai.response.toolCalls': '[{"toolCallId":"call_0","toolName":"weather","input":"{\\"city\\":\\"Paris\\"}"}]',
}

describe('a tool result in a later prompt', () => {
  test('is no failure of a tool that the application ran elsewhere', () => {
    const rows = rowsOfSpans((start) => {
      const run = start(RUN)
      start(ASKS, run).end()
      start({ ...MODEL, ...promptWith({ type: 'json', value: { celsius: 21 } }) }, run).end()
      run.end()
    })
    expect(rows.filter(({ kind }) => kind === 'tool')).toEqual([])
  })

  test('tells of one failure, however often prompts repeat it, and its row is the same each time', () => {
    const failed = promptWith({ type: 'error-text', value: 'The tool is out of order' })
    const rows = rowsOfSpans((start) => {
      const run = start(RUN)
      start(ASKS, run).end()
      start({ ...MODEL, ...failed }, run).end()
      start({ ...MODEL, ...failed }, run).end()
      run.end()
    })
    const tools = rows.filter(({ kind }) => kind === 'tool')
    expect(tools).toMatchObject([{ error_type: '_OTHER', error_message: 'The tool is out of order' }])
    expect(tools[0]?.span_id).toBe(toToolSpanId(tools[0]?.trace_id ?? '', 'call_0'))
  })

  test('is looked for up to 128 calls of a run', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `call_${index}`)
    const calls = ids.map((toolCallId) => ({ toolCallId, toolName: 'weather', input: '{}' }))
    const content = ids.map((toolCallId) => ({
      type: 'tool-result',
      toolCallId,
      output: { type: 'error-text', value: 'no' },
    }))
    const rows = rowsOfSpans((start) => {
      const run = start(RUN)
      start({ ...MODEL, 'ai.response.toolCalls': JSON.stringify(calls) }, run).end()
      start({ ...MODEL, 'ai.prompt.messages': JSON.stringify([{ role: 'tool', content }]) }, run).end()
      run.end()
    })
    const tools = rows.filter(({ kind }) => kind === 'tool')
    expect(tools.map((row) => row.tool_call_id)).toEqual(ids.slice(-128))
    expect(new Set(tools.map((row) => row.span_id)).size).toBe(128)
  })

  test('is of its own run only', () => {
    const rows = rowsOfSpans((start) => {
      const run = start(RUN)
      start(ASKS, run).end()
      const other = start(RUN, run)
      start({ ...MODEL, ...promptWith({ type: 'error-text', value: 'no' }) }, other).end()
      other.end()
      run.end()
    })
    expect(rows.filter(({ kind }) => kind === 'tool')).toEqual([])
  })

  test('says nothing where other instrumentations run tools without a span', () => {
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' }
    const part = { type: 'tool_call_response', id: 'call_0', response: 'AI_NoSuchToolError: no' }
    const rows = rowsOfSpans((start) => {
      const run = start({ 'gen_ai.operation.name': 'invoke_agent' })
      const asks = [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'call_0', name: 'weather' }] }]
      start({ ...chat, 'gen_ai.output.messages': JSON.stringify(asks) }, run).end()
      start({ ...chat, 'gen_ai.input.messages': JSON.stringify([{ role: 'tool', parts: [part] }]) }, run).end()
      run.end()
    })
    expect(rows.map(({ kind }) => kind)).toEqual(['model', 'model', 'run'])
  })
})

function promptWith(output: object): Attributes {
  const result = { type: 'tool-result', toolCallId: 'call_0', toolName: 'weather', output }
  return { 'ai.prompt.messages': JSON.stringify([{ role: 'tool', content: [result] }]) }
}

function rowsOfSpans(work: (start: (attributes: Attributes, parent?: Span) => Span) => void): Call[] {
  const rows: Call[] = []
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))])
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('ai')
  work((attributes, parent) => {
    const above = parent === undefined ? context.active() : trace.setSpan(context.active(), parent)
    return tracer.startSpan('span', { attributes }, above)
  })
  return rows
}

async function ledgerOf(scenario: Scenario, variant: Variant): Promise<LedgerRun> {
  return runWithLedger({ scenario, variant, provider: 'openai' })
}

/** The scenario with its answers streamed. */
function streamed(scenario: Scenario): Scenario {
  return {
    ...scenario,
    run: (context) => {
      const { ai } = context.sdk
      const generateText: AiModule['generateText'] = async (options): Promise<TextAnswer> => {
        await consume(ai.streamText({ ...options, ...quiet }))
        return { text: '', finishReason: '', usage: {} }
      }
      return scenario.run({ ...context, sdk: { ...context.sdk, ai: { ...ai, generateText } } })
    },
  }
}

/** Each tool row as its name, its status and which of the model calls, counted from 0, is its parent. */
function toolsOf(run: LedgerRun): string[] {
  const models = modelsOf(run).map((model) => model.span_id)
  return run.rows
    .filter(({ kind }) => kind === 'tool')
    .map((row) => `${row.tool_name} ${row.status} ${models.indexOf(row.parent_span_id ?? '')}`)
    .sort()
}

function modelsOf({ rows }: LedgerRun): Call[] {
  return rows.filter(({ kind }) => kind === 'model').sort((a, b) => a.started_at - b.started_at)
}

function idsWithoutSpan({ rows, spans }: LedgerRun): string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId))
  return rows.flatMap((row) => (row.kind === 'tool' && !ids.has(row.span_id) ? [row.span_id] : []))
}

// What the second request over the wire sends back of the call.
function askedIdOf({ calls }: LedgerRun): string | undefined {
  return /"call_id":"([^"]+)"/.exec(JSON.stringify(calls.at(-1)?.requestBody))?.[1]
}
