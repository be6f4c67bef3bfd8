import { createContentPolicy, createRedactor, PRICE_LIST, type PriceFile } from '@spanledger/core'
import {
  createBudgetWatch,
  createRetentionSchedule,
  createServer,
  isLoopback,
  type PriceSources,
  type RollupBuild,
  startIngestWorker,
  startRollupBuild,
} from '@spanledger/server'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import type { CliContext } from '../cli/context.ts'
import { type DatabaseOption, openingOf, readDatabase } from '../cli/database.ts'
import { sentenceOf } from '../cli/error.ts'
import { findWaitingCalls, noteWaiting } from '../cli/waiting-calls.ts'
import { databaseName, dataFileOf } from '../destination/destination.ts'
import { countOf, formatPercent } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'
import { readPriceFile } from '../prices/price-file.ts'
import { priceListPath, readPriceList } from '../prices/price-list-file.ts'
import { readSettings } from '../settings.ts'
import { readAccessTokens } from './access-tokens.ts'
import { builtDashboard } from './built-dashboard.ts'
import { listenSomewhere } from './listen-somewhere.ts'

/** Options of the command. */
export interface ServeOptions extends DatabaseOption {
  readonly host: string
  readonly port?: number
  readonly token?: string
  readonly allowHost: readonly string[]
  readonly jaeger?: string
  /** The old name of `jaeger`. */
  readonly jaegerUrl?: string
  /** Milliseconds. */
  readonly keepContent?: number
  readonly keepCalls?: number
  readonly keepRollups?: number
}

const MAX_NAME = 100
// The first page sends a dozen queries at once.
const READING_THREADS = 2

/** Serves until SIGINT or SIGTERM. */
export async function runServe(options: ServeOptions, context: CliContext): Promise<void> {
  const { output } = context
  const stopped = stopSignal()
  const tokens = readAccessTokens(options.token, context.environment, !isLoopback(options.host))
  const { content, problems } = readSettings({}, context.environment)
  const database = readDatabase(options, context)
  for (const problem of problems) if (problem.includes('SPANLEDGER_CONTENT')) output.note(problem)
  const onProblem = (problem: unknown): void => output.error(sentenceOf(problem))
  const waiting = findWaitingCalls(database, context)
  await waiting?.storeLeft()
  const opening = openingOf(database)
  const store = await openStore({ ...opening, readingThreads: READING_THREADS })
  try {
    const prices = pricesOf(dataFileOf(database, context.workingFolder), context)
    const ingest = await startIngestWorker({ database: opening, content, prices, onProblem })
    const budgets = createBudgetWatch({
      store,
      onWarning: ({ budget, spentUsd, limitUsd }) =>
        output.note(
          `Budget "${printable(budget.name, MAX_NAME)}" has used ${formatPercent((spentUsd / limitUsd) * 100)} of its limit`,
        ),
      onError: onProblem,
    })
    // An earlier server may have stopped before it delivered a warning.
    void budgets.check()
    const { keepContent: contentMs, keepCalls: callsMs, keepRollups: rollupsMs } = options
    const retention = createRetentionSchedule({
      store,
      retention: { contentMs, callsMs, rollupsMs },
      now: context.now,
      onError: onProblem,
    })
    const server = createServer({
      store,
      ingest,
      content: createContentPolicy({ mode: content, redactor: createRedactor() }),
      prices,
      tokens,
      hosts: [options.host, ...options.allowHost],
      jaegerUrl: options.jaeger ?? options.jaegerUrl,
      dashboardFolder: builtDashboard(context),
      now: context.now,
      onError: onProblem,
    })
    let rollups: RollupBuild | undefined
    try {
      const { url } = await listenSomewhere(server, options, context)
      await output.write(`${url}\n`)
      output.note(`Database: ${databaseName(database)}`)
      await noteWaiting(waiting, store, context)
      output.note(`To send spans here: OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
      if (tokens.length > 0) output.note('  with OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20YOUR_TOKEN"')
      rollups = await buildRollups(store, opening, context)
      await stopped
    } finally {
      await rollups?.close()
      await budgets.close()
      await retention.close()
      await server.close()
    }
  } finally {
    await store.close()
  }
}

// For a database with calls of a version without rollups. Until they are built, queries read the calls.
async function buildRollups(
  store: Store,
  database: OpenStoreOptions,
  { output }: CliContext,
): Promise<RollupBuild | undefined> {
  if (await store.hasRollups()) return undefined
  output.note(
    'This database has calls of an older version: building rollups in the background, queries are slow until then',
  )
  return startRollupBuild({
    database,
    onDone: (days) => output.note(`Built the rollups of ${countOf(days, 'day')}; queries are fast now`),
    onProblem: (sentence) => output.error(`The rollups could not be built: ${sentence}`),
  })
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function pricesOf(path: string, { environment, workingFolder }: CliContext): PriceSources {
  const { prices } = readSettings({}, environment)
  const custom: readonly PriceFile[] = typeof prices === 'string' ? [readPriceFile(prices, workingFolder)] : []
  const list = readPriceList(priceListPath(path))
  // The worker has the list of this version itself.
  return list === PRICE_LIST ? { custom } : { custom, list }
}
