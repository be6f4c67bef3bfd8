import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Call, toCallLine } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { chat, request, spanId, traceId } from '../otlp-file.ts'
import { type CliRun, emptyFolder, folderWithCalls, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']

/** An agent with a step, two model calls and a failing tool, and the web request around it. */
const AGENT = [
  chat({ id: 3, parent: 2, startMs: 1_000, endMs: 1_400 }),
  {
    id: 4,
    parent: 2,
    startMs: 1_500,
    endMs: 1_600,
    name: 'execute_tool weather',
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather' },
    error: 'no such city',
  },
  chat({
    id: 5,
    parent: 2,
    startMs: 1_700,
    endMs: 1_800,
    attributes: { 'gen_ai.response.model': 'gpt-4o-2024-08-06' },
  }),
  {
    id: 2,
    parent: 1,
    startMs: 900,
    endMs: 2_000,
    name: 'invoke_agent helper',
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'user.id': 'ann' },
  },
  { id: 1, startMs: 800, endMs: 2_100 },
]

function fileWith(text: string | Uint8Array, name = 'spans.json'): string {
  const folder = emptyFolder()
  writeFileSync(join(folder, name), text)
  return folder
}

function importFile(folder: string, ...parameters: string[]): Promise<CliRun> {
  return runCli(['import', 'spans.json', ...DB, ...parameters], { folder })
}

/** What the database of a folder holds by start and id, without what only says when it came. */
async function rowsIn(folder: string): Promise<Call[]> {
  const store = await openStore({ path: join(folder, 'usage.db'), readOnly: true })
  const rows: Call[] = []
  for await (const row of store.iterate({}, { content: true })) {
    const { created_at: _createdAt, ingest_seq: _ingestSeq, ...call } = row
    rows.push(call)
  }
  await store.close()
  return rows.sort((a, b) => a.started_at - b.started_at || (a.span_id < b.span_id ? -1 : 1))
}

describe('OTLP', () => {
  test('becomes calls: run, leaves, tools, with what the trace knows', async () => {
    const folder = fileWith(JSON.stringify(request(...AGENT)))
    const { code, stdout, stderr } = await importFile(folder)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toBe('Imported 4 calls from 5 spans (1 not AI): 4 new, 0 already there, 0 rejected\n')
    const leaf = {
      kind: 'model',
      billable: 1,
      provider: 'openai',
      input_tokens: 1000,
      output_tokens: 100,
      total_tokens: 1100,
    }
    const run = { trace_id: traceId(), run_id: spanId(2), service_name: 'shop', user_id: 'ann' }
    // 1,000 tokens at $2.50 and 100 at $10 a million.
    const cost = { cost_nano_usd: 3_500_000, cost_source: 'list' }
    expect(await rowsIn(folder)).toMatchObject([
      { ...run, span_id: spanId(2), kind: 'run', billable: 0, cost_nano_usd: null, started_at: 900, ended_at: 2_000 },
      { ...run, ...leaf, ...cost, span_id: spanId(3), parent_span_id: spanId(2), model: 'gpt-4o', started_at: 1_000 },
      {
        ...run,
        span_id: spanId(4),
        kind: 'tool',
        billable: 0,
        tool_name: 'weather',
        parent_span_id: spanId(3),
        status: 'error',
        error_message: 'no such city',
        duration_ms: 100,
      },
      {
        ...run,
        ...leaf,
        ...cost,
        span_id: spanId(5),
        model: 'gpt-4o-2024-08-06',
        request_model: 'gpt-4o',
        started_at: 1_700,
      },
    ])
  })

  const LINES = AGENT.map((span) => JSON.stringify(request(span)))
  const HALVES = [LINES.slice(0, 2), LINES.slice(2)].map((lines) => gzipSync(`${lines.join('\n')}\n`))
  test.each([
    ['one request over many lines', JSON.stringify(request(...AGENT), null, 2)],
    ['a request a line', `\uFEFF${LINES.join('\r\n')}\n\n`],
    ['parents first', [...LINES].reverse().join('\n')],
    [
      'a list',
      JSON.stringify(
        AGENT.map((span) => request(span)),
        null,
        1,
      ),
    ],
    ['gzip', gzipSync(LINES.join('\n'))],
    ['gzip in two parts', Buffer.concat(HALVES)],
  ])('gives the same rows as %s, and again', async (_, text) => {
    const plain = fileWith(JSON.stringify(request(...AGENT)))
    const folder = fileWith(text)
    await importFile(plain)
    const expected = await rowsIn(plain)
    const from = 'Imported 4 calls from 5 spans (1 not AI)'
    const first = await importFile(folder)
    expect(first).toEqual({ code: 0, stdout: '', stderr: `${from}: 4 new, 0 already there, 0 rejected\n` })
    expect(await rowsIn(folder)).toEqual(expected)
    const again = await importFile(folder)
    expect(again).toEqual({ code: 0, stdout: '', stderr: `${from}: 0 new, 4 already there, 0 rejected\n` })
    expect(await rowsIn(folder)).toEqual(expected)
  })

  test('is settled over files, with what is stored of a trace, and from stdin', async () => {
    const folder = fileWith(JSON.stringify(request(AGENT[0]!)), 'a.json')
    writeFileSync(join(folder, 'b.json'), JSON.stringify(request(AGENT[1]!)))
    await runCli(['import', 'a.json', 'b.json', ...DB], { folder })
    expect((await rowsIn(folder)).map((row) => [row.span_id, row.run_id, row.user_id])).toEqual([
      [spanId(3), spanId(3), null],
      [spanId(4), spanId(3), null],
    ])
    const { stderr } = await runCli(['import', '-', ...DB], { folder, input: JSON.stringify(request(AGENT[3]!)) })
    expect(stderr).toBe('Imported 1 call from 1 span (0 not AI): 1 new, 0 already there, 0 rejected\n')
    expect((await rowsIn(folder)).map((row) => [row.span_id, row.run_id, row.user_id])).toEqual([
      [spanId(2), spanId(2), 'ann'],
      [spanId(3), spanId(2), 'ann'],
      [spanId(4), spanId(2), 'ann'],
    ])
  })

  test.each([
    [[], {}, 'preview'],
    [['--content', 'none'], {}, 'none'],
    [[], { SPANLEDGER_CONTENT: 'none' }, 'none'],
    [['--content', 'full'], { SPANLEDGER_CONTENT: 'none' }, 'full'],
  ])('keeps of prompts what the policy allows: %j %j', async (parameters, env, mode) => {
    const question = `My key is sk-ant-api03-${'a1B2'.repeat(23)}-AAAAAAAA. ${'x'.repeat(3000)}`
    const messages = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: question }] }])
    const folder = fileWith(JSON.stringify(request(chat({ id: 1, attributes: { 'gen_ai.input.messages': messages } }))))
    await runCli(['import', 'spans.json', ...DB, ...parameters], { folder, env })
    const [row] = await rowsIn(folder)
    const text = JSON.stringify(row?.content)
    expect(text).not.toContain('sk-ant-api03-a1B2')
    expect(mode === 'none' ? !text.includes('xxx') : text.includes('xxx')).toBe(true)
    expect(text.includes('x'.repeat(2000))).toBe(mode === 'full')
  })
})

test('a misspelt policy keeps nothing, and says so', async () => {
  const attributes = { 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hello"}]}]' }
  const folder = fileWith(JSON.stringify(request(chat({ id: 1, attributes }))))
  const { code, stderr } = await runCli(['import', 'spans.json', ...DB], {
    folder,
    env: { SPANLEDGER_CONTENT: 'preveiw' },
  })
  expect(code).toBe(0)
  expect(stderr).toMatch(/^Unknown content mode "preveiw" \(SPANLEDGER_CONTENT\); use none, preview, full/)
  expect(JSON.stringify(await rowsIn(folder))).not.toContain('hello')
})

describe('call lines', () => {
  const CALLS = [
    call({ span_id: '00000000000000a1', run_id: '00000000000000a1', metadata: { plan: 'pro' }, tags: ['beta'] }),
    call({ span_id: '00000000000000a2', run_id: '00000000000000a1', input_tokens: null, cost_nano_usd: null }),
  ]

  test.each(['jsonl', 'json'])('of an export as %s come back as the same rows', async (format) => {
    const source = await folderWithCalls(CALLS)
    const exported = await runCli(['export', '--format', format, ...DB], { folder: source })
    const folder = fileWith(exported.stdout)
    const { code, stderr } = await importFile(folder)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Imported 2 calls from 2 call lines: 2 new, 0 already there, 0 rejected\n',
    })
    expect(await rowsIn(folder)).toEqual(await rowsIn(source))
  })

  test('may stand beside OTLP in one file', async () => {
    const metrics = JSON.stringify({ resourceMetrics: [] })
    const folder = fileWith([...CALLS.map(toCallLine), JSON.stringify(request(chat({ id: 1 }))), metrics].join('\n'))
    const { code, stderr } = await importFile(folder)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'Imported 3 calls from 2 call lines and 1 span (0 not AI): 3 new, 0 already there, 0 rejected; skipped 1 request with logs or metrics\n',
    })
  })
})

describe('what cannot be read', () => {
  test('is named with its line and reason, and the rest is imported', async () => {
    const bad = [
      '{"resourceSpans": [',
      JSON.stringify(request(chat({ id: 1 }))),
      '{"hello": 1}',
      toCallLine(call({ input_tokens: -1 })),
      JSON.stringify(request(chat({ id: 2 }), chat({ id: 0xbbbb_bbbb }))).replace(spanId(0xbbbb_bbbb), '0'.repeat(16)),
      '7',
    ]
    const { code, stdout, stderr } = await importFile(fileWith(bad.join('\n')))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^spans\.json line 1: not JSON: /),
      'spans.json line 3: must be OTLP spans ("resourceSpans") or a call line ("trace_id") (1 more like this, up to spans.json line 6)',
      'spans.json line 4: call: input_tokens is -1; expected a non-negative integer or null',
      'spans.json line 5: 1 span left out: spanId must be 16 hex characters, not all of them zero',
      'Imported 2 calls from 1 call line and 3 spans (0 not AI): 2 new, 0 already there, 2 rejected',
      'Not everything could be imported: 5 problems above',
      '',
    ])
  })

  test('is told once if only the line differs', async () => {
    const script = ["import { register } from 'spanledger'", '', 'register()', ...Array<string>(35).fill('run()')]
    const { code, stderr } = await importFile(fileWith(script.join('\n')))
    expect(code).toBe(1)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^spans\.json line 1: not JSON: .* \(36 more like this, up to spans\.json line 38\)$/),
      'Imported 0 calls from 0 spans (0 not AI): 0 new, 0 already there, 0 rejected',
      'Not everything could be imported: 37 problems above',
      '',
    ])
  })

  test('is told 20 times at most', async () => {
    const wrong = Array.from({ length: 5000 }, (_, index) => call({ input_tokens: -1 - index }))
    const { code, stderr } = await importFile(fileWith([call(), ...wrong].map(toCallLine).join('\n')))
    const lines = stderr.split('\n')
    expect({ code, lines: lines.length }).toEqual({ code: 1, lines: 24 })
    expect(lines.slice(20)).toEqual([
      '… and 4,980 more problems',
      'Imported 1 call from 5,001 call lines: 1 new, 0 already there, 5,000 rejected',
      'Not everything could be imported: 5,000 problems above',
      '',
    ])
  })

  test.each([
    ['a file that is not there', () => emptyFolder(), 'no such file; use an existing one, or - for stdin'],
    ['a folder', folderNamedLikeTheFile, 'this is a folder; use the files in it'],
    [
      'half of a compressed file',
      () => fileWith(halfOf(gzipSync(JSON.stringify(request(...AGENT))))),
      'the compressed data ends early; everything before that is imported',
    ],
  ])('%s does not hold up the other files', async (_, makeFolder, problem) => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'good.json'), JSON.stringify(request(chat({ id: 1 }))))
    const { code, stderr } = await runCli(['import', 'spans.json', 'good.json', ...DB], { folder })
    expect(code).toBe(1)
    expect(stderr).toContain(`spans.json: ${problem}\n`)
    expect(stderr).toContain('Imported 1 call from 1 span (0 not AI): 1 new, 0 already there, 0 rejected\n')
  })

  test('an unfinished document is one problem', async () => {
    const text = JSON.stringify(request(...AGENT), null, 2)
    const { code, stderr } = await importFile(fileWith(text.slice(0, -3)))
    expect(code).toBe(1)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^spans\.json line 1: not JSON: /),
      'Imported 0 calls from 0 spans (0 not AI): 0 new, 0 already there, 0 rejected',
      'Not everything could be imported: 1 problem above',
      '',
    ])
  })
})

test('a folder that is missing for the database is named', async () => {
  const folder = fileWith(JSON.stringify(request(chat({ id: 1 }))))
  const { code, stderr } = await runCli(['import', 'spans.json', '--db', 'file:nowhere/usage.db'], { folder })
  expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 })
  expect(stderr).toContain(`The folder ${join(folder, 'nowhere')} for the database is missing; `)
})

test('a large file is imported to the last line', async () => {
  const count = 3000
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify(request(chat({ trace: index + 1, id: index + 1 }))),
  )
  const folder = fileWith(lines.join('\n'))
  const { stderr } = await importFile(folder)
  expect(stderr).toBe(`Imported 3,000 calls from 3,000 spans (0 not AI): 3,000 new, 0 already there, 0 rejected\n`)
  const store = await openStore({ path: join(folder, 'usage.db'), readOnly: true })
  expect(await store.summary({})).toMatchObject({
    calls: count,
    inputTokens: count * 1000,
    costNanoUsd: count * 3_500_000,
  })
  await store.close()
})

test('the default database is made in a folder that git ignores', async () => {
  const folder = fileWith(JSON.stringify(request(chat({ id: 1 }))))
  const { code } = await runCli(['import', 'spans.json'], { folder })
  expect({ code, ignored: existsSync(join(folder, '.spanledger/.gitignore')) }).toEqual({ code: 0, ignored: true })
  expect((await runCli(['report', '--since', '2026-11-01', '--format', 'jsonl'], { folder })).stdout).toContain(
    '"gpt-4o"',
  )
})

function folderNamedLikeTheFile(): string {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'spans.json'))
  return folder
}

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length / 2)
}
