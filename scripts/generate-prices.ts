// Writes packages/core/src/prices/generated/list.ts from the installed @pydantic/genai-prices, without the network.
//   npm run prices                 adds changes to the existing list
//   npm run prices -- --check      writes nothing; exits 1 if the list is out of date
//   npm run prices -- --restart    ignores the existing list
//   npm run prices -- --date=2026-01-31   the first day of changed rates (default: today)
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { waitForUpdate } from '@pydantic/genai-prices'
import { fromGenAIPrices } from '../packages/core/src/prices/genai-prices.ts'
import { mergePrices } from '../packages/core/src/prices/merge-price-list.ts'
import { type PriceList, listedPricesOf, priceListText } from '../packages/core/src/prices/price-list.ts'

const SOURCE = '@pydantic/genai-prices'
const LIST = new URL('../packages/core/src/prices/generated/list.ts', import.meta.url)
const PACKAGE = new URL('../node_modules/@pydantic/genai-prices/', import.meta.url)

const options = new Set(process.argv.slice(2))
const date = process.argv.find((argument) => argument.startsWith('--date='))?.slice('--date='.length)
const today = date ?? new Date().toISOString().slice(0, 10)

// Only bundled data: the package uses the network only after `updatePrices`.
const converted = fromGenAIPrices(await waitForUpdate())
const previous = options.has('--restart') ? undefined : await previousList()
const merged = mergePrices(previous === undefined ? {} : allPricesOf(previous), converted.prices, today)
const content = { fallbacks: converted.fallbacks, prices: merged.prices }
const sha256 = createHash('sha256').update(priceListText(content)).digest('hex')
const { version } = JSON.parse(await readFile(new URL('package.json', PACKAGE), 'utf8')) as { readonly version: string }
const isSame = previous?.sha256 === sha256 && previous.version === version
const generated = isSame ? previous.generated : today
const text = moduleText(
  { source: SOURCE, version, generated, sha256, ...content },
  await readFile(new URL('LICENSE', PACKAGE), 'utf8'),
)

for (const model of merged.gone) console.error(`  ${model}: removed from the source; its last price stays`)
for (const note of new Set(converted.notes)) console.error(`  ${note}`)
for (const change of previous === undefined ? [] : merged.changes) console.log(change)
const before = await readFile(LIST, 'utf8').catch(() => '')
if (options.has('--check')) {
  if (text !== before) {
    console.error(
      'The price list is not what scripts/generate-prices.ts makes of the installed package; run: npm run prices',
    )
    process.exitCode = 1
  }
} else {
  await writeFile(LIST, text)
  const count = Object.values(content.prices).reduce(
    (sum, prices) => sum + new Set(prices.map((price) => price.model)).size,
    0,
  )
  const size = `${(text.length / 1024).toFixed(0)} KB, ${(gzipSync(text).length / 1024).toFixed(0)} KB gzip`
  console.log(
    `${isSame ? 'Unchanged' : 'Written'}: ${count} models of ${Object.keys(content.prices).length} providers, ${size}`,
  )
}

async function previousList(): Promise<PriceList | undefined> {
  const module = (await import(LIST.href).catch(() => undefined)) as { readonly PRICE_LIST?: PriceList } | undefined
  return module?.PRICE_LIST
}

function allPricesOf(list: PriceList): Record<string, ReturnType<typeof listedPricesOf>> {
  return Object.fromEntries(Object.keys(list.prices).map((provider) => [provider, listedPricesOf(list, provider)]))
}

// One line per price, so that diffs are small. JSON in strings, so that prices are parsed on demand.
function moduleText(list: PriceList, license: string): string {
  const providers = Object.entries(list.prices).map(([provider, prices]) => {
    const lines = (prices as readonly object[]).map((price) => JSON.stringify(price)).join(',\n')
    if (/[`\\]|\$\{/.test(lines))
      throw new Error(`The prices of ${provider} contain characters that a template literal cannot hold`)
    return `    ${JSON.stringify(provider)}: \`[\n${lines}\n]\`,`
  })
  const { source, version, generated, sha256, fallbacks } = list
  return `/*!
Prices from ${source} ${version}, changed in form by scripts/generate-prices.ts. Its licence:

${license.trim()}
*/
import type { PriceList } from '../price-list.ts'

export const PRICE_LIST: PriceList = {
  source: ${JSON.stringify(source)},
  version: ${JSON.stringify(version)},
  generated: ${JSON.stringify(generated)},
  sha256: ${JSON.stringify(sha256)},
  fallbacks: ${JSON.stringify(fallbacks)},
  prices: {
${providers.join('\n')}
  },
}
`
}
