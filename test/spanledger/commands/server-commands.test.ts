import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { openStore } from '@spanledger/store'
import { expect, test } from 'vitest'
import { buildContent } from '../../core/build-call.ts'
import { call } from '../../builders.ts'
import { serve } from '../../server/serve.ts'
import { emptyFolder, runCli } from '../run-cli.ts'

const TOKEN = randomBytes(24).toString('hex')
const NOON = Date.UTC(2026, 10, 3, 12)
const NONE = { provider: null, model: null, input_tokens: null, output_tokens: null, total_tokens: null } as const

const id = (number: number) => ({
  trace_id: number.toString(16).padStart(32, 'a'),
  span_id: number.toString(16).padStart(16, '0'),
  run_id: number.toString(16).padStart(16, '0'),
  started_at: NOON + number * 3_600_000,
  ended_at: NOON + number * 3_600_000 + 1000,
})
const CALLS = [
  call({
    ...id(1),
    user_id: 'ann',
    tags: ['beta', 'eu'],
    metadata: { tier: 'gold' },
    content: buildContent({ answer: 'forty-two' }),
  }),
  call({ ...id(2), user_id: 'ann', model: 'home-grown', cost_nano_usd: null, cost_source: null, project_id: 'shop' }),
  call({
    ...id(3),
    status: 'error',
    error_message: 'rate limited',
    ...NONE,
    cost_nano_usd: null,
    usage_source: 'none',
  }),
  call({ ...id(40), user_id: null, cost_nano_usd: 5_000_000_000, cost_flags: ['cache_unknown'] }),
  call({ ...id(41), trace_id: id(1).trace_id, parent_span_id: id(1).span_id, run_id: id(1).run_id, kind: 'tool' }),
].map((row) =>
  row.kind === 'tool' ? { ...row, ...NONE, billable: 0 as const, tool_name: 'search', cost_nano_usd: null } : row,
)

const SINCE = ['--since', '2026-11-01']
const COMMANDS: readonly (readonly string[])[] = [
  ['report', ...SINCE],
  ['report', ...SINCE, '--by', 'day', '--tz', 'Asia/Kathmandu', '--format', 'json'],
  ['report', ...SINCE, '--by', 'tag', '--format', 'csv'],
  ['report', ...SINCE, '--by', 'tool'],
  ['report', ...SINCE, '--by', 'hour', '--tz', 'Asia/Kathmandu', '--format', 'csv'],
  ['report', '--since', '2026-11-04', '--until', '2026-11-05', '--compare', '--format', 'json'],
  ['report', '--user', 'nobody'],
  ['spend', '--user', 'ann'],
  ['calls'],
  ['calls', '--kind', 'all', '--user', '', '--user', 'ann'],
  ['calls', '--format', 'json', '--limit', '2'],
  ['calls', '--not', 'user=ann', '--not', 'tag=beta', '--min-cost', '0.07', '--max-duration', '1000.5'],
  ['report', ...SINCE, '--metadata', 'tier=gold', '--metadata', 'a:b=', '--max-tokens', '140'],
  ['trace', id(1).trace_id],
  ['trace', 'a'],
  ['trace', id(2).trace_id.slice(0, 32), '--format', 'jsonl'],
  ['export', '--content'],
  ['export', '--format', 'csv', '--tag', 'eu'],
  ['budgets'],
  ['budgets', 'list', '--format', 'json'],
  ['prices', 'list', '--provider', 'openai', '--format', 'json'],
  ['prices', 'show', 'openai', 'gpt-5', '--at', '2026-11-03'],
  ['prices', 'show', 'house', 'model', '--at', '2026-11-03', '--format', 'json'],
  ['prices', 'check', '--format', 'json'],
]

let url: string
let folder: string

async function serveCalls(): Promise<void> {
  const served = await serve({ env: { SPANLEDGER_TOKENS: `admin:${TOKEN}` } })
  folder = dirname(served.path)
  url = served.url
  const store = await openStore({ path: served.path })
  await store.write(CALLS)
  await store.createBudget({
    name: 'team',
    scope: { project: 'shop', user: [null, 'ann'] },
    period: 'month',
    tz: 'Europe/Berlin',
    limitNanoUsd: 12_345_678_901,
    webhookUrl: 'https://hooks.example.com/secret',
  })
  const ownPrice = { provider: 'house', model: 'model', per_mtok: { input: '1.5' } }
  await store.changePrices(() => ({ schema: 1, prices: [ownPrice] }))
  await store.close()
}

test('every reading command says of a server what it says of the file behind it', { timeout: 180_000 }, async () => {
  await serveCalls()
  const elsewhere = emptyFolder()
  for (const parameters of COMMANDS) {
    const [file, server] = await Promise.all([
      runCli([...parameters, '--db', 'file:usage.db'], { folder }),
      runCli([...parameters, '--db', url, '--token', TOKEN], { folder: elsewhere }),
    ])
    const comparable = (text: string) => text.replaceAll(`${folder}/usage.db`, 'IT').replaceAll(url, 'IT')
    const expected = { ...file, stderr: comparable(file.stderr) }
    expect({ parameters, ...server, stderr: comparable(server.stderr) }).toEqual({ parameters, ...expected })
    expect(file.stdout + file.stderr).not.toBe('')
  }
  expect(readdirSync(elsewhere)).toEqual([])
})

test('the environment can name the server and the token', async () => {
  await serveCalls()
  const env = { SPANLEDGER_DATABASE: url, SPANLEDGER_TOKEN: TOKEN }
  const { code, stdout } = await runCli(['report', ...SINCE, '--format', 'csv'], { env })
  expect(code).toBe(0)
  expect(stdout).toContain('\nhome-grown,1,')
})

test('a server that refuses, is away, or is another one is a sentence', async () => {
  await serveCalls()
  expect(await runCli(['calls', '--db', url])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^http:\S+ refuses this token; use one with the scope read, in --token or /),
  })
  const stranger = createServer((_, response) => response.end('hello'))
  await once(stranger.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  const answered = await runCli(['calls', '--db', address])
  stranger.close()
  await once(stranger, 'close')
  expect(answered).toMatchObject({ code: 1, stderr: `${address} answered 200: not a Spanledger server\n` })
  expect(await runCli(['calls', '--db', address])).toMatchObject({
    code: 1,
    stderr: `No server answers at ${address}; start one with "spanledger serve", or correct --db\n`,
  })
})
