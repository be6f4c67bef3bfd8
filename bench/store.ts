// Measures how many calls per second the store writes to SQLite, with content, indexes and rollups, compared with plain
// node:sqlite: the same calls in the same batches of 512 in the same run, but with prepared values and plain inserts. Then
// does the same with Postgres.
//
//   node --conditions=@spanledger/source bench/store.ts [calls per round] [rounds]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, WRITE_BATCH_SIZE } from '@spanledger/store'
import { startPostgres } from '../test/store/postgres.ts'
import { makeCalls } from './calls.ts'
import { medianOf } from './medians.ts'
import { openPlain } from './plain-sqlite.ts'

const CALLS = Number(process.argv[2] ?? 20_000)
const ROUNDS = Number(process.argv[3] ?? 7)

const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
try {
  const rounds: { readonly store: number; readonly plain: number }[] = []
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rates = await ratesOf(round)
    if (round > 0) rounds.push(rates)
  }
  const plain = medianOf(rounds.map((rates) => rates.plain))
  const store = medianOf(rounds.map((rates) => rates.store))
  const ratio = medianOf(rounds.map((rates) => rates.store / rates.plain))
  console.log(
    `Rows to SQLite with content and indexes (median of ${ROUNDS} rounds of ${CALLS} calls, calls per second)\n`,
  )
  console.log(`plain node:sqlite  ${Math.round(plain)}`)
  console.log(`store.write        ${Math.round(store)}, that is ${(ratio * 100).toFixed(0)} % (at least 70 %)`)
  const postgres = medianOf(await postgresRates())
  console.log(`\nRows to Postgres, a server on the same cores that syncs each commit\n`)
  console.log(`store.write        ${Math.round(postgres)}`)
} finally {
  rmSync(folder, { recursive: true })
}

// Both write each batch before the next one is created, in alternating order, so that other load affects both alike.
async function ratesOf(round: number): Promise<{ readonly store: number; readonly plain: number }> {
  const store = await openStore({ path: join(folder, `store-${round}.db`) })
  const plain = await openPlain(join(folder, `plain-${round}.db`))
  const ms = { store: 0, plain: 0 }
  for (let first = 0; first < CALLS; first += WRITE_BATCH_SIZE) {
    const calls = makeCalls(round * CALLS + first, Math.min(WRITE_BATCH_SIZE, CALLS - first))
    const rows = plain.rowsOf(calls)
    const writeStore = async (): Promise<void> => {
      const started = performance.now()
      await store.write(calls)
      ms.store += performance.now() - started
    }
    const storeFirst = (first / WRITE_BATCH_SIZE) % 2 === 0
    if (storeFirst) await writeStore()
    const started = performance.now()
    plain.write(rows)
    ms.plain += performance.now() - started
    if (!storeFirst) await writeStore()
  }
  await store.close()
  plain.close()
  return { store: (CALLS / ms.store) * 1000, plain: (CALLS / ms.plain) * 1000 }
}

// One writer, which waits for each batch before it creates the next one.
async function postgresRates(): Promise<number[]> {
  const server = await startPostgres({ isDurable: true })
  try {
    const store = await openStore({ url: server.url })
    const rates: number[] = []
    for (let round = 0; round <= ROUNDS; round += 1) {
      let ms = 0
      for (let first = 0; first < CALLS; first += WRITE_BATCH_SIZE) {
        const calls = makeCalls(round * CALLS + first, Math.min(WRITE_BATCH_SIZE, CALLS - first))
        const started = performance.now()
        await store.write(calls)
        ms += performance.now() - started
      }
      if (round > 0) rates.push((CALLS / ms) * 1000)
    }
    await store.close()
    return rates
  } finally {
    server.stop()
  }
}
