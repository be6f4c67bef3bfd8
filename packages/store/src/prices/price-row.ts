import { type CustomPrice, type PriceFile, toPriceFile, errorMessageOf } from '@spanledger/core'
import { cleanJson, cleanText } from '../sql/clean-text.ts'
import type { PriceRow } from '../sql/tables.ts'

/** The prices in the rows, in their order. Throws if this version cannot read one. */
export function priceFileOf(rows: readonly PriceRow[]): PriceFile {
  try {
    return toPriceFile({ schema: 1, prices: rows.map((row) => JSON.parse(row.price) as unknown) })
  } catch (cause) {
    const reason = errorMessageOf(cause)
    throw new Error(
      `The prices in the database cannot be used (${reason}); correct or delete that row of table prices`,
      {
        cause,
      },
    )
  }
}

/** A row for each price; a price that was stored before keeps its `created_at`. Throws if the prices are inconsistent. */
export function priceRowsOf(file: PriceFile, before: readonly PriceRow[], now: number): Omit<PriceRow, 'id'>[] {
  const createdAt = new Map(before.map((row) => [row.price, row.created_at]))
  return toPriceFile(file).prices.map((entry: CustomPrice) => {
    const price = cleanJson(entry)
    return {
      provider: cleanText(entry.provider),
      model: cleanText(entry.model),
      price,
      created_at: createdAt.get(price) ?? now,
    }
  })
}
