import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../provider-server/index.ts'
import { query, runApp } from '../run-app.ts'
import { emptyFolder, runCli } from '../run-cli.ts'

let server: ProviderServer

beforeEach(async () => {
  server = await startProviderServer()
})
afterEach(() => server.close())

const MONEY =
  'select cost_nano_usd as cost, cost_source as source, price_version as version from calls where billable = 1'

// What each of the two calls to gpt-5-mini has on the wire: 100 tokens in, 30 of them cached; 40 out.
const FILE = {
  schema: 1,
  prices: [
    {
      provider: 'openai',
      model: 'gpt-5-mini*',
      per_mtok: { input: '1', output: '2', cache_read: '0.5' },
      discount: '0.9',
    },
  ],
} as const
const OWN = { cost: 148_500, source: 'custom', version: expect.stringMatching(/^custom:[\da-f]{8}#0$/) } // (70,000 + 15,000 + 80,000) × 0.9
const LISTED = { cost: 98_250, source: 'list', version: expect.stringMatching(/^list@/) } // 17,500 + 750 + 80,000

function pricesFile(text: string): string {
  const path = join(emptyFolder(), 'prices.json')
  writeFileSync(path, text)
  return path
}

function expectOnTheWire(): void {
  expect(
    server.calls().map(({ billed }) => [billed?.inputTokens, billed?.cacheReadTokens, billed?.outputTokens]),
  ).toEqual([
    [100, 30, 40],
    [100, 30, 40],
  ])
}

describe('custom prices reach every call of an application', () => {
  test('from the file that SPANLEDGER_PRICES names', async () => {
    const env = { SPANLEDGER_PRICES: pricesFile(JSON.stringify(FILE)) }
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai], env })
    expect(run.stderr).toBe('')
    expectOnTheWire()
    expect(query(run.database, MONEY)).toEqual([OWN, OWN])
  })

  test.each([
    ['an object', () => JSON.stringify(FILE)],
    ['the address of a file', () => pricesFile(JSON.stringify(FILE))],
  ])('from register({ prices }), %s, which goes before the environment', async (_, given) => {
    const env = { SPANLEDGER_PRICES: '/nowhere/prices.json' }
    const parameters = [server.openai, 'naturally', given()]
    const run = await runApp({ app: 'own-prices.ts', preload: false, parameters, env })
    expect(run.stderr).toBe('')
    expect(query(run.database, MONEY)).toEqual([OWN, OWN])
  })

  test('and so does a newer published list beside its database', async () => {
    const folder = emptyFolder()
    const models = [
      { id: 'gpt-5-mini', match: { starts_with: 'gpt-5-mini' }, prices: { input_mtok: 3, output_mtok: 4 } },
    ]
    writeFileSync(join(folder, 'data.json'), JSON.stringify([{ id: 'openai', models }]))
    const database = `file:${join(folder, 'usage.db')}`
    const update = await runCli(['prices', 'update', '--from', join(folder, 'data.json'), '--db', database])
    expect(update.code).toBe(0)
    const env = { SPANLEDGER_DATABASE: database }
    await runApp({ app: 'seven.ts', parameters: [server.openai], env })
    const listed = { ...LISTED, cost: 460_000 } // 100 × 3,000 + 40 × 4,000; nothing is cheaper from the cache
    expect(query(join(folder, 'usage.db'), MONEY)).toEqual([listed, listed])
  })
})

describe('what is broken is said once, and the published list is used', () => {
  test.each([
    [
      'a file',
      () => pricesFile(JSON.stringify(FILE, null, 2).replace('"2"', '2')),
      /prices\.json line 9, prices\[0\]\.per_mtok\.output: 2 is not a decimal; write it as a string such as "0\.25"\. Calls are priced without it, from the published list/,
    ],
    ['a file that is no JSON', () => pricesFile('prices:\n'), /prices\.json line 1: not JSON /],
    [
      'a file that is not there',
      () => '/nowhere/prices.json',
      /Cannot read prices from \/nowhere\/prices\.json \(ENOENT/,
    ],
    [
      'an address',
      () => 'https://me:secret@example.com/p',
      /Cannot read prices from "https:\/\/…@example\.com\/p"; use a file, such as prices\.json/,
    ],
  ])('%s', async (_, given, warning) => {
    const env = { SPANLEDGER_PRICES: given() }
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai], env })
    expect(run.code).toBe(0)
    expect(run.stderr.match(/SpanledgerWarning/g)).toHaveLength(1)
    expect(run.stderr).toMatch(warning)
    expect(query(run.database, MONEY)).toEqual([LISTED, LISTED])
  })

  test('an object', async () => {
    const wrong = JSON.stringify({
      schema: 1,
      prices: [{ provider: 'openai', model: 'gpt-5', per_mtok: { input: 1 } }],
    })
    const run = await runApp({ app: 'own-prices.ts', preload: false, parameters: [server.openai, 'naturally', wrong] })
    expect(run.stderr.match(/SpanledgerWarning/g)).toHaveLength(1)
    expect(run.stderr).toContain('prices: prices[0].per_mtok.input: 1 is not a decimal')
    expect(query(run.database, MONEY)).toEqual([LISTED, LISTED])
  })

  test('a published list', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'data'))
    const path = join(folder, 'data/usage.db')
    writeFileSync(`${path}.price-list.json`, '{"source": "me"}')
    const env = { SPANLEDGER_DATABASE: `file:${path}` }
    const run = await runApp({ app: 'seven.ts', parameters: [server.openai], env })
    expect(run.stderr.match(/SpanledgerWarning/g)).toHaveLength(1)
    expect(run.stderr).toContain(`${path}.price-list.json is not a price list (`)
    expect(query(path, MONEY)).toEqual([LISTED, LISTED])
  })
})

test('pricing again with the same prices changes nothing', async () => {
  const env = { SPANLEDGER_PRICES: pricesFile(JSON.stringify(FILE)) }
  const { database } = await runApp({ app: 'seven.ts', parameters: [server.openai], env })
  const { stderr } = await runCli(['reprice', '--db', `file:${database}`], { env })
  expect(stderr).toBe('Nothing to change: 2 calls already at current prices\n')
  // Without that file they would go back to the list.
  expect((await runCli(['reprice', '--db', `file:${database}`])).stderr).toContain('from $0.000297 to $0.0001965')
})
