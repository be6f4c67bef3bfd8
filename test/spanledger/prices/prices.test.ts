import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { Call, PriceList } from '@spanledger/core'
import { describe, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { query } from '../run-app.ts'
import { emptyFolder, folderWithCalls, jsonLines, runCli } from '../run-cli.ts'

const DB = ['--db', 'file:usage.db']
const LIST = 'usage.db.price-list.json'
const NEW = [
  {
    id: 'openai',
    models: [
      { id: 'gpt-5-mini', match: { equals: 'gpt-5-mini' }, prices: { input_mtok: 0.3, output_mtok: 2.4 } },
      { id: 'gpt-9', match: { equals: 'gpt-9' }, prices: { input_mtok: 2, output_mtok: 3 } },
    ],
  },
]
const GENAI_PRICES = fileURLToPath(new URL('../../../node_modules/@pydantic/genai-prices', import.meta.url))

function numbered(number: number, differences: Partial<Call>): Call {
  const span_id = number.toString(16).padStart(16, '0')
  return call({ span_id, run_id: span_id, ...differences })
}

function unpriced(number: number, differences: Partial<Call>): Call {
  const cost = { cost_nano_usd: null, cost_source: null, cost_reason: 'unknown_model', price_version: null }
  return numbered(number, { ...cost, request_model: null, ...differences })
}

function pricesIn(folder: string): unknown[] {
  return query(join(folder, 'usage.db'), 'select price from prices order by id').map(
    (row) => JSON.parse(String(row['price'])) as unknown,
  )
}

describe('help', () => {
  test('of prices names its commands', async () => {
    const { code, stdout } = await runCli(['prices', '--help'])
    expect(code).toBe(0)
    const names = [...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].map((match) => match[1])
    expect(names).toEqual(['list', 'show', 'check', 'set', 'remove', 'update', 'help'])
  })

  test.each(['list', 'show', 'check', 'set', 'remove', 'update'])('of prices %s names its options', async (name) => {
    const { code, stdout } = await runCli(['prices', name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: spanledger prices ${name} [options]`)
    for (const option of ['--db <url>', '--format <name>', '-h, --help']) expect(stdout).toContain(option)
  })

  test('of update says that nothing is fetched', async () => {
    const { stdout } = await runCli(['prices', 'update', '--help'])
    expect(stdout).toContain('Nothing is fetched from the network')
    expect(stdout).not.toContain('--fetch')
  })

  test('is what bare prices get, as wrong usage', async () => {
    expect(await runCli(['prices'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('prices set', () => {
  test('puts a price into the database, which is made for it', async () => {
    const folder = emptyFolder()
    const set = ['prices', 'set', 'openai', 'gpt-5-mini', '--input', '0.3', '--output', '2.4', '--cache-read', '0.03']
    const { code, stdout, stderr } = await runCli([...set, '--from', '2026-01-01', ...DB], { folder })
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Added. For stored calls, run "spanledger reprice"\n',
    })
    expect(stdout).toBe(`\
provider  model       from        input  output  cache read  cache write  source  details
─────────────────────────────────────────────────────────────────────────────────────────
openai    gpt-5-mini  2026-01-01    0.3     2.4        0.03               custom

Dollars per million tokens.
`)
    expect(pricesIn(folder)).toEqual([
      {
        provider: 'openai',
        model: 'gpt-5-mini',
        from: '2026-01-01',
        per_mtok: { input: '0.3', output: '2.4', cache_read: '0.03' },
      },
    ])
  })

  test('takes every price, tier, alias and discount of the file format', async () => {
    const folder = emptyFolder()
    const rates = ['--input', '1', '--output', '2', '--cache-read', '0.1', '--cache-write', '1.25', '--cache-write-1h']
    const more = ['--reasoning', '3', '--input-audio', '4', '--output-audio', '5', '--cache-read-audio', '0.4']
    const images = ['--input-image', '6', '--output-image', '7', '--per-image', '0.04']
    const pieces = [
      '--per-request',
      '0.006',
      '--per-search',
      '0.01',
      '--per-character',
      '0.000015',
      '--per-minute',
      '1',
    ]
    const rest = ['--to', '2027-01-01', '--tier', 'flex', '--discount', '0.9']
    const set = ['prices', 'set', 'mine', 'm*', ...rates, '2', ...more, ...images, ...pieces, ...rest]
    expect((await runCli([...set, ...DB], { folder })).code).toBe(0)
    expect(
      (await runCli(['prices', 'set', 'azure', 'prod', '--alias-of', 'openai/gpt-4o', ...DB], { folder })).code,
    ).toBe(0)
    expect(pricesIn(folder)).toEqual([
      {
        provider: 'mine',
        model: 'm*',
        to: '2027-01-01',
        tier: 'flex',
        per_mtok: {
          input: '1',
          output: '2',
          cache_read: '0.1',
          cache_write: '1.25',
          cache_write_1h: '2',
          reasoning: '3',
          input_audio: '4',
          output_audio: '5',
          cache_read_audio: '0.4',
          input_image: '6',
          output_image: '7',
        },
        per_unit: { request: '0.006', search: '0.01', image: '0.04', character: '0.000015', minute: '1' },
        discount: '0.9',
      },
      { provider: 'azure', model: 'prod', alias_of: 'openai/gpt-4o' },
    ])
  })

  test('replaces the price for the same model, tier and first day, and no other', async () => {
    const folder = emptyFolder()
    const set = (...rest: string[]) => runCli(['prices', 'set', ...rest, '--output', '1', ...DB], { folder })
    await set('openai', 'gpt-5', '--input', '1')
    await set('openai', 'gpt-5', '--input', '2', '--from', '2026-06-01')
    await set('openai', 'gpt-5', '--input', '3', '--tier', 'flex')
    const { stderr } = await set('openai.chat', 'GPT-5', '--input', '4')
    expect(stderr).toMatch(/^Replaced\./)
    const inputs = pricesIn(folder).map((price) => (price as { per_mtok: { input: string } }).per_mtok.input)
    expect(inputs).toEqual(['2', '3', '4'])
  })

  test('says what a price leaves open', async () => {
    const { code, stderr } = await runCli(['prices', 'set', 'mine', 'm', '--input', '1', ...DB])
    expect(code).toBe(0)
    expect(stderr).toContain('Without a price for output, calls with such tokens stay unpriced\n')
  })

  test.each([
    [
      ['mine', 'm', '--input', 'abc'],
      'Not a price: input: "abc" is not a decimal; write it as a string such as "0.25"',
    ],
    [['mine', 'm', '--per-image=-1'], 'Not a price: image: "-1" is not a decimal; write it as a string such as "0.25"'],
    [
      ['mine', 'm', '--per-second', '1', '--per-hour', '1'],
      'Not a price: time is priced twice; keep only one of second, hour',
    ],
    [['mine', 'm'], 'Not a price: no price; write per_mtok, per_unit, alias_of or discount'],
    [['mine', 'm', '--alias-of', 'gpt-5'], 'Not a price: alias_of: write provider/model, such as "openai/gpt-4o"'],
    [
      ['mine', 'm', '--input', '1', '--from', '2026-02-30'],
      'Not a price: from: "2026-02-30" is not a day; write it as a string such as "2026-01-31"',
    ],
    [
      ['mine'],
      'Pass a provider and a model, such as "prices set openai gpt-5 --input 1.25 --output 10", or --from-file',
    ],
    [['mine', 'm', '--from-file', 'prices.json'], 'Pass either a model or --from-file, not both'],
  ])('%j is wrong usage: %s', async (parameters, sentence) => {
    const folder = emptyFolder()
    const result = await runCli(['prices', 'set', ...parameters, ...DB], { folder })
    expect(result).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
    expect(readdirSync(folder)).toEqual([])
  })

  test('refuses a price that would be as good a match as another one, and keeps what is there', async () => {
    const folder = emptyFolder()
    await runCli(['prices', 'set', 'mine', 'gpt-5*', '--input', '1', ...DB], { folder })
    const { code, stderr } = await runCli(['prices', 'set', 'mine', '*-mini', '--input', '1', ...DB], { folder })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'prices: prices[1]: matches as well as prices[0] ("gpt-5*"); give one of them a longer model or a different from\n',
    )
    expect(pricesIn(folder)).toHaveLength(1)
  })

  describe('--from-file', () => {
    const FILE = {
      schema: 1,
      prices: [
        { provider: 'azure', model: 'prod', alias_of: 'openai/gpt-4o' },
        {
          provider: 'mine',
          model: 'm',
          per_mtok: { input: '1', output: '2' },
          above: [{ input_gt: 1000, per_mtok: { input: '2' } }],
        },
      ],
    }

    test('takes all that is in the file instead of all that was there', async () => {
      const folder = emptyFolder()
      writeFileSync(join(folder, 'prices.json'), JSON.stringify(FILE, null, 2))
      await runCli(['prices', 'set', 'old', 'm', '--input', '1', ...DB], { folder })
      const set = ['prices', 'set', '--from-file', 'prices.json', '--format', 'jsonl', ...DB]
      const { code, stdout, stderr } = await runCli(set, { folder })
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: '2 prices instead of 1. For stored calls, run "spanledger reprice"\n',
      })
      expect(jsonLines(stdout).map((row) => row['price'])).toEqual(FILE.prices)
      expect(pricesIn(folder)).toEqual(FILE.prices)
    })

    test('names line and field of a mistake, and keeps what is there', async () => {
      const folder = emptyFolder()
      writeFileSync(join(folder, 'prices.json'), JSON.stringify(FILE, null, 2).replace('"2"', '2'))
      await runCli(['prices', 'set', 'old', 'm', '--input', '1', ...DB], { folder })
      const { code, stdout, stderr } = await runCli(['prices', 'set', '--from-file', 'prices.json', ...DB], { folder })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toBe(
        `${join(folder, 'prices.json')} line 14, prices[1].per_mtok.output: 2 is not a decimal; write it as a string such as "0.25"\n`,
      )
      expect(pricesIn(folder)).toHaveLength(1)
    })

    test('says that a file is missing', async () => {
      const { code, stderr } = await runCli(['prices', 'set', '--from-file', 'none.json', ...DB])
      expect(code).toBe(1)
      expect(stderr).toMatch(/^Cannot read prices from .*none\.json \(ENOENT.*\); use a file that exists\n$/)
    })
  })
})

describe('prices remove', () => {
  test('takes out the prices of a model, of a tier or of a day', async () => {
    const folder = emptyFolder()
    const set = (...rest: string[]) => runCli(['prices', 'set', 'mine', ...rest, '--input', '1', ...DB], { folder })
    const remove = (...rest: string[]) => runCli(['prices', 'remove', 'mine', ...rest, ...DB], { folder })
    await set('m')
    await set('m', '--tier', 'flex')
    await set('m', '--from', '2026-01-01')
    await set('n')
    expect(await remove('m', '--tier', 'flex', '--format', 'json')).toMatchObject({
      code: 0,
      stderr: 'Removed 1 price. For stored calls, run "spanledger reprice"\n',
    })
    expect((await remove('M')).stderr).toContain('Removed 2 prices')
    expect(pricesIn(folder)).toMatchObject([{ model: 'n' }])
    const missing = await remove('m')
    expect(missing).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No custom price for mine/m; "spanledger prices list" shows all prices\n',
    })
  })
})

describe('prices list', () => {
  test('has custom prices first, those of the database before those of SPANLEDGER_PRICES, then the published ones', async () => {
    const folder = emptyFolder()
    await runCli(['prices', 'set', 'openai', 'gpt-5-mini', '--discount', '0.9', ...DB], { folder })
    const file = { schema: 1, prices: [{ provider: 'openai', model: 'gpt-5-mini*', discount: '0.8' }] }
    writeFileSync(join(folder, 'prices.json'), JSON.stringify(file))
    const parameters = ['prices', 'list', '--provider', 'openai', '--model', 'GPT-5-mini', ...DB]
    const { code, stdout } = await runCli([...parameters, '--format', 'jsonl'], {
      folder,
      env: { SPANLEDGER_PRICES: 'prices.json' },
    })
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toEqual([
      {
        source: 'custom',
        provider: 'openai',
        model: 'gpt-5-mini',
        price: { provider: 'openai', model: 'gpt-5-mini', discount: '0.9' },
      },
      { source: 'custom', provider: 'openai', model: 'gpt-5-mini*', price: file.prices[0] },
      {
        source: 'list',
        provider: 'openai',
        model: 'gpt-5-mini',
        price: {
          model: 'gpt-5-mini',
          also: ['gpt-5-mini-2025-08-07'],
          per_mtok: { input: '0.25', output: '2', cache_read: '0.025' },
          per_unit: { search: '0.01' },
        },
      },
    ])
  })

  test('needs no database, and makes none', async () => {
    const folder = emptyFolder()
    const list = ['prices', 'list', '--provider', 'anthropic', '--model', 'sonnet-4-5', '--format', 'csv']
    const { code, stdout } = await runCli(list, { folder })
    expect(code).toBe(0)
    const [titles = '', row = ''] = stdout.split('\n')
    expect(titles).toMatch(
      /^source,provider,model,from,to,tier,hours,input,output,cache_read,cache_write,cache_write_1h,/,
    )
    expect(row).toMatch(/^list,anthropic,claude-sonnet-4-5,,,,,3,15,0\.3,3\.75,6,/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('says which providers there are when none matches', async () => {
    const { code, stdout, stderr } = await runCli(['prices', 'list', '--provider', 'nobody'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^No prices match; providers are anthropic, .*openai/)
  })

  test('names line and field of a broken SPANLEDGER_PRICES', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'prices.json'), '{\n"schema": 1,\n"prices": [{"provider": "a", "model": "b"}]\n}')
    const { code, stdout, stderr } = await runCli(['prices', 'list'], {
      folder,
      env: { SPANLEDGER_PRICES: 'prices.json' },
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/prices\.json line 3, prices\[0\]: no price; write per_mtok/)
  })

  test('says that a database holds a price that it does not understand', async () => {
    const folder = await folderWithCalls([])
    const database = new DatabaseSync(join(folder, 'usage.db'))
    database.exec(`INSERT INTO prices (provider, model, price, created_at) VALUES ('a', 'b', '{"per_moon":"1"}', 0)`)
    database.close()
    const { code, stderr } = await runCli(['prices', 'list', ...DB], { folder })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^The prices in the database cannot be used \(prices: prices\[0\]\.per_moon: unknown field; .*\); correct or delete that row of table prices\n$/,
    )
  })
})

describe('prices show', () => {
  test('names the price of a snapshot, its source and its version', async () => {
    const { code, stdout } = await runCli(['prices', 'show', 'openai.responses', 'gpt-5-mini-2025-08-07'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^openai\/gpt-5-mini\n {2}source +list: @pydantic\/genai-prices \S+ of \d{4}-\d\d-\d\d\n {2}version +list@\S+:openai\/gpt-5-mini\n {2}per million tokens {2}input 0\.25, output 2, cache read 0\.025\n {2}per unit +search 0\.01\n$/,
    )
  })

  test('understands a model alone: of its maker, of its only provider, or with the provider before a slash', async () => {
    const folder = emptyFolder()
    const set = ['prices', 'set', 'mine', 'house-model', '--input', '1', '--output', '2', ...DB]
    expect((await runCli(set, { folder })).code).toBe(0)
    const show = (name: string) => runCli(['prices', 'show', name, ...DB], { folder })
    const made = await show('gpt-5')
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^openai\/gpt-5\n/) })
    expect(made.stderr).toMatch(/^Also sold by .*azure\.ai\.openai.*; put one before the model for its price\n$/)
    expect(await show('house-model')).toMatchObject({
      stdout: expect.stringMatching(/^mine\/house-model\n/),
      stderr: '',
    })
    expect((await show('openai/gpt-5')).stdout).toBe(made.stdout)
  })

  test('asks for the provider if a model alone does not tell it', async () => {
    const folder = emptyFolder()
    for (const provider of ['mine', 'yours']) {
      await runCli(['prices', 'set', provider, 'shared', '--input', '1', '--output', '2', ...DB], { folder })
    }
    const message = async (command: string, name: string) => {
      const { code, stderr } = await runCli(['prices', command, name, ...DB], { folder })
      return [code, stderr]
    }
    expect(await message('show', 'shared')).toEqual([
      1,
      'Several providers have a price for shared: mine, yours; put one before the model\n',
    ])
    expect(await message('remove', 'shared')).toEqual([
      1,
      'Several providers have a custom price for shared: mine, yours; put one before the model\n',
    ])
    expect(await message('show', 'openai')).toEqual([
      1,
      expect.stringMatching(/^openai is a provider; put a model after it/),
    ])
    expect(await message('show', 'gpt-5-minis')).toEqual([
      1,
      expect.stringMatching(/nearest model with a price is openai\/gpt-5-mini\n$/),
    ])
    expect((await runCli(['prices', 'remove', 'yours', 'shared', ...DB], { folder })).code).toBe(0)
    expect((await runCli(['prices', 'remove', 'shared', ...DB], { folder })).stderr).toMatch(/^Removed 1 price/)
  })

  test('names the price that holds at a time and in a tier', async () => {
    const folder = emptyFolder()
    const set = (...rest: string[]) => runCli(['prices', 'set', 'mine', 'm', ...rest, ...DB], { folder })
    await set('--input', '1')
    await set('--input', '2', '--from', '2026-06-01')
    await set('--input', '3', '--tier', 'flex')
    const show = async (...rest: string[]) => {
      const { stdout } = await runCli(['prices', 'show', 'mine', 'm', '--format', 'json', ...rest, ...DB], { folder })
      return JSON.parse(stdout) as { asked: object; source: string; price: { per_mtok: object }; priceVersion: string }
    }
    expect(await show('--at', '2026-05-31T23:59:59Z')).toMatchObject({
      asked: { provider: 'mine', model: 'm', tier: null, at: '2026-05-31T23:59:59.000Z' },
      source: 'custom',
      priceVersion: expect.stringMatching(/^custom:[\da-f]{8}#0$/),
      price: { per_mtok: { input: '1' } },
      basedOn: [],
    })
    expect(await show('--at', '2026-06-01')).toMatchObject({ price: { per_mtok: { input: '2' } } })
    expect(await show('--tier', 'flex')).toMatchObject({ price: { per_mtok: { input: '3' }, tier: 'flex' } })
  })

  test('follows an alias and a discount to what they are of', async () => {
    const folder = emptyFolder()
    const set = (...rest: string[]) => runCli(['prices', 'set', ...rest, ...DB], { folder })
    await set('azure', 'prod', '--alias-of', 'openai/gpt-4o', '--discount', '0.9')
    await set('openai', 'gpt-4*', '--discount', '0.5')
    const { stdout } = await runCli(['prices', 'show', 'azure', 'prod', '--format', 'json', ...DB], { folder })
    expect(JSON.parse(stdout)).toMatchObject({
      provider: 'azure.ai.openai',
      model: 'prod',
      priceVersion: expect.stringMatching(/^custom:\S+#0=custom:\S+#1=list@\S+:openai\/gpt-4o$/),
      price: { alias_of: 'openai/gpt-4o', discount: '0.9' },
      basedOn: [
        { source: 'custom', model: 'gpt-4*', price: { discount: '0.5' } },
        { source: 'list', model: 'gpt-4o', price: { per_mtok: { input: '2.5', output: '10', cache_read: '1.25' } } },
      ],
    })
  })

  test.each([
    [
      ['mine', 'gpt-5-mni'],
      'No price for mine/gpt-5-mni (unknown_provider: no prices for this provider); the nearest model with a price is openai/gpt-5-mini. ',
    ],
    [
      ['openai', 'gpt-5-minis'],
      'No price for openai/gpt-5-minis (unknown_model: the provider is known, the model is not); the nearest model with a price is openai/gpt-5-mini. ',
    ],
    [
      ['openai', 'gpt-5', '--tier', 'flex'],
      'No price for openai/gpt-5 in service tier flex (unpriced_tier: it has a price only in another service tier)',
    ],
  ])('%j has none, and that is failure', async (parameters, sentence) => {
    const { code, stdout, stderr } = await runCli(['prices', 'show', ...parameters])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})

describe('prices check', () => {
  const UNPRICED = [
    unpriced(1, { provider: 'mine', model: 'gpt-5-mni', cost_reason: 'unknown_provider' }),
    unpriced(2, { provider: 'mine', model: 'gpt-5-mni', cost_reason: 'unknown_provider' }),
    unpriced(3, { model: 'gpt-5', service_tier: 'flex', cost_reason: 'unpriced_tier' }),
    numbered(4, {}),
  ]

  test('lists the models without a price, with counts and the nearest known, and fails', async () => {
    const folder = await folderWithCalls(UNPRICED)
    const { code, stdout, stderr } = await runCli(['prices', 'check', ...DB], { folder })
    expect(stdout).toBe(`\
provider  model      calls  tier  last call   why               nearest known
─────────────────────────────────────────────────────────────────────────────────
mine      gpt-5-mni      2        2026-11-01  unknown_provider  openai/gpt-5-mini
openai    gpt-5          1  flex  2026-11-01  unpriced_tier     openai/gpt-5
`)
    expect(code).toBe(1)
    expect(stderr).toContain('3 calls without a price; set prices with "spanledger prices set"')
  })

  test('says which of them have a price by now, and is content after they are priced again', async () => {
    const folder = await folderWithCalls(UNPRICED)
    await runCli(['prices', 'set', 'mine', 'gpt-5-mni', '--alias-of', 'openai/gpt-5-mini', ...DB], { folder })
    await runCli(['prices', 'set', 'openai', 'gpt-5', '--tier', 'flex', '--discount', '0.5', ...DB], { folder })
    const check = () => runCli(['prices', 'check', '--format', 'json', ...DB], { folder })
    const before = await check()
    expect(before.code).toBe(1)
    expect(before.stderr).toContain('3 calls without a price; a price exists now for 3 calls: run "spanledger reprice"')
    expect(JSON.parse(before.stdout)).toMatchObject({
      list: { source: '@pydantic/genai-prices', ageDays: expect.any(Number) },
      unpriced: [
        { provider: 'mine', model: 'gpt-5-mni', calls: 2, reason: 'unknown_provider', isPricedNow: true },
        { provider: 'openai', model: 'gpt-5', serviceTier: 'flex', calls: 1, isPricedNow: true },
      ],
    })
    expect((await runCli(['reprice', '--yes', ...DB], { folder })).code).toBe(0)
    const after = await check()
    expect(after.code).toBe(0)
    expect(JSON.parse(after.stdout)).toMatchObject({ unpriced: [] })
    expect(after.stderr).toContain('4 calls, none without a price\n')
  })

  test('warns of a published list that is older than 60 days, and does not fail for it', async () => {
    const folder = await folderWithCalls([call()])
    const check = async (laterDays: number) => {
      const clock = `{const%20now=Date.now;Date.now=()=>now()+${laterDays}*864e5}`
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${clock}` }
      const { code, stdout, stderr } = await runCli(['prices', 'check', ...DB, '--format', 'json'], { folder, env })
      const { ageDays } = (JSON.parse(stdout) as { list: { ageDays: number } }).list
      return { code, ageDays, stderr }
    }
    const { ageDays } = await check(0)
    const warning = 'Warning: the published prices are'
    const young = await check(60 - ageDays)
    expect(young).toMatchObject({ code: 0, ageDays: 60, stderr: expect.not.stringContaining(warning) })
    const old = await check(61 - ageDays)
    expect(old).toMatchObject({ code: 0, ageDays: 61, stderr: expect.stringContaining(`${warning} 61 days old`) })
  })

  test('needs a database', async () => {
    expect(await runCli(['prices', 'check', ...DB])).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('prices update', () => {
  async function update(folder: string, ...rest: string[]): Promise<Awaited<ReturnType<typeof runCli>>> {
    return runCli(['prices', 'update', ...rest, ...DB], { folder })
  }

  async function rateOf(folder: string, model: string, at: string): Promise<unknown> {
    const show = ['prices', 'show', 'openai', model, '--at', at, '--format', 'json', ...DB]
    const { stdout } = await runCli(show, { folder })
    return stdout === '' ? undefined : (JSON.parse(stdout) as { price: { per_mtok: object } }).price.per_mtok
  }

  test('adds what is new, keeps what was, and writes nothing the second time', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'data.json'), JSON.stringify(NEW))
    const first = await update(folder, '--from', 'data.json', '--date', '2026-11-01')
    expect(first.code).toBe(0)
    expect(first.stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^~ openai\/gpt-5-mini: .* -> \{"per_mtok":\{"input":"0\.3","output":"2\.4"\}\} from 2026-11-01$/,
      ),
      '+ openai/gpt-9 {"per_mtok":{"input":"2","output":"3"}}',
      '',
    ])
    expect(statSync(join(folder, LIST)).mode & 0o777).toBe(0o600)
    expect(await rateOf(folder, 'gpt-5-mini', '2026-10-31')).toEqual({
      input: '0.25',
      output: '2',
      cache_read: '0.025',
    })
    expect(await rateOf(folder, 'gpt-5-mini', '2026-11-01')).toEqual({ input: '0.3', output: '2.4' })
    expect(await rateOf(folder, 'gpt-9', '2026-11-01')).toEqual({ input: '2', output: '3' })
    expect(await rateOf(folder, 'gpt-4o', '2026-11-01')).toEqual({ input: '2.5', output: '10', cache_read: '1.25' })

    const written = statSync(join(folder, LIST)).mtimeMs
    const second = await update(folder, '--from', 'data.json')
    expect(second).toMatchObject({ code: 0, stdout: '' })
    expect(second.stderr).toMatch(/^Nothing new in @pydantic\/genai-prices /)
    expect(statSync(join(folder, LIST)).mtimeMs).toBe(written)
    expect(readdirSync(folder).sort()).toEqual(['data.json', LIST])
  })

  test('reads the npm package, which holds what came with this version', async () => {
    const folder = emptyFolder()
    const { code, stderr } = await update(folder, '--from', GENAI_PRICES)
    expect(code).toBe(0)
    expect(stderr).toBe('Nothing new in @pydantic/genai-prices 0.1.8\n')
    expect(existsSync(join(folder, LIST))).toBe(false)
  })

  test('reads a list that it has written', async () => {
    const folder = emptyFolder()
    const list = await ownList(folder)
    mkdirSync(join(folder, 'other'))
    const other = await runCli(['prices', 'update', '--from', LIST, '--db', 'file:other/usage.db'], { folder })
    expect(other.code).toBe(0)
    const copied = JSON.parse(readFileSync(join(folder, 'other', LIST), 'utf8')) as PriceList
    expect(copied.sha256).toBe(list.sha256)
  })

  test.each([
    ['none.json', /none\.json does not exist; use a file or the folder of an npm package\n$/],
    ['prices.json', /contains custom prices; use "spanledger prices set --from-file /],
    ['text.txt', /text\.txt is not JSON; use a data file of @pydantic\/genai-prices or a price list\n$/],
    ['package', /package is left-pad, not @pydantic\/genai-prices; run "npm pack @pydantic\/genai-prices"/],
    ['odd.json', /odd\.json: source: undefined is not a name/],
    ['bad.json', /openai\/x input_mtok must be a price, not -1/],
  ])('refuses %s and writes nothing', async (name, sentence) => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'prices.json'), '{"schema": 1, "prices": []}')
    writeFileSync(join(folder, 'text.txt'), 'gpt-5: 1 dollar')
    writeFileSync(join(folder, 'odd.json'), '{}')
    const bad = [{ id: 'openai', models: [{ id: 'x', match: { equals: 'x' }, prices: { input_mtok: -1 } }] }]
    writeFileSync(join(folder, 'bad.json'), JSON.stringify(bad))
    mkdirSync(join(folder, 'package'))
    writeFileSync(join(folder, 'package/package.json'), '{"name": "left-pad", "version": "1.0.0"}')
    const { code, stdout, stderr } = await update(folder, '--from', name)
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 1, stdout: '', lines: 2 })
    expect(stderr).toMatch(sentence)
    expect(existsSync(join(folder, LIST))).toBe(false)
  })

  test.each(['2026-02-30', 'today', '2999-01-01'])('--date %s is wrong usage', async (day) => {
    const { code, stderr } = await runCli(['prices', 'update', '--from', 'x', '--date', day, ...DB])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `--date "${day}" must be a day up to today, such as 2026-01-31\n`,
    })
  })

  test('a list that was changed by hand is refused by every command', async () => {
    const folder = await folderWithCalls([call()])
    await ownList(folder)
    const path = join(folder, LIST)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"input":"2","output":"3"', '"input":"1","output":"3"'))
    for (const command of [['prices', 'list'], ['reprice'], ['prices', 'update', '--from', GENAI_PRICES]]) {
      const { code, stderr } = await runCli([...command, ...DB], { folder })
      expect(code).toBe(1)
      expect(stderr).toContain(`${path} is not a price list (its content does not match its sha256); delete it`)
    }
  })
})

/** Makes a price list of its own for the database in a folder, with a model that no other list has. */
async function ownList(folder: string): Promise<PriceList> {
  writeFileSync(join(folder, 'data.json'), JSON.stringify(NEW))
  await runCli(['prices', 'update', '--from', 'data.json', ...DB], { folder })
  return JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as PriceList
}
