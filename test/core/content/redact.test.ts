import { createRedactor, type Json } from '@spanledger/core'
import { cutText } from '@spanledger/core/content'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ASSIGNED, type Credential, PREFIXED, SHAPED } from './credentials.ts'

const { redactText, redactJson } = createRedactor()
const RUNS = { numRuns: 1_000 }

/** Where a credential may stand in a text. */
const TEXTS: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  'at the start': (secret) => `${secret} is what I use, and it does not work.`,
  'in the middle': (secret) => `I use ${secret} for that, why does it not work?`,
  'at the end': (secret) => `Why does it not work? I use ${secret}`,
  'before a full stop': (secret) => `I use ${secret}.`,
  'in double quotes': (secret) => `const key = "${secret}"`,
  'in single quotes': (secret) => `use('${secret}', 1)`,
  'in backticks': (secret) => `Run \`export KEY=${secret}\` first.`,
  'in parentheses': (secret) => `(${secret})`,
  'in angle brackets': (secret) => `<key>${secret}</key>`,
  'on its own line': (secret) => `first\n${secret}\nlast`,
  'in an environment file': (secret) => `A=1\nSERVICE_KEY=${secret}\nB=2`,
  'in a header': (secret) => `GET / HTTP/1.1\r\nX-Thing: ${secret}\r\nHost: x\r\n`,
  'behind Bearer': (secret) => `curl -H "Authorization: Bearer ${secret}" https://example.com`,
  'in a query': (secret) => `https://example.com/path?a=1&k=${secret}&b=2`,
  'in a list': (secret) => `one,${secret},three`,
  'in a stack trace': (secret) => `Error: 401 for ${secret}\n    at fetch (file:///app/main.js:10:5)`,
  'beside other scripts': (secret) => `密钥是 ${secret} 谢谢 😀`,
  'after much text': (secret) => `${'Words and more words, as people write them. '.repeat(200)}${secret} end`,
}

/** Where a credential may stand in a value. */
const VALUES: Readonly<Record<string, (secret: string) => Json>> = {
  'a text': (secret) => secret,
  'a value': (secret) => ({ note: `use ${secret}` }),
  'deep down': (secret) => ({ a: [{ b: { c: [1, [secret]] } }] }),
  'a key': (secret) => ({ [secret]: true }),
  'a header map': (secret) => ({ headers: { 'X-Custom': secret, accept: '*/*' } }),
  'a list of headers': (secret) => ({ headers: [{ name: 'X-Custom', value: secret }] }),
  'JSON in JSON': (secret) => ({ body: JSON.stringify({ note: secret }) }),
}

describe('a credential is not left', () => {
  const known = [...PREFIXED, ...SHAPED]

  test.each(Object.entries(TEXTS))('in a text: %s', (_, place) => {
    expect(leftIn(known, (credential) => redactText(place(credential.text)))).toEqual([])
  })

  test.each(Object.entries(VALUES))('in a value: %s', (_, place) => {
    expect(leftIn(known, (credential) => JSON.stringify(redactJson(place(credential.text))))).toEqual([])
  })

  test('behind the name it is assigned to', () => {
    const places = [TEXTS.alone!, TEXTS['on its own line']!, TEXTS['after much text']!]
    const left = places.flatMap((place) => leftIn(ASSIGNED, (credential) => redactText(place(credential.text))))
    expect(left).toEqual([])
    expect(leftIn(ASSIGNED, ({ text }) => JSON.stringify(redactJson({ list: [text] })))).toEqual([])
  })

  test('where the text was cut', () => {
    const left = PREFIXED.flatMap(({ label, text, secret }) => {
      const prefixLength = text.length - secret.length
      const shortest = Math.max(16, prefixLength + 8)
      const lengths = Array.from({ length: text.length - shortest + 1 }, (_, index) => shortest + index)
      return lengths.flatMap((length) => {
        const cut = cutText(`some words, then ${text} and so on`, 'some words, then '.length + length + 1)
        return redactText(cut).includes(secret.slice(0, 8)) ? [`${label} at ${length}`] : []
      })
    })
    expect(left).toEqual([])
  })

  test('where a password in a URL was cut', () => {
    expect(redactText('postgres://shop:hunt…')).toBe('postgres://shop:[redacted:url_password]…')
    expect(redactText('see http://localhost:30…')).toBe('see http://localhost:30…')
  })

  test('where a private key was cut', () => {
    const key = SHAPED.find(({ label }) => label === 'private_key')!.text
    expect(redactText(cutText(`key: ${key}`, 120))).toBe('key: [redacted:private_key]…')
  })
})

describe('what it is called', () => {
  test('a credential is replaced by its label, and nothing around it changes', () => {
    const named = [...PREFIXED, ...SHAPED].map(({ text }) => redactText(`before ${text} after`))
    expect(named).toEqual([...PREFIXED, ...SHAPED].map(({ label }) => `before [redacted:${label}] after`))
  })

  test('user, host and scheme of a URL stay', () => {
    expect(redactText('connect to postgres://shop:hunter2@db:5432/x failed')).toBe(
      'connect to postgres://shop:[redacted:url_password]@db:5432/x failed',
    )
  })

  test('the scheme of a header stays', () => {
    expect(redactText('Authorization: Bearer abc123xyz\nHost: x')).toBe(
      'Authorization: Bearer [redacted:authorization]\nHost: x',
    )
  })
})

describe('what is no credential', () => {
  test.each([
    'user 123e4567-e89b-12d3-a456-426614174000 asked again',
    'd41d8cd98f00b204e9800998ecf8427e',
    'commit 356a192b7913b04c54574d18c28d46e6395428ab and e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'chatcmpl-9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c resp_68af4030592c81938ec0a5fbab4a3e9f06438695fb7bdfa0',
    'msg_01XFDUDYJgAACzvnptvVoYEL toolu_01T1x1fJ34qAmk2tNTrN7Up6 call_DdmO9pD3xa9XTPNJ32zg2hcA req_011CSHoEeqs5C35K2UUqR7Fy',
    'cus_NffrFeUfNV2Hib pi_3MtwBwLkdIwHu7ix28a3tqPa re_3MmlLrLkdIwHu7ix0snN0B15 price_1MoBy5LkdIwHu7ixZhnattbh',
    'V1StGXR8_Z5jdHi6B-myT 01ARZ3NDEKTSV4RRFFQ69G5FAV clh3am8hi0000qwer1234abcd',
    'sha512-9cJVHlGFaFhRMYCGDkIIeJxxHOQaKTpOGH1L1xGXZPS2NbzmDwWLEnDnVYBNrdqhhYPKm8wFTPZvhGyDGnJ6aA==',
    'The sk-fading-circle-container is a CSS class, sk-SK is a locale, and task-123e4567-e89b-12d3-a456-426614174000 a task.',
    'Set max_tokens: 4096000000000000 and stopToken=123456789012345678; nextPageToken: CAUQAA1234567890abcdef',
    'Authorization: required for all users. Bearer of bad news. Basic understanding, basic authentication.',
    'The password: minimum length and a digit. Your secret: kindness. A token: any word; the api key: see the docs.',
    'git clone git@github.com:vercel/ai.git && open http://localhost:3000/a:b@c ssh://git@host:22/x',
    'password: string; apiKey: process.env.OPENAI_API_KEY, token = await createToken(user42, options)',
    'if (password === expected1234) return; const authorize = (token) => token.length1234 > 10',
    'postgres://user:${PASSWORD}@host/db and https://{user}:{token}@example.com',
    'cursor eyJpZCI6MTIzNDU2Nzg5MDEyMzQ1Njc4OTB9, next',
    '-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END CERTIFICATE-----',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'node_modules/@opentelemetry/sdk-trace-base/build/src/export/BatchSpanProcessorBase.js:107:18',
    'npm_config_user_agent and hf_transfer and SG. and AKIA alone, key-value, pypi-publish-action-for-releases',
    '2024-05-17T10:45:00.123Z 12:30:45 1:AAAA 127.0.0.1:5432',
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  test('a clean value is returned as it is', () => {
    const value = {
      usage: { tokens: 12, tokenCount: '1200000000000000', max_tokens: 5, tokenizer: 'cl100k_base_2024_01_01' },
      logprobs: [{ token: 'Hello', logprob: -0.1 }],
      schema: { type: 'object', properties: { password: { type: 'string' }, token: { type: 'string' } } },
      flags: { secret: true, password: null, cookie: 'chocolate chip', author: 'Ada' },
      nextPageToken: 'CAUQAA1234567890abcdef',
      form: { name: 'password', value: '' },
    }
    expect(redactJson(value)).toBe(value)
  })
})

describe('keys', () => {
  test('texts under a key that names a secret are replaced, whatever they say', () => {
    const redacted = redactJson({
      Authorization: 'none',
      'x-api-key': 'a',
      apiKey: 'b',
      OPENAI_API_KEY: 'c',
      password: 'd e f',
      client_secret: 'g',
      headers: { 'Set-Cookie': ['a=b', 'c=d'], cookie: 'e=f' },
      botToken: 'abcdefgh12345678',
      list: [{ name: 'Authorization', value: 'h' }],
    })
    expect(redacted).toEqual({
      Authorization: '[redacted:authorization]',
      'x-api-key': '[redacted:api_key]',
      apiKey: '[redacted:api_key]',
      OPENAI_API_KEY: '[redacted:api_key]',
      password: '[redacted:password]',
      client_secret: '[redacted:secret]',
      headers: { 'Set-Cookie': ['[redacted:set_cookie]', '[redacted:set_cookie]'], cookie: '[redacted:cookie]' },
      botToken: '[redacted:token]',
      list: [{ name: 'Authorization', value: '[redacted:authorization]' }],
    })
  })

  test('only what holds a secret is copied', () => {
    const clean = { a: [1, 2, { b: 'text' }] }
    const value = { clean, password: 'x' }
    const redacted = redactJson(value) as { clean: unknown }
    expect(redacted).toEqual({ clean, password: '[redacted:password]' })
    expect(redacted.clean).toBe(clean)
    expect(value.password).toBe('x')
  })

  test('a value that is no JSON is redacted all the same', () => {
    const cyclic: Record<string, unknown> = { password: 'x' }
    cyclic.self = cyclic
    const hostile = {
      get broken(): string {
        throw new Error('no')
      },
      password: 'x',
    }
    expect(JSON.stringify(redactJson(cyclic as Json))).not.toContain('"x"')
    expect(redactJson(hostile)).toEqual({ broken: '[unreadable]', password: '[redacted:password]' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('patterns of your own', () => {
  test('are looked for besides the built-in ones', () => {
    const redactor = createRedactor({
      patterns: [
        { label: 'shop_key', prefix: 'shop_', alphabet: 'base62', minLength: 16 },
        { label: 'employee', expression: /\bE-\d{6}\b/ },
      ],
    })
    expect(redactor.redactText(`shop_0123456789abcdef for E-123456, ${PREFIXED[0]!.text}`)).toBe(
      '[redacted:shop_key] for [redacted:employee], [redacted:openai_key]',
    )
    expect(redactor.redactJson({ by: ['E-123456', 'E-654321'] })).toEqual({
      by: ['[redacted:employee]', '[redacted:employee]'],
    })
  })

  test('that could never match are refused', () => {
    const create = (prefix: string, minLength: number): (() => unknown) => {
      return () => createRedactor({ patterns: [{ label: 'mine', prefix, alphabet: 'hex', minLength }] })
    }
    expect(create('key: ', 32)).toThrow('Cannot look for "mine" by the prefix "key: "')
    expect(create('-x-', 32)).toThrow('use a letter or digit first')
    expect(create('my_', 4)).toThrow('with minLength 20 characters or more')
  })

  test('a disabled redactor changes nothing', () => {
    const redactor = createRedactor({ disabled: true })
    expect(redactor.redactText(PREFIXED[0]!.text)).toBe(PREFIXED[0]!.text)
    expect(redactor.redactJson({ password: 'x' })).toEqual({ password: 'x' })
  })
})

describe('for any text', () => {
  const pieces = [
    ...PREFIXED.map(({ text, secret }) => text.slice(0, text.length - secret.length)),
    ...[...PREFIXED, ...SHAPED, ...ASSIGNED].map(({ text }) => text),
    ...ASSIGNED.map(({ label }) => label),
    ...'…|\n|"|\'|\\|\\"|:|=|://|@|/|.|-|_|,|;|&|?| |a|Z|0|Bearer |Basic |é|😀|\ud800|\0|-----|12345678'.split('|'),
    '[redacted:',
    '[redacted:password]',
  ]
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 }))
  const anyText = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''))

  test('redacting twice changes nothing', () => {
    const property = fc.property(anyText, (text) => {
      const once = redactText(text)
      expect(redactText(once)).toBe(once)
    })
    fc.assert(property, { numRuns: 20_000 })
  })

  test('JSON stays JSON', () => {
    const property = fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText))), (value) => {
      const nested = JSON.stringify({ body: JSON.stringify(value) })
      expect(() => JSON.parse(redactText(JSON.stringify(value)))).not.toThrow()
      expect(() => JSON.parse(redactText(nested))).not.toThrow()
    })
    fc.assert(property, RUNS)
  })

  test('a value keeps its shape, and redacting it twice changes nothing', () => {
    const property = fc.property(fc.jsonValue(), anyText, (json, text) => {
      const value = [json as Json, { text }]
      const once = redactJson(value)
      expect(redactJson(once)).toBe(once)
      expect(JSON.stringify(once).length).toBeGreaterThan(0)
      expect((once as readonly Json[]).length).toBe(2)
    })
    fc.assert(property, RUNS)
  })
})

// CPU time of one process, and a factor far above noise: what is not linear takes 16 times as long here.
test.each(
  [
    'sk-',
    's-',
    'eyJ-',
    'eyJ.',
    'SG.',
    'AKIA-',
    'xoxb-!',
    'a',
    '_',
    ':',
    ': ',
    '=a:',
    'key:',
    'apikey:',
    'password=a',
    'password=1',
  ].concat(
    [
      'password="',
      '"password":"',
      'authorization:',
      'token=1',
      'Bearer ',
      '://a:',
      '://a:b@',
      '12345678:A',
      '-----BEGIN',
      '…',
    ],
    [
      '-----BEGIN PRIVATE KEY-----',
      'cookie: a=',
      'cookie:',
      '0123456789abcdef0123456789abcdef-',
      'MNOMNOMNOMNOMNOMNOMNOMNO1.',
      '?api_key=',
    ],
  ),
)('the time for a text of "%s" grows with its length only', (piece) => {
  const short = flat(piece, 50_000)
  const long = flat(piece, 200_000)
  redactText(short)
  expect(cpuMs(() => redactText(long))).toBeLessThan(10 * cpuMs(() => redactText(short)) + 20)
})

function leftIn(credentials: readonly Credential[], redact: (credential: Credential) => string): string[] {
  return credentials.flatMap((credential) => {
    const redacted = redact(credential)
    return redacted.includes(credential.secret) || redacted.includes(credential.text)
      ? [`${credential.label}: ${redacted.slice(-200)}`]
      : []
  })
}

function flat(piece: string, length: number): string {
  return Buffer.from(piece.repeat(length / piece.length)).toString()
}

function cpuMs(run: () => void): number {
  const samples = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...samples)
}
