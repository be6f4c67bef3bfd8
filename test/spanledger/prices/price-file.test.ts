import { describe, expect, test } from 'vitest'
import { parsePriceFile } from 'spanledger'

describe('an error in a price file names the line', () => {
  const lines = (...prices: readonly string[]): string =>
    `{\n  "schema": 1,\n  "prices": [\n    ${prices.join(',\n    ')}\n  ]\n}\n`
  const good = '{ "provider": "openai", "model": "gpt-5", "per_mtok": { "input": "1" } }'

  test.each([
    ['{ "schema": 1, "prices": [ }', 'prices.json line 1: not JSON'],
    ['{\n"schema": 1,\n"prices": [}\n', 'prices.json line 3: not JSON'],
    ['{\n"schema": 1,\n"prices": [],\n}', 'prices.json line 4: not JSON'],
    ['{\n"schema": 1\n"prices": []}', 'prices.json line 3: not JSON'],
    ['{\n"schema": 1,\nprices: []}', 'prices.json line 3: not JSON'],
    ['{\n"schema": 01,\n"prices": []}', 'prices.json line 2: not JSON'],
    ['{\n"schema": 1, // one\n"prices": []}', 'prices.json line 2: not JSON'],
    ['{\n"schema": 1,\n"prices": []\n', 'prices.json line 4: not JSON'],
    ['{\n"schema": 1,\n"prices: []}\n', 'prices.json line 3: not JSON'],
    ['', 'prices.json line 1: not JSON'],
    ['[]', 'prices.json line 1: expected an object'],
    ['{\n"schema": 2,\n"prices": []}', 'prices.json line 2, schema: 2 is not a known schema; write 1'],
    ['{\n"schema": 1,\n"prices": {}}', 'prices.json line 3, prices: expected an array'],
    ['{"schema": 1, "prices": [],\n"price": []}', 'prices.json line 2, price: unknown field; use schema, prices'],
    [
      lines(good, '{ "provider": "a", "model": "b",\n      "per_mtok": {\n        "input": "abc" } }'),
      'prices.json line 7, prices[1].per_mtok.input: "abc" is not a decimal; write it as a string such as "0.25"',
    ],
    [
      lines('{ "provider": "a", "model": "b", "per_mtok": { "input": 0.25 } }'),
      'line 4, prices[0].per_mtok.input: 0.25 is not a decimal; write it as a string',
    ],
    [
      lines('{ "provider": "a", "model": "b", "per_mtok": { "inptu": "1" } }'),
      'line 4, prices[0].per_mtok.inptu: unknown field; use input, output, cache_read',
    ],
    [lines(good, good), 'line 5, prices[1]: matches as well as prices[0] ("gpt-5")'],
    ['\uFEFF{\n"schema": 1,\n"prices": []}', 'prices.json line 1: not JSON'],
    ['{\n"schema": 1,\n"prices": ["a\nb"]}', 'prices.json line 3: not JSON'],
    ['{\r\n"schema": 1,\r\n"prices": [],\r\n}', 'prices.json line 4: not JSON'],
    ['{\r\n"schema": 2,\r\n"prices": []}', 'prices.json line 2, schema: 2 is not a known schema; write 1'],
    ['{\n"schema": 1,\n"schema": 2,\n"prices": []}', 'prices.json line 3, schema: 2 is not a known schema; write 1'],
  ])('%s: %s', (text, message) => {
    expect(() => parsePriceFile(text)).toThrow(message)
  })

  test('and has the place and the problem as parts of their own', () => {
    const wrong = { schema: 1, prices: [{ provider: 'a', model: 'b', per_mtok: { input: 1 } }] }
    expect(() => parsePriceFile(JSON.stringify(wrong))).toThrow(
      expect.objectContaining({
        name: 'PriceError',
        path: ['prices', 0, 'per_mtok', 'input'],
        problem: '1 is not a decimal; write it as a string such as "0.25"',
      }),
    )
  })

  test('but not where it is nested too deeply to be read again', () => {
    const deep = `{ "schema": 1, "prices": [], "more": ${'['.repeat(50_000)}${']'.repeat(50_000)} }`
    expect(() => parsePriceFile(deep)).toThrow('prices.json, more: unknown field; use schema, prices')
  })

  test('a correct file is returned as it is', () => {
    expect(parsePriceFile(lines(good))).toEqual(JSON.parse(lines(good)))
  })
})
