import type { HrTime, SpanLike } from '@spanledger/core'

const TEN_MB = 10_000_000

/** Values that no attribute should have, by what is wrong with them; made anew for each use. */
export const HOSTILE_VALUES: Readonly<Record<string, () => unknown>> = {
  'a proxy that throws': () => throwingProxy({}),
  'a proxy of an array that throws': () => throwingProxy([]),
  'a revoked proxy': () => revoked(),
  'an array with a throwing element': () => withGetter(['good', 'bad'], '1'),
  'an object with a throwing getter': () => withGetter({ good: 1, bad: 2 }, 'bad'),
  'a toJSON that throws': () => ({ toJSON: () => explode() }),
  'a big integer': () => 2n ** 64n,
  'a cycle': () => cycle(),
  'a cycle of arrays': () => {
    const list: unknown[] = []
    list.push(list)
    return list
  },
  'a date': () => new Date(0),
  'an invalid date': () => new Date(Number.NaN),
  'a function': () => () => 1,
  'a symbol': () => Symbol('hostile'),
  undefined: () => undefined,
  null: () => null,
  'an empty text': () => '',
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  'minus infinity': () => Number.NEGATIVE_INFINITY,
  'a negative number': () => -5,
  'minus zero': () => -0,
  'a fraction': () => 1.5,
  '2^53': () => 2 ** 53,
  '2^53 - 1': () => Number.MAX_SAFE_INTEGER,
  '2^64': () => 2 ** 64,
  'a number as text': () => '12',
  true: () => true,
  'an array of mixed types': () => ['a', 1, null, undefined, { b: [2n] }, Number.NaN, '\0'],
  'an array of numbers': () => [1, 2, 3],
  'an empty array': () => [],
  bytes: () => new Uint8Array(16),
  'a map': () => new Map([['a', 1]]),
  'an error': () => new Error('hostile'),
  'an object with own __proto__': () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}'),
  'JSON with own __proto__': () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  'NUL and lone surrogates': () => 'a\0b\uD83Dc\uDE00d',
  'JSON of NUL and lone surrogates': () => '{"a\\u0000":"b\\ud83d","c":["\\udead"]}',
  'right to left': () => '\u202Egnirts\u202C \u2066x\u2069',
  'invalid JSON': () => '{"a": [1, 2',
  'JSON null': () => 'null',
  'JSON that is nested deep': () => '['.repeat(20_000) + ']'.repeat(20_000),
  'JSON objects that are nested deep': () => '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000),
  'arrays that are nested deep': () => nested(20_000),
  'a name of Object.prototype': () => 'constructor',
  '__proto__ as text': () => '__proto__',
}

/** Texts of 10 MB, which nobody should have to wait for. */
export const HUGE_VALUES: Readonly<Record<string, () => unknown>> = {
  'a text of 10 MB': () => 'x'.repeat(TEN_MB),
  'JSON of 10 MB': () => JSON.stringify([{ role: 'user', content: 'x'.repeat(TEN_MB) }]),
  'JSON of 100,000 keys': () =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]))),
  'an array of 100,000 texts': () => Array.from({ length: 100_000 }, (_, index) => `tag ${index}`),
}

/** A well-behaved model call in GenAI conventions. */
export const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Why?"}]}]',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 40,
}

/** Not the scope of the AI SDK. */
export const OTHER_SCOPE = { instrumentationScope: { name: 'other' } }

/** A span as a tracer of any SDK hands it over; the test names what is wrong with it. */
export function span(attributes: unknown, changes: Readonly<Record<string, unknown>> = {}): SpanLike {
  const context = { traceId: hexId(32), spanId: hexId(16), traceFlags: 1 }
  const whole: Record<keyof SpanLike, unknown> = {
    name: 'chat gpt-5',
    kind: 0,
    spanContext: () => context,
    parentSpanContext: undefined,
    parentSpanId: undefined,
    startTime: [1_800_000_000, 0] satisfies HrTime,
    endTime: [1_800_000_001, 500_000_000] satisfies HrTime,
    status: { code: 0 },
    attributes,
    events: [],
    resource: { attributes: { 'service.name': 'shop' } },
    instrumentationScope: { name: 'gen_ai', version: '7' },
  }
  return { ...whole, ...changes } as unknown as SpanLike // hostile on purpose
}

let lastId = 0

function hexId(length: number): string {
  lastId += 1
  return `a${lastId.toString(16).padStart(length - 1, '0')}`
}

/** Throws at whatever is done with it. */
export function throwingProxy(target: object): object {
  return new Proxy(target, {
    get: explode,
    has: explode,
    ownKeys: explode,
    getOwnPropertyDescriptor: explode,
    getPrototypeOf: explode,
  })
}

/** The same object with a getter that throws. */
export function withGetter<T extends object>(target: T, key: string): T {
  return Object.defineProperty(target, key, { enumerable: true, configurable: true, get: explode })
}

function explode(): never {
  throw new Error('hostile')
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

function cycle(): unknown {
  const object: Record<string, unknown> = { a: 1 }
  object['self'] = object
  return object
}

function nested(levels: number): unknown {
  let value: unknown = []
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}
