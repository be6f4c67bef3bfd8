import { createContentPolicy, createPriceBook, toCall, toGenAI } from '@spanledger/core'
import { describe, expect, test } from 'vitest'
import { span } from '../../builders.ts'

const options = { content: createContentPolicy({ mode: 'preview' }), prices: createPriceBook() }

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.usage.input_tokens': 1_000_000,
  'gen_ai.usage.output_tokens': 1_000_000,
  'gen_ai.usage.cache_read.input_tokens': 0,
}

describe('toGenAI', () => {
  test('leaves a span that is no AI span as it is', () => {
    const http = span({ 'http.request.method': 'GET' })
    expect(toGenAI(http, options)).toBe(http)
    expect(toCall(http)).toBeUndefined()
  })

  test('does not change the span it converts', () => {
    const attributes = Object.freeze({ ...CHAT, 'gen_ai.system': 'openai' })
    const original = Object.freeze(span(attributes, { name: 'untouched' }))
    const converted = toGenAI(original, options)
    expect(converted).not.toBe(original)
    expect(converted.name).toBe('chat gpt-5')
    expect(original.name).toBe('untouched')
    expect(original.attributes).toBe(attributes)
  })

  test('converting twice changes nothing', () => {
    const once = toGenAI(span(CHAT), options)
    expect(toGenAI(once, options)).toBe(once)
  })

  test('brings the names of older conventions up to date', () => {
    const old = span(
      {
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.prompt_tokens': 12,
        'gen_ai.usage.completion_tokens': 3,
        'gen_ai.openai.request.seed': 7,
        'gen_ai.response.finish_reasons': ['tool_calls'],
      },
      { scope: 'opentelemetry.instrumentation.openai' },
    )
    const { attributes } = toGenAI(old, options)
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.request.seed': 7,
      'gen_ai.response.finish_reasons': ['tool_call'],
      'spanledger.sdk': 'opentelemetry.instrumentation.openai',
    })
    expect(
      Object.keys(attributes).filter((key) => /gen_ai\.system$|prompt_tokens|completion_tokens|openai/.test(key)),
    ).toEqual([])
  })

  test('reads messages from the events of older conventions', () => {
    const old = span(CHAT, {
      events: [
        { name: 'gen_ai.user.message', attributes: { content: 'What is a span?' } },
        { name: 'gen_ai.choice', attributes: { message: '{"role":"assistant","content":"A timed operation."}' } },
      ],
    })
    expect(toCall(toGenAI(old, options))?.content).toMatchObject({
      question: 'What is a span?',
      answer: 'A timed operation.',
    })
    expect(toGenAI(old, options).events).toEqual([])
  })

  test('reads messages from indexed attributes', () => {
    const indexed = span({
      ...CHAT,
      'gen_ai.prompt.0.role': 'user',
      'gen_ai.prompt.0.content': 'What is a trace?',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.content': 'Spans that belong together.',
    })
    expect(toCall(toGenAI(indexed, options))?.content).toMatchObject({
      question: 'What is a trace?',
      answer: 'Spans that belong together.',
    })
    expect(Object.keys(toGenAI(indexed, options).attributes).filter((key) => /prompt|completion/.test(key))).toEqual([])
  })

  test('prices a call in whole nano-USD and shows USD to other backends', () => {
    // gpt-5: $1.25 and $10 a million tokens, so $11.25.
    expect(toGenAI(span(CHAT), options).attributes).toMatchObject({
      'spanledger.cost_nano_usd': 11_250_000_000,
      'spanledger.cost_source': 'list',
      'gen_ai.usage.cost': 11.25,
    })
  })

  test('takes the figure of whoever made the span', () => {
    const reported = toCall(toGenAI(span({ ...CHAT, 'gen_ai.usage.cost': 0.5 }), options))
    expect(reported).toMatchObject({ cost_nano_usd: 500_000_000, cost_source: 'reported' })
  })

  test('an agent carries neither provider nor cost, and its tokens are not billed', () => {
    const agent = toGenAI(
      span({ ...CHAT, 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper' }),
      options,
    )
    expect(agent).toMatchObject({ name: 'invoke_agent helper', kind: 0 })
    expect(Object.keys(agent.attributes).filter((key) => /provider\.name|request\.model|cost|cache/.test(key))).toEqual(
      [],
    )
    expect(toCall(agent)).toMatchObject({ kind: 'run', billable: 0, cost_nano_usd: null })
  })

  test('writes one name for cache writes, by profile', () => {
    const written = { ...CHAT, 'gen_ai.usage.cache_write.input_tokens': 20 }
    const namesIn = (profile: 'compatible' | 'latest') =>
      Object.keys(toGenAI(span(written), { ...options, profile }).attributes).filter((key) =>
        /cache_(write|creation)/.test(key),
      )
    expect(namesIn('compatible')).toEqual(['gen_ai.usage.cache_creation.input_tokens'])
    expect(namesIn('latest')).toEqual(['gen_ai.usage.cache_write.input_tokens'])
    for (const profile of ['compatible', 'latest'] as const) {
      expect(toCall(toGenAI(span(written), { ...options, profile }))?.cache_write_tokens).toBe(20)
    }
  })

  test('keeps what is consistent of a usage that contradicts itself', () => {
    const odd = { ...CHAT, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.cache_read.input_tokens': 50 }
    expect(toCall(toGenAI(span(odd), options))).toMatchObject({
      input_tokens: 10,
      cache_read_tokens: null,
      cost_flags: expect.arrayContaining(['inconsistent_usage']) as unknown,
    })
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '100', null, {}, [1]])(
    'a token count of %s is unknown',
    (count) => {
      const { 'gen_ai.usage.cache_read.input_tokens': _, ...rest } = CHAT
      const call = toCall(
        toGenAI(span({ ...rest, 'gen_ai.usage.input_tokens': count, 'gen_ai.usage.output_tokens': count }), options),
      )
      expect(call).toMatchObject({
        input_tokens: null,
        output_tokens: null,
        usage_source: 'none',
        cost_nano_usd: null,
        cost_reason: 'no_usage',
      })
    },
  )

  test('takes the Authorization header off spans of AI SDK 4 to 6', () => {
    const legacy = span({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.request.headers.authorization': 'Bearer secret',
    })
    expect(JSON.stringify(toGenAI(legacy, options).attributes)).not.toContain('secret')
  })

  test('takes credentials out of error messages, status and stack', () => {
    const key = 'sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-AbCdEfGhAA'
    const failed = toGenAI(
      span(CHAT, {
        status: { code: 2, message: `invalid x-api-key ${key}` },
        events: [
          {
            name: 'exception',
            attributes: {
              'exception.type': 'AI_APICallError',
              'exception.message': `bad ${key}`,
              'exception.stacktrace': `at ${key}`,
            },
          },
        ],
      }),
      options,
    )
    expect(JSON.stringify([failed.status, failed.events, toCall(failed)])).not.toContain(key)
    expect(toCall(failed)).toMatchObject({ status: 'error', error_type: 'AI_APICallError' })
  })
})
