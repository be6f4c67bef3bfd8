import type { Kysely } from 'kysely'
import { priceFileOf } from './price-row.ts'
import type { PriceStore } from './price-store.ts'
import type { Tables } from '../sql/tables.ts'

/** Reads the custom prices. */
export function createPriceQueries(db: Kysely<Tables>): Pick<PriceStore, 'customPrices'> {
  return {
    async customPrices() {
      return priceFileOf(await db.selectFrom('prices').selectAll().orderBy('id').execute())
    },
  }
}
