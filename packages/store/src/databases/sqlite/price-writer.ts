import type { PriceFile } from '@spanledger/core'
import type { DatabaseSync } from 'node:sqlite'
import { priceFileOf, priceRowsOf } from '../../prices/price-row.ts'
import { inTransaction } from './transaction.ts'
import type { PriceRow } from '../../sql/tables.ts'

/** Changes the prices of a database in one transaction. `now` gives epoch milliseconds. */
export function changeSqlitePrices(
  database: DatabaseSync,
  change: (prices: PriceFile) => PriceFile,
  now: () => number,
): PriceFile {
  return inTransaction(database, () => {
    const rows = database.prepare('SELECT * FROM prices ORDER BY id').all() as unknown as PriceRow[] // its columns
    const next = change(priceFileOf(rows))
    const nextRows = priceRowsOf(next, rows, now())
    database.exec('DELETE FROM prices')
    const insert = database.prepare('INSERT INTO prices (provider, model, price, created_at) VALUES (?, ?, ?, ?)')
    for (const { provider, model, price, created_at } of nextRows) insert.run(provider, model, price, created_at)
    return next
  })
}
