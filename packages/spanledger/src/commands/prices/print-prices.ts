import type { PricedModel } from '@spanledger/core'
import type { CliContext } from '../../cli/context.ts'
import type { Format } from '../../cli/format.ts'
import { toCsv } from '@spanledger/server/export'
import { priceCells, priceTable } from '../../prices/price-text.ts'

/** Prints prices, one per row. */
export async function printPrices(rows: readonly PricedModel[], format: Format, { output }: CliContext): Promise<void> {
  if (format === 'csv') return output.write(toCsv(priceCells(rows)))
  if (format === 'jsonl') return output.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  if (format === 'json') return output.write(`${JSON.stringify(rows, null, 2)}\n`)
  if (rows.length === 0) return undefined
  const { text, leftOut } = priceTable(rows, { width: output.width, heading: output.heading })
  await output.write(`${text}\nDollars per million tokens.\n`)
  if (leftOut.length > 0) {
    output.note(`Narrow terminal: left out ${leftOut.join(', ')}; use a wider one or --format json`)
  }
}
