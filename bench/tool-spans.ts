import { type Attributes, type Context, context, SpanKind, trace, type Tracer } from '@opentelemetry/api'
import type { CallOfSpans } from './spans.ts'

interface SpanShape {
  readonly name: string
  readonly kind?: SpanKind
  readonly atStart: Attributes
  readonly atEnd: Attributes
  readonly children?: readonly SpanShape[]
}

const TOOL = { type: 'function', name: 'weather', description: 'The weather in a city' }
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const INPUT = { city: 'Paris' }
const RESULT = { celsius: 21, sky: 'cloudless' }
const ANSWER = 'It is 21 degrees in Paris, and there is no cloud in the sky.'
const METADATA = { 'ai.response.providerMetadata': '{"openai":{"responseId":"resp_1","serviceTier":"default"}}' }

/** AI SDK 6 `generateText` with a tool: a root with a provider call, a tool call and another provider call. */
export function sixToolSpans(tracer: Tracer): CallOfSpans {
  return (prompt) => makeSpan(tracer, sixTools(prompt), context.active())
}

/** AI SDK 7 `generateText` with a tool: an agent with a step of chat and tool, and a step of chat. */
export function sevenToolSpans(tracer: Tracer): CallOfSpans {
  return (prompt) => makeSpan(tracer, sevenTools(prompt), context.active())
}

function makeSpan(tracer: Tracer, { name, kind, atStart, atEnd, children = [] }: SpanShape, above: Context): void {
  const span = tracer.startSpan(name, { kind: kind ?? SpanKind.INTERNAL, attributes: atStart }, above)
  const inside = trace.setSpan(above, span)
  for (const child of children) makeSpan(tracer, child, inside)
  span.setAttributes(atEnd)
  span.end()
}

function sixTools(prompt: string): SpanShape {
  const input = JSON.stringify(INPUT)
  const asked = { role: 'user', content: [{ type: 'text', text: prompt }] }
  const tool = { toolCallId: 'call_1', toolName: 'weather' }
  const call = { role: 'assistant', content: [{ type: 'tool-call', ...tool, input: INPUT }] }
  const output = { type: 'json', value: RESULT }
  const result = { role: 'tool', content: [{ type: 'tool-result', ...tool, output }] }
  return {
    name: 'ai.generateText',
    atStart: { ...sixStart('ai.generateText'), ...SIX_MODEL, 'ai.prompt': JSON.stringify({ prompt }) },
    atEnd: { 'ai.response.finishReason': 'stop', 'ai.response.text': ANSWER, ...METADATA, ...sixUsage(2) },
    children: [
      sixProviderCall([asked], 'tool-calls', { 'ai.response.toolCalls': JSON.stringify([{ ...tool, input }]) }),
      {
        name: 'ai.toolCall',
        atStart: {
          ...sixStart('ai.toolCall'),
          'ai.toolCall.name': 'weather',
          'ai.toolCall.id': 'call_1',
          'ai.toolCall.args': input,
        },
        atEnd: { 'ai.toolCall.result': JSON.stringify(RESULT) },
      },
      sixProviderCall([asked, call, result], 'stop', { 'ai.response.text': ANSWER }),
    ],
  }
}

function sixProviderCall(messages: readonly object[], finishReason: string, answer: Attributes): SpanShape {
  return {
    name: 'ai.generateText.doGenerate',
    atStart: {
      ...sixStart('ai.generateText.doGenerate'),
      ...SIX_MODEL,
      'ai.prompt.messages': JSON.stringify(messages),
      'ai.prompt.tools': [JSON.stringify({ ...TOOL, inputSchema: SCHEMA })],
      'ai.prompt.toolChoice': '{"type":"auto"}',
      'gen_ai.system': 'openai.responses',
      'gen_ai.request.model': 'gpt-5',
    },
    atEnd: {
      'ai.response.finishReason': finishReason,
      ...answer,
      'ai.response.id': 'resp_1',
      'ai.response.model': 'gpt-5-2025-08-07',
      'ai.response.timestamp': '2026-11-21T10:00:00.000Z',
      ...METADATA,
      ...sixUsage(1),
      'gen_ai.response.finish_reasons': [finishReason],
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 40,
    },
  }
}

const SIX_MODEL = {
  'ai.model.provider': 'openai.responses',
  'ai.model.id': 'gpt-5',
  'ai.settings.maxRetries': 2,
  'ai.request.headers.user-agent': 'ai/6.0.326',
}

function sixStart(operationId: string): Attributes {
  return {
    'operation.name': `${operationId} chat`,
    'resource.name': 'chat',
    'ai.operationId': operationId,
    'ai.telemetry.functionId': 'chat',
    'ai.telemetry.metadata.userId': 'ada',
    'ai.telemetry.metadata.sessionId': 'session-1',
  }
}

function sixUsage(calls: number): Attributes {
  return {
    'ai.usage.inputTokens': 100 * calls,
    'ai.usage.outputTokens': 40 * calls,
    'ai.usage.totalTokens': 140 * calls,
    'ai.usage.reasoningTokens': 7 * calls,
    'ai.usage.cachedInputTokens': 30 * calls,
    'ai.usage.inputTokenDetails.noCacheTokens': 70 * calls,
    'ai.usage.inputTokenDetails.cacheReadTokens': 30 * calls,
    'ai.usage.outputTokenDetails.textTokens': 33 * calls,
    'ai.usage.outputTokenDetails.reasoningTokens': 7 * calls,
  }
}

function sevenTools(prompt: string): SpanShape {
  const asked = { role: 'user', parts: [{ type: 'text', content: prompt }] }
  const call = { type: 'tool_call', id: 'call_1', name: 'weather', arguments: INPUT }
  const result = { type: 'tool_call_response', id: 'call_1', response: RESULT }
  const answer = { type: 'text', content: ANSWER }
  const tool = {
    name: 'execute_tool weather',
    atStart: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'weather',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.arguments': JSON.stringify(INPUT),
    },
    atEnd: { 'gen_ai.execute_tool.duration': 0.2, 'gen_ai.tool.call.result': JSON.stringify(RESULT) },
  }
  const messages = [asked, { role: 'assistant', parts: [call] }, { role: 'tool', parts: [result] }]
  return {
    name: 'invoke_agent gpt-5',
    atStart: {
      'gen_ai.operation.name': 'invoke_agent',
      ...SEVEN_MODEL,
      'gen_ai.agent.name': 'chat',
      ...SEVEN_CONTEXT,
      'gen_ai.input.messages': JSON.stringify([asked]),
    },
    atEnd: {
      'gen_ai.response.finish_reasons': ['stop'],
      ...sevenUsage(2),
      'gen_ai.output.messages': sevenAnswer([answer, call, result], 'stop'),
      ...METADATA,
    },
    children: [
      sevenStep(1, [sevenChat([asked], 'tool-calls', sevenAnswer([call], 'tool_call')), tool]),
      sevenStep(2, [sevenChat(messages, 'stop', sevenAnswer([answer], 'stop'))]),
    ],
  }
}

function sevenStep(number: number, children: readonly SpanShape[]): SpanShape {
  return {
    name: `step ${number}`,
    atStart: { 'gen_ai.operation.name': 'agent_step', ...SEVEN_CONTEXT, 'ai.prompt.toolChoice': '{"type":"auto"}' },
    atEnd: { ...SEVEN_DETAILS, ...METADATA },
    children,
  }
}

function sevenChat(messages: readonly object[], finishReason: string, answer: string): SpanShape {
  return {
    name: 'chat gpt-5',
    kind: SpanKind.CLIENT,
    atStart: {
      'gen_ai.operation.name': 'chat',
      ...SEVEN_MODEL,
      'gen_ai.input.messages': JSON.stringify(messages),
      'gen_ai.tool.definitions': JSON.stringify([{ ...TOOL, inputSchema: SCHEMA }]),
    },
    atEnd: {
      'gen_ai.client.operation.duration': 1.2,
      'gen_ai.response.finish_reasons': [finishReason],
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      ...sevenUsage(1),
      'gen_ai.output.messages': answer,
      ...METADATA,
    },
  }
}

function sevenAnswer(parts: readonly object[], finishReason: string): string {
  return JSON.stringify([{ role: 'assistant', parts, finish_reason: finishReason }])
}

const SEVEN_MODEL = { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5' }
const SEVEN_CONTEXT = { 'ai.settings.context.userId': 'ada', 'ai.settings.context.sessionId': 'session-1' }
const SEVEN_DETAILS = {
  'ai.usage.inputTokenDetails.noCacheTokens': 70,
  'ai.usage.outputTokenDetails.textTokens': 33,
  'ai.usage.outputTokenDetails.reasoningTokens': 7,
}

function sevenUsage(calls: number): Attributes {
  return {
    'gen_ai.usage.input_tokens': 100 * calls,
    'gen_ai.usage.output_tokens': 40 * calls,
    'gen_ai.usage.cache_read.input_tokens': 30 * calls,
    ...SEVEN_DETAILS,
  }
}
