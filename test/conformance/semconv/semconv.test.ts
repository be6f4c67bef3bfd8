import type { SpanLike } from '@spanledger/core'
import { describe, expect, test } from 'vitest'
import { spanProblems } from './check-span.ts'

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1-mini',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.cache_creation.input_tokens': 20,
  'gen_ai.usage.cost': 0.000095,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.input.messages': messages([{ type: 'text', content: 'Hello' }]),
  'gen_ai.output.messages': messages([{ type: 'my_part', anything: 1 }], { role: 'assistant', finish_reason: 'stop' }),
  'spanledger.kind': 'model',
}
const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'writer' }
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather' }

describe('nothing is wrong with', () => {
  test.each([
    ['a model call', span('chat gpt-4.1-mini', 2, CHAT)],
    ['an agent', span('invoke_agent writer', 0, AGENT)],
    ['a tool that failed', span('execute_tool weather', 0, { ...TOOL, 'error.type': 'AbortError' }, 2)],
    ['a span that is no AI span', span('GET', 3, { 'ai.looks_like': 'one', 'http.method': 'GET' })],
  ])('%s', (_, valid) => {
    expect(spanProblems(valid, 'compatible')).toEqual([])
  })
})

describe('found is', () => {
  test.each<[string, SpanLike, RegExp]>([
    ['a wrong name', span('chat', 2, CHAT), /the name should be "chat gpt-4.1-mini"/],
    ['a wrong kind', span('chat gpt-4.1-mini', 0, CHAT), /the kind is 0, not 2/],
    ['an unknown operation', span('think', 0, { 'gen_ai.operation.name': 'think' }), /unknown operation "think"/],
    ['a missing provider', chat({ 'gen_ai.provider.name': undefined }), /gen_ai.provider.name is required/],
    ['a raw provider', chat({ 'gen_ai.provider.name': 'openai.chat' }), /gen_ai.provider.name is openai.chat/],
    ['a missing conversation', chat({ 'session.id': 'a' }), /gen_ai.conversation.id is required here/],
    ['an error without a type', span('chat gpt-4.1-mini', 2, CHAT, 2), /error.type is required here/],
    ['a type without an error', chat({ 'error.type': 'TypeError' }), /error.type on a span that is no error/],
    ['an attribute of nobody', chat({ 'gen_ai.usage.total_tokens': 1 }), /is no attribute of the conventions/],
    ['an attribute of another span', chat({ 'gen_ai.tool.name': 'a' }), /is no attribute of gen_ai.client.inference/],
    ['a name of the AI SDK', chat({ 'ai.model.id': 'a' }), /ai.model.id is a name of the AI SDK/],
    ['a wrong type', chat({ 'gen_ai.usage.input_tokens': 1.5 }), /input_tokens is 1.5, not int/],
    ['a finish reason of the AI SDK', chat({ 'gen_ai.response.finish_reasons': ['tool-calls'] }), /has tool-calls/],
    ['stream: false', chat({ 'gen_ai.request.stream': false }), /gen_ai.request.stream is false/],
    ['an unknown kind of output', chat({ 'gen_ai.output.type': 'object' }), /gen_ai.output.type is object/],
    ['a provider on an agent', agent({ 'gen_ai.provider.name': 'openai' }), /makes backends take it for a model call/],
    ['a cost on an agent', agent({ 'gen_ai.usage.cost': 1 }), /gen_ai.usage.cost makes backends take it/],
    ['a part without content', chat({ 'gen_ai.input.messages': messages([{ type: 'text' }]) }), /does not fit/],
    [
      'a tool result under another name',
      chat({ 'gen_ai.input.messages': messages([{ type: 'tool_call_response', result: 1 }]) }),
      /does not fit gen-ai-input-messages.json/,
    ],
    ['messages that are no JSON', chat({ 'gen_ai.input.messages': '[{"role":' }), /is no JSON/],
    [
      'a tool definition without parameters of JSON schema',
      chat({ 'gen_ai.tool.definitions': JSON.stringify([{ type: 'function', name: 'a', parameters: 'b' }]) }),
      /does not fit gen-ai-tool-definitions.json/,
    ],
  ])('%s', (_, wrong, problem) => {
    expect(spanProblems(wrong, 'compatible')).toEqual([expect.stringMatching(problem)])
  })

  test('the cache writes of the other profile', () => {
    expect(spanProblems(chat({}), 'latest')).toEqual([
      expect.stringMatching(/cache_creation.* is of the other profile/),
    ])
  })
})

function chat(attributes: Readonly<Record<string, unknown>>): SpanLike {
  return span('chat gpt-4.1-mini', 2, { ...CHAT, ...attributes })
}

function agent(attributes: Readonly<Record<string, unknown>>): SpanLike {
  return span('invoke_agent writer', 0, { ...AGENT, ...attributes })
}

function messages(parts: readonly unknown[], message: object = { role: 'user' }): string {
  return JSON.stringify([{ ...message, parts }])
}

function span(name: string, kind: number, attributes: Readonly<Record<string, unknown>>, status = 0): SpanLike {
  return {
    name,
    kind,
    attributes,
    status: { code: status },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }),
    startTime: [0, 0],
    endTime: [0, 0],
    events: [],
    resource: { attributes: {} },
    instrumentationScope: { name: 'test' },
  }
}
