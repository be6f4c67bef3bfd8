import { execFileSync } from 'node:child_process'
import { type ContentMode, createContentPolicy, type Json } from '@spanledger/core'
import {
  type AppliedContent,
  answerOf,
  type ContentDraft,
  cutJson,
  cutText,
  questionOf,
  sanitizeText,
  systemPromptOf,
  toJson,
} from '@spanledger/core/content'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PREFIXED } from './credentials.ts'
import { type Schema, schemaErrors } from '../json-schema.ts'
import messageSchemas from '../message-schemas.json' with { type: 'json' }

const RUNS = { numRuns: 500 }
const SCHEMAS = messageSchemas as Record<string, Schema>
const FAMILY = '👨‍👩‍👧‍👦'
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Texts of all that makes cutting hard. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        FAMILY,
        '😀',
        '🇩🇪',
        '🇫',
        'e\u0301',
        'a\u0300\u0301\u0302',
        '\r\n',
        '\ud800',
        '\udc00',
        '\0',
        '한',
        '각',
      ),
      fc.constantFrom('क्षि', 'ਸ਼੍ਰੀ', '\u200d', '\ufe0f', '👍🏽', '#️⃣', '\u0600', 'word ', '"', '\\', '\n', 'é', '\u2026'),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

const anything = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'length', 'password')),
  maxDepth: 6,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})

describe('sanitizeText', () => {
  test('keeps what every store accepts, and its length', () => {
    expect(sanitizeText('a😀é\n')).toBe('a😀é\n')
    expect(sanitizeText('a\ud83d b\0c\ude00')).toBe('a\ufffd b\u2400c\ufffd')
  })
})

describe('cutText', () => {
  test.each([
    ['short', 500, 'short'],
    ['exactly', 7, 'exactly'],
    ['one too long', 11, 'one too lo…'],
    [`${'x'.repeat(499)}😀`, 500, `${'x'.repeat(499)}…`],
    [`${'x'.repeat(498)}😀x`, 500, `${'x'.repeat(498)}…`],
    [`ab${FAMILY}cd`, 10, 'ab…'],
    [`ab${FAMILY}cd`, 14, `ab${FAMILY}…`],
    ['cafe\u0301s', 5, 'caf…'],
    ['🇩🇪🇫🇷🇮🇹', 7, '🇩🇪…'],
    ['🇩🇪'.repeat(500), 500, `${'🇩🇪'.repeat(124)}…`],
    [FAMILY, 5, '…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['abc', -1, ''],
    ['abc', Number.NaN, ''],
    ['a\0b', 500, 'a\u2400b'],
  ])('%j at %d', (text, maxLength, expected) => {
    expect(cutText(text, maxLength)).toBe(expected)
  })

  test('a grapheme that is longer than any writing needs is cut between code points', () => {
    const cut = cutText(`a${'\u0301'.repeat(5_000)}`, 1_000)
    expect(cut.length).toBe(1_000)
    expect(cutText(`a${'\u{1d165}'.repeat(5_000)}`, 1_000).isWellFormed()).toBe(true)
  })

  test('never splits a grapheme, never is too long, never is ill-formed', () => {
    const property = fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, maxLength) => {
      const cut = cutText(text, maxLength)
      expect(cut.length).toBeLessThanOrEqual(maxLength)
      expect(cut.isWellFormed() && !cut.includes('\0')).toBe(true)
      const whole = sanitizeText(text)
      fc.pre(text.length > maxLength)
      const kept = cut.slice(0, -1)
      expect(cut.endsWith('…') && whole.startsWith(kept)).toBe(true)
      const boundaries = new Set([0, whole.length, ...Array.from(graphemes.segment(whole), ({ index }) => index)])
      expect(boundaries.has(kept.length)).toBe(true)
      // As much as fits is kept.
      const next = [...boundaries].filter((boundary) => boundary > kept.length).toSorted((a, b) => a - b)[0]
      expect(next).toBeGreaterThan(maxLength - 1)
    })
    fc.assert(property, { numRuns: 5_000 })
  })

  test('what fits is only sanitized', () => {
    const property = fc.property(anyText, (text) => {
      expect(cutText(text, text.length)).toBe(sanitizeText(text))
    })
    fc.assert(property, RUNS)
  })

  test('cutting twice changes nothing', () => {
    const property = fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, maxLength) => {
      const once = cutText(text, maxLength)
      expect(cutText(once, maxLength)).toBe(once)
    })
    fc.assert(property, RUNS)
  })
})

describe('toJson', () => {
  const cyclic: Record<string, unknown> = { a: 1 }
  cyclic.self = cyclic
  const broken = {
    get broken(): number {
      throw new Error('no')
    },
    fine: 1,
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()

  test.each<[string, unknown, Json]>([
    ['plain JSON', { a: [1, 'x', true, null, { b: -0 }] }, { a: [1, 'x', true, null, { b: 0 }] }],
    ['numbers that JSON has not', [Number.NaN, Infinity, -Infinity], [null, null, null]],
    ['big integers', [1n, 2n ** 60n, -(2n ** 5_000n)], [1, '1152921504606846976', '[bigint]']],
    ['what JSON leaves out', { a: undefined, b: () => 1, c: Symbol('c'), d: 1 }, { d: 1 }],
    ['gaps in arrays', [undefined, Symbol('x'), 1], [null, null, 1]],
    ['nothing', undefined, null],
    ['dates', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', null]],
    ['URLs', new URL('http://a.example/b'), 'http://a.example/b'],
    ['errors', new TypeError('bad'), { name: 'TypeError', message: 'bad' }],
    ['bytes', { data: new Uint8Array(5), buffer: new ArrayBuffer(7) }, { data: '[5 bytes]', buffer: '[7 bytes]' }],
    ['cycles', cyclic, { a: 1, self: '[circular]' }],
    ['getters that throw', broken, { broken: '[unreadable]', fine: 1 }],
    ['proxies that are gone', { gone: revoked.proxy }, { gone: '[unreadable]' }],
    ['toJSON that returns itself', { toJSON: returnThis, a: 1 }, { a: 1 }],
    ['toJSON that throws', { toJSON: fail }, '[unreadable]'],
    ['texts no store accepts', { 'k\0': '\ud800' }, { 'k\u2400': '\ufffd' }],
  ])('%s', (_, value, expected) => {
    expect(toJson(value)).toEqual(expected)
  })

  test('reads every property once', () => {
    let reads = 0
    const counting = new Proxy(
      { a: 1, b: 2 },
      { get: (target, key) => ((reads += key === 'toJSON' ? 0 : 1), Reflect.get(target, key)) },
    )
    expect(toJson(counting)).toEqual({ a: 1, b: 2 })
    expect(reads).toBe(2)
  })

  test('says what it left out', () => {
    const wide = Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index]))
    const result = toJson({ wide, long: Array.from({ length: 1_500 }, (_, index) => index) }) as Record<string, Json>
    expect(Object.keys(result.wide as object).length).toBe(1_000)
    expect((result.wide as Record<string, Json>)['…']).toBe('501 more')
    expect((result.long as readonly Json[]).length).toBe(1_000)
    expect((result.long as readonly Json[]).at(-1)).toBe('… 501 more')
  })

  test('stops where values have no end', () => {
    let deep: unknown = 'bottom'
    for (let level = 0; level < 10_000; level += 1) deep = [deep]
    expect(JSON.stringify(toJson(deep))).toBe(`${'['.repeat(32)}"…"${']'.repeat(32)}`)

    let shared: unknown = ['leaf']
    for (let level = 0; level < 60; level += 1) shared = { left: shared, right: shared }
    expect(JSON.stringify(toJson(shared)).length).toBeLessThan(500_000)

    const endless: unknown = new Proxy({}, { ownKeys: () => ['next'], getOwnPropertyDescriptor, get: () => endless })
    expect(JSON.stringify(toJson(endless)).length).toBeLessThan(1_000)
  })

  test('takes anything, and gives what JSON gives back', () => {
    const property = fc.property(anything, (value) => {
      const json = toJson(value)
      expect(JSON.parse(JSON.stringify(json))).toEqual(json)
      expect(toJson(json)).toEqual(json)
    })
    fc.assert(property, RUNS)
  })

  test('touches no prototype', () => {
    const before = Reflect.ownKeys(Object.prototype)
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}',
    ) as Json
    for (const value of [toJson(hostile), cutJson(hostile, 40), cutJson(hostile, 500)]) {
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Object.hasOwn(value as object, '__proto__')).toBe(false)
    }
    expect(toJson(hostile)).toEqual({ constructor: { prototype: { polluted: 1 } }, toString: 1 })
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('works where prototypes are frozen', () => {
    const script = `
      import { createContentPolicy } from '@spanledger/core'
      import { toJson } from '@spanledger/core/content'
      const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":{"y":1},"toString":"password=hunter22"}')
      const policy = createContentPolicy({ mode: 'preview' })
      console.log(JSON.stringify([toJson(hostile), policy.apply({ toolArguments: hostile }).toolArguments]))`
    const flags = [
      '--frozen-intrinsics',
      '--no-warnings',
      '--conditions=@spanledger/source',
      '--input-type=module-typescript',
    ]
    expect(JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }))).toEqual([
      { constructor: { y: 1 }, toString: 'password=hunter22' },
      { constructor: { y: 1 }, toString: 'password=[redacted:password]' },
    ])
  })
})

describe('cutJson', () => {
  test('what fits stays', () => {
    expect(cutJson({ query: 'weather', days: 3 }, 500)).toEqual({ query: 'weather', days: 3 })
  })

  test('long texts are cut first, so that a reader sees all keys', () => {
    const cut = cutJson({ query: 'x'.repeat(1_000), days: 3, notes: 'y'.repeat(1_000), list: [1, 2] }, 200)
    expect(Object.keys(cut as object)).toEqual(['query', 'days', 'notes', 'list'])
    expect(cut).toMatchObject({ days: 3, list: [1, 2] })
    expect((cut as Record<string, string>).query).toMatch(/^x{50,}…$/)
  })

  test('then the ends of arrays and objects, with a count', () => {
    const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `name ${id}` }))
    expect(cutJson(rows, 120)).toEqual([{ id: 0, name: 'name 0' }, { id: 1, name: 'name 1' }, '… 998 more'])
    expect(cutJson({ rows, total: 1_000 }, 120)).toEqual({
      rows: [{ id: 0, name: 'name 0' }, '… 999 more'],
      total: 1_000,
    })
    const keys = Object.fromEntries(rows.map(({ id }) => [`k${id}`, id]))
    expect(cutJson(keys, 64)).toEqual({ k0: 0, k1: 1, '…': '998 more' })
  })

  test('escapes count', () => {
    expect(JSON.stringify(cutJson('"'.repeat(1_000), 100)).length).toBeLessThanOrEqual(100)
    expect(JSON.stringify(cutJson({ a: '\n'.repeat(1_000) }, 100)).length).toBeLessThanOrEqual(100)
  })

  test('a text of 10 MB costs no more than its start', () => {
    const huge = { text: 'x😀'.repeat(4_000_000), more: { text: 'y'.repeat(10_000_000) } }
    expect(JSON.stringify(cutJson(huge, 500)).length).toBeLessThanOrEqual(500)
  })

  test('takes anything, is never too long, and cutting twice changes nothing', () => {
    const property = fc.property(anything, anyText, fc.integer({ min: 24, max: 300 }), (value, text, maxLength) => {
      for (const input of [value, { text, value }, [value, text, value]]) {
        const cut = cutJson(input, maxLength)
        expect(JSON.stringify(cut).length).toBeLessThanOrEqual(maxLength)
        expect(JSON.stringify(cut).isWellFormed()).toBe(true)
        expect(cutJson(cut, maxLength)).toEqual(cut)
      }
    })
    fc.assert(property, RUNS)
  })
})

const MODES: readonly ContentMode[] = ['none', 'preview', 'full']
const preview = createContentPolicy({ mode: 'preview' })
const full = createContentPolicy({ mode: 'full' })
const none = createContentPolicy({ mode: 'none' })

const CONVERSATION: ContentDraft = {
  systemInstructions: [{ type: 'text', content: 's'.repeat(600) }],
  inputMessages: [
    { role: 'user', parts: [text('first question')] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'search', arguments: { query: 'old' } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { rows: [1] } }] },
    { role: 'assistant', parts: [text('first answer')] },
    {
      role: 'user',
      parts: [
        text('look at this'),
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBORw0KGgo=' },
        { type: 'file', modality: 'document', file_id: 'file-1' },
        { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
        text('q'.repeat(600)),
      ],
    },
  ],
  outputMessages: [
    {
      role: 'assistant',
      finish_reason: 'tool_call',
      parts: [
        { type: 'reasoning', content: 'let me think' },
        text('a'.repeat(1_200)),
        { type: 'tool_call', id: 'c2', name: 'search', arguments: { query: 'x'.repeat(700) } },
      ],
    },
  ],
  toolDefinitions: [
    { type: 'function', name: 'search', description: 'Searches', parameters: { type: 'object', properties: {} } },
  ],
}

describe('a preview', () => {
  test('keeps roles, the last user turn and the answer', () => {
    expect(preview.apply(CONVERSATION)).toEqual({
      systemInstructions: [text(`${'s'.repeat(499)}…`)],
      inputMessages: [
        { role: 'user', parts: [] },
        { role: 'assistant', parts: [] },
        { role: 'tool', parts: [] },
        { role: 'assistant', parts: [] },
        {
          role: 'user',
          parts: [
            text('look at this'),
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '', byte_length: 8 },
            { type: 'file', modality: 'document', file_id: '' },
            { type: 'uri', modality: 'image', uri: '' },
            text(`${'q'.repeat(486)}…`),
          ],
        },
      ],
      outputMessages: [
        {
          role: 'assistant',
          finish_reason: 'tool_call',
          parts: [
            text(`${'a'.repeat(999)}…`),
            {
              type: 'tool_call',
              id: 'c2',
              name: 'search',
              arguments: { query: `${'x'.repeat(500 - '{"query":"…"}'.length)}…` },
            },
          ],
        },
      ],
      toolDefinitions: [{ type: 'function', name: 'search' }],
      lengths: {
        inputMessages: 5,
        question: 613,
        systemPrompt: 600,
        answer: 1_200,
        toolDefinitions: 1,
        attachments: 3,
      },
    })
  })

  test('is what the row shows, within its limits', () => {
    const { inputMessages, outputMessages, systemInstructions } = preview.apply(CONVERSATION)
    expect(questionOf(inputMessages!)).toBe(`look at this\n${'q'.repeat(486)}…`)
    expect(questionOf(inputMessages!)?.length).toBe(500)
    expect(answerOf(outputMessages!)?.length).toBe(1_000)
    expect(systemPromptOf(systemInstructions!)?.length).toBe(500)
  })

  test('a tool keeps the start of its arguments and its result', () => {
    const applied = preview.apply({
      toolArguments: { city: 'Oslo' },
      toolResult: { report: 'r'.repeat(2_000), ok: true },
    })
    expect(applied).toEqual({
      toolArguments: { city: 'Oslo' },
      toolResult: { report: `${'r'.repeat(500 - '{"report":"…","ok":true}'.length)}…`, ok: true },
      lengths: { toolArguments: 15, toolResult: 2_023 },
    })
  })

  test('a tool value may come as the JSON text of a span, or as any text', () => {
    const applied = preview.apply({ toolArguments: '{"city":"Oslo"}', toolResult: 'sunny {' })
    expect(applied).toEqual({
      toolArguments: { city: 'Oslo' },
      toolResult: 'sunny {',
      lengths: { toolArguments: 15, toolResult: 7 },
    })
  })

  test('pictures in a result say only how large they are', () => {
    const data = Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7_919) % 256)).toString('base64')
    const { toolResult } = preview.apply({ toolResult: { content: [{ type: 'image', data, mimeType: 'image/png' }] } })
    expect(toolResult).toEqual({
      content: [{ type: 'image', data: '[base64, 4000 characters]', mimeType: 'image/png' }],
    })
  })

  test('limits can be moved', () => {
    const policy = createContentPolicy({ mode: 'preview', limits: { answer: 10, question: 20 } })
    const { inputMessages, outputMessages } = policy.apply(CONVERSATION)
    expect([questionOf(inputMessages!), answerOf(outputMessages!)]).toEqual(['look at this\nqqqqqq…', 'aaaaaaaaa…'])
  })

  test('a long tool loop keeps its question', () => {
    const loop = Array.from({ length: 1_000 }, () => ({ role: 'tool', parts: [] }))
    const { inputMessages, lengths } = preview.apply({
      inputMessages: [{ role: 'user', parts: [text('why?')] }, ...loop],
    })
    expect((inputMessages as readonly Json[]).length).toBe(200)
    expect(questionOf(inputMessages!)).toBe('why?')
    expect(lengths).toEqual({ inputMessages: 1_001, question: 4 })
  })

  test('stays small whatever comes', () => {
    const parts = Array.from({ length: 500 }, () => ({
      type: 'tool_call',
      name: 'n'.repeat(500),
      arguments: 'x'.repeat(900),
    }))
    const messages = Array.from({ length: 50 }, () => ({ role: 'r'.repeat(5_000), parts }))
    const applied = preview.apply({ inputMessages: messages, outputMessages: messages, toolResult: parts })
    expect(JSON.stringify(applied).length).toBeLessThan(120_000)
  })
})

describe('nothing but lengths', () => {
  test('none keeps no word', () => {
    const { lengths } = preview.apply({ ...CONVERSATION, toolArguments: { a: 'secret word' } })
    expect(none.apply({ ...CONVERSATION, toolArguments: { a: 'secret word' } })).toEqual({ lengths })
    expect(none.text('a question', 'question')).toBeUndefined()
  })

  test('the lengths of the first time win', () => {
    for (const policy of [none, preview, full]) {
      const first = policy.apply(CONVERSATION)
      expect(policy.apply(first, first.lengths).lengths).toEqual(first.lengths)
      expect(policy.apply({ question: 'four' }, { question: 7, junk: 'text' }).lengths).toEqual({ question: 7 })
    }
  })
})

describe('full content', () => {
  test('keeps the conversation as it was', () => {
    const { lengths, ...content } = full.apply(CONVERSATION)
    expect(content).toEqual(CONVERSATION)
    expect(lengths).toEqual(preview.apply(CONVERSATION).lengths)
  })

  test('drops attachments that are too large together, the oldest first', () => {
    const blob = { type: 'blob', modality: 'image', content: 'A'.repeat(40_000) }
    const { inputMessages } = full.apply({
      inputMessages: [
        { role: 'user', parts: [blob] },
        { role: 'user', parts: [blob] },
      ],
    })
    expect(inputMessages).toEqual([
      { role: 'user', parts: [{ type: 'blob', modality: 'image', content: '', byte_length: 30_000 }] },
      { role: 'user', parts: [blob] },
    ])
  })

  test.each(['words ', '漢字', '"\\\n'])('holds 256 KiB at most: %j', (word) => {
    const long = word.repeat(100_000)
    const messages = Array.from({ length: 20 }, (_, index) => ({ role: 'user', parts: [text(`${index}`), text(long)] }))
    const draft = {
      inputMessages: messages,
      systemInstructions: [text(long)],
      toolResult: { long, ok: true },
      toolArguments: { a: 1 },
    }
    const { lengths: _, ...content } = full.apply(draft)
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(262_144 + 200)
    expect(Buffer.byteLength(JSON.stringify(content))).toBeGreaterThan(200_000)
    expect(content.toolArguments).toEqual({ a: 1 })
    // The newest message is the one that was asked.
    expect(questionOf(content.inputMessages!)?.startsWith(`19\n${word}`)).toBe(true)
    expect(
      (content.inputMessages as readonly { parts: readonly Json[] }[]).map(({ parts }) => parts.length > 0),
    ).toEqual(messages.map((_, index) => index === 19))
  })
})

test('bytes that are no text say only how many they are', () => {
  const blob = { type: 'blob', modality: 'image', content: new Uint8Array(9) as unknown as Json }
  for (const policy of [preview, full]) {
    expect(policy.apply({ inputMessages: [{ role: 'user', parts: [blob] }] }).inputMessages).toEqual([
      { role: 'user', parts: [{ type: 'blob', modality: 'image', content: '', byte_length: 9 }] },
    ])
  }
})

test('a text that is all escapes takes no longer to cut than any other', () => {
  const { toolResult } = full.apply({ toolResult: '"\\\n'.repeat(200_000) })
  const bytes = Buffer.byteLength(JSON.stringify(toolResult))
  expect(bytes).toBeLessThanOrEqual(262_144)
  expect(bytes).toBeGreaterThan(262_000)
})

test('lengths are those of the whole value, also where most of it is left out', () => {
  const rows = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `name ${id}` }))
  for (const policy of [none, preview, full]) {
    const { toolArguments, toolResult } = policy.apply({
      toolArguments: { rows },
      toolResult: { text: 'x'.repeat(50_000) },
    }).lengths
    expect(toolArguments).toBeGreaterThan(JSON.stringify({ rows }).length * 0.95)
    expect(toolArguments).toBeLessThan(JSON.stringify({ rows }).length * 1.05)
    expect(toolResult).toBeGreaterThan(49_900)
    expect(toolResult).toBeLessThan(50_100)
  }
})

describe('texts and values of their own', () => {
  test('an error message is kept in every mode, cut and redacted', () => {
    const key = PREFIXED[0]!.text
    for (const policy of [none, preview, full]) {
      expect(policy.text(`401: ${key} is wrong`)).toBe('401: [redacted:openai_key] is wrong')
      expect(policy.text('e'.repeat(600), 'error')).toBe(`${'e'.repeat(499)}…`)
    }
    expect(preview.text('a'.repeat(1_200), 'answer')).toBe(`${'a'.repeat(999)}…`)
    expect(full.text('a'.repeat(1_200), 'answer')).toBe('a'.repeat(1_200))
  })

  test('metadata is kept in every mode, cut and redacted', () => {
    expect(none.json({ plan: 'pro', apiKey: 'x', note: 'n'.repeat(100) }, 80)).toEqual({
      plan: 'pro',
      apiKey: '[redacted:api_key]',
      note: `${'n'.repeat(80 - '{"plan":"pro","apiKey":"[redacted:api_key]","note":"…"}'.length)}…`,
    })
  })
})

describe('the words of a row', () => {
  test('the question is the last thing that the user said', () => {
    expect(
      questionOf([
        { role: 'user', parts: [text('one')] },
        { role: 'user', parts: [text('two'), text('three')] },
      ]),
    ).toBe('two\nthree')
    expect(
      questionOf([
        { role: 'user', parts: [text('one')] },
        { role: 'user', parts: [{ type: 'tool_call_response', response: 1 }] },
      ]),
    ).toBe('one')
    expect(questionOf('bare text')).toBe('bare text')
  })

  test.each<Json>([
    [],
    {},
    null,
    7,
    [[]],
    [{ role: 'assistant', parts: [{ type: 'text', content: 'x' }] }],
    [{ role: 'user', parts: 1 }],
  ])('there is none in %j', (messages) => {
    expect(questionOf(messages)).toBeUndefined()
    expect(systemPromptOf(messages)).toBeUndefined()
  })
})

describe.each(MODES)('for any draft under %s', (mode) => {
  const policy = createContentPolicy({ mode })
  const secret = PREFIXED[1]!
  const words = fc.oneof(
    anyText,
    fc.constantFrom(secret.text, 'password=hunter22', 'x'.repeat(700)),
    fc.constant(`${secret.text} `.repeat(40)),
  )
  const part = fc.oneof(
    fc.record({ type: fc.constant('text'), content: words }),
    fc.record(
      {
        type: fc.constantFrom(
          'constructor',
          '__proto__',
          'text',
          'reasoning',
          'tool_call',
          'tool_call_response',
          'server_tool_call',
          'blob',
          'file',
          'uri',
          'other',
        ),
        content: fc.oneof(words, anything),
        name: fc.oneof(words, anything),
        id: fc.oneof(words, anything),
        arguments: anything,
        response: anything,
        server_tool_call: fc.oneof(anything, fc.record({ type: words, code: words })),
        modality: fc.oneof(fc.constant('image'), anything),
        mime_type: fc.oneof(words, anything),
        uri: fc.oneof(words, fc.constant('data:image/png;base64,AAAA')),
        file_id: words,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({
      type: fc.constantFrom('server_tool_call_response', 'compaction'),
      server_tool_call_response: anything,
    }),
    anything,
  )
  const parts = fc.oneof(fc.array(part, { maxLength: 5 }), anything)
  const message = fc.oneof(
    fc.record({
      role: fc.constantFrom('system', 'user', 'assistant', 'tool'),
      parts,
      finish_reason: fc.constantFrom('stop', null, 1),
    }),
    fc.record({ role: fc.oneof(words, anything), parts, name: anything }, { requiredKeys: [] }),
    anything,
  )
  const messages = fc.oneof(fc.array(message, { maxLength: 5 }), anything)
  const draft = fc.record(
    {
      systemInstructions: parts,
      inputMessages: messages,
      outputMessages: messages,
      toolDefinitions: fc.oneof(fc.array(fc.record({ type: words, name: words, parameters: anything })), anything),
      toolArguments: anything,
      toolResult: fc.oneof(words, anything),
      question: words,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<ContentDraft>

  test('what is kept is valid by the schemas', () => {
    const property = fc.property(draft, (draft) => {
      const applied = policy.apply(draft)
      expect(errorsOf(applied)).toEqual([])
    })
    fc.assert(property, RUNS)
  })

  test('applying it to its own result changes nothing', () => {
    const property = fc.property(draft, (draft) => {
      const once = policy.apply(draft)
      expect(policy.apply(onSpan(once), once.lengths)).toEqual(once)
    })
    fc.assert(property, RUNS)
  })

  test('no credential is left, and no text that a store refuses', () => {
    const property = fc.property(draft, (draft) => {
      const line = JSON.stringify(policy.apply(draft))
      expect(line).not.toContain(secret.secret.slice(0, 24))
      expect(line).not.toContain('hunter22')
      expect(line.isWellFormed() && !line.includes('\\u0000')).toBe(true)
    })
    fc.assert(property, RUNS)
  })
})

test('a draft that throws when it is read is kept as far as it can be read', () => {
  const hostile = {
    role: 'user',
    get parts(): Json {
      throw new Error('no')
    },
  }
  expect(preview.apply({ inputMessages: [hostile as unknown as Json, { role: 'user', parts: [text('hi')] }] })).toEqual(
    {
      inputMessages: [
        { role: 'user', parts: [] },
        { role: 'user', parts: [text('hi')] },
      ],
      lengths: { inputMessages: 2, question: 2 },
    },
  )
})

function text(content: string): { type: string; content: string } {
  return { type: 'text', content }
}

function errorsOf(applied: AppliedContent): readonly string[] {
  return [
    ...(['systemInstructions', 'inputMessages', 'outputMessages', 'toolDefinitions'] as const).flatMap((name) =>
      applied[name] === undefined ? [] : schemaErrors(applied[name], SCHEMAS[name]!),
    ),
    ...(applied.outputMessages === undefined
      ? []
      : schemaErrors(applied.outputMessages, SCHEMAS.outputMessagesNewest!)),
    ...Object.entries(applied.lengths).flatMap(([name, length]) =>
      typeof length === 'number' ? [] : [`${name}: ${typeof length}`],
    ),
  ]
}

/** Tool values travel as JSON texts. */
function onSpan(content: AppliedContent): ContentDraft {
  const { lengths: _, toolArguments, toolResult, ...rest } = content
  return {
    ...rest,
    ...(toolArguments === undefined ? {} : { toolArguments: JSON.stringify(toolArguments) }),
    ...(toolResult === undefined ? {} : { toolResult: JSON.stringify(toolResult) }),
  }
}

function returnThis(this: unknown): unknown {
  return this
}

function fail(): never {
  throw new Error('no')
}

function getOwnPropertyDescriptor(): PropertyDescriptor {
  return { enumerable: true, configurable: true }
}
