import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Call, CALL_COLUMNS, callId, parseCallLine } from '@spanledger/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const MAIN = fileURLToPath(new URL('../../../packages/spanledger/src/main.ts', import.meta.url))

function nth(number: number, differences: Partial<Call> = {}): Call {
  const span_id = number.toString(16).padStart(16, '0')
  return call({ span_id, run_id: span_id, ...differences })
}

const SAID = {
  question: 'What is "=1+1"?',
  system_prompt: null,
  input_messages: [{ role: 'user', parts: [{ type: 'text', content: 'What is "=1+1"?' }] }],
  output_messages: null,
  answer: '=2',
  tool_definitions: null,
  tool_arguments: null,
  tool_result: null,
  lengths: { question: 15 },
}
const CALLS = [
  nth(1, { tags: ['a', 'b'], metadata: { plan: 'pro' }, user_id: '@ann', content: SAID }),
  nth(2, { model: 'other', error_message: 'two\nlines, and "quotes"', status: 'error' }),
  nth(3),
]

let folder: string
beforeAll(async () => {
  folder = await folderWithCalls(CALLS)
})

describe('JSON lines', () => {
  test('have id and every column, the oldest call first', async () => {
    const { code, stdout, stderr } = await runCli(['export', ...DB], { folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = jsonLines(stdout)
    expect(rows.map((row) => Object.keys(row))).toEqual(
      CALLS.map(() => ['id', ...Object.keys(CALL_COLUMNS), 'created_at', 'ingest_seq']),
    )
    expect(rows.map((row) => [row['id'], row['ingest_seq']])).toEqual(
      CALLS.map((row, index) => [callId(row), index + 1]),
    )
    expect(stdout.trim().split('\n').map(parseCallLine)).toEqual(CALLS.map((row) => ({ ...row, content: null })))
  })

  test('have what was said if it is asked for', async () => {
    const { stdout } = await runCli(['export', ...DB, '--content'], { folder })
    expect(stdout.trim().split('\n').map(parseCallLine)).toEqual(CALLS)
  })

  test('are only those of a filter', async () => {
    const { stdout } = await runCli(['export', ...DB, '--model', 'other'], { folder })
    expect(jsonLines(stdout).map((row) => row['id'])).toEqual([callId(CALLS[1]!)])
  })
})

test('json is one array of the same objects', async () => {
  const lines = await runCli(['export', ...DB], { folder })
  const { stdout } = await runCli(['export', ...DB, '--format', 'json'], { folder })
  expect(JSON.parse(stdout)).toEqual(jsonLines(lines.stdout))
})

test('csv has JSON in its cells where a column is JSON, and nothing that a spreadsheet would run', async () => {
  const { stdout } = await runCli(['export', ...DB, '--format', 'csv', '--content', '--kind', 'all'], { folder })
  const [titles = [], ...rows] = parseCsv(stdout)
  expect(titles.slice(0, 2)).toEqual(['id', 'trace_id'])
  const [first, second] = rows.map((row) => Object.fromEntries(titles.map((title, index) => [title, row[index]])))
  expect(first).toMatchObject({
    id: callId(CALLS[0]!),
    tags: '["a","b"]',
    metadata: '{"plan":"pro"}',
    user_id: "'@ann",
    input_tokens: '100',
    project_id: '',
    content_answer: "'=2",
    content_lengths: '{"question":15}',
  })
  expect(second).toMatchObject({ error_message: 'two\nlines, and "quotes"', content_answer: '' })
})

describe('a file', () => {
  test('gets what stdout would, and only its owner may read it', async () => {
    const { stdout: expected } = await runCli(['export', ...DB], { folder })
    const { code, stdout, stderr } = await runCli(['export', ...DB, '-o', 'out.jsonl'], { folder })
    const path = join(folder, 'out.jsonl')
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `Exported 3 calls to ${path}\n` })
    expect(readFileSync(path, 'utf8')).toBe(expected)
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
  })

  test('in a folder that is not there is named', async () => {
    const { code, stderr } = await runCli(['export', ...DB, '-o', 'nowhere/out.jsonl'], { folder })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Cannot write .*nowhere\/out\.jsonl \(ENOENT.*\); choose a file that you can write to\n$/)
  })

  test('is never the database', async () => {
    const before = readFileSync(join(folder, 'usage.db'))
    const { code, stderr } = await runCli(['export', ...DB, '-o', './usage.db'], { folder })
    expect(code).toBe(2)
    expect(stderr).toBe(`${join(folder, 'usage.db')} is the database itself; choose another file for the export\n`)
    expect(readFileSync(join(folder, 'usage.db')).equals(before)).toBe(true)
  })
})

describe('many calls', () => {
  const COUNT = 20_000
  let large: string
  beforeAll(async () => {
    const text = 'x'.repeat(4_000)
    large = await folderWithCalls(Array.from({ length: COUNT }, (_, index) => nth(index + 1, { error_message: text })))
  })

  test('are all there, and need little memory at a time', async () => {
    // The rows take more than twice this heap.
    const env = { NODE_OPTIONS: '--max-old-space-size=40' }
    const { code } = await runCli(['export', ...DB, '-o', 'all.jsonl'], { folder: large, env })
    expect(code).toBe(0)
    const path = join(large, 'all.jsonl')
    expect(statSync(path).size).toBeGreaterThan(80_000_000)
    const sequence = readFileSync(path, 'utf8').match(/"ingest_seq":\d+/g)
    expect(sequence).toEqual(Array.from({ length: COUNT }, (_, index) => `"ingest_seq":${index + 1}`))
  })

  test('to a reader that goes away end quietly', async () => {
    const child = spawn(process.execPath, ['--conditions=@spanledger/source', MAIN, 'export', ...DB], { cwd: large })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

test('an empty database gives no line and says what to try next', async () => {
  const own = await folderWithCalls([])
  const { code, stdout, stderr } = await runCli(['export', ...DB, '-o', 'out.jsonl'], { folder: own })
  expect({ code, stdout, text: readFileSync(join(own, 'out.jsonl'), 'utf8') }).toEqual({
    code: 0,
    stdout: '',
    text: '',
  })
  expect(stderr).toMatch(/^No calls in .* yet\./)
  expect(existsSync(join(own, '.spanledger'))).toBe(false)
})

/** Rows of cells by RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\n') rows.push([])
  }
  return rows.slice(0, -1)
}
