import { createContentPolicy, createRedactor, PRICE_LIST, type PriceFile } from '@spanledger/core'
import {
  createBudgetWatch,
  createRetentionSchedule,
  createServer,
  DEFAULT_PORT,
  isLoopback,
  type Listener,
  type PriceSources,
  type RollupBuild,
  type Server,
  startIngestWorker,
  startRollupBuild,
} from '@spanledger/server'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import type { CliContext } from '../cli/context.ts'
import { type DatabaseOption, openingOf, readDatabase } from '../cli/database.ts'
import { sentenceOf } from '../cli/error.ts'
import { databaseName, dataFileOf } from '../destination/destination.ts'
import { countOf } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'
import { readPriceFile } from '../prices/price-file.ts'
import { priceListPath, readPriceList } from '../prices/price-list-file.ts'
import { readSettings } from '../settings.ts'
import { readAccessTokens } from './access-tokens.ts'
import { builtDashboard } from './built-dashboard.ts'

/** What the command was given. */
export interface ServeOptions extends DatabaseOption {
  readonly host: string
  readonly port?: number
  readonly token?: string
  readonly allowHost: readonly string[]
  readonly jaegerUrl?: string
  /** Milliseconds. */
  readonly keepContent?: number
  readonly keepCalls?: number
  readonly keepRollups?: number
}

const MOST_PORTS = 20
const MAX_NAME = 100
// The first page asks a dozen questions at once.
const READING_THREADS = 2

/** Serves until it is told to stop. */
export async function runServe(options: ServeOptions, context: CliContext): Promise<void> {
  const { output } = context
  const stopped = stopSignal()
  const tokens = readAccessTokens(options.token, context.environment, !isLoopback(options.host))
  const { content, problems } = readSettings({}, context.environment)
  const database = readDatabase(options, context)
  for (const problem of problems) if (problem.includes('SPANLEDGER_CONTENT')) output.note(problem)
  const onProblem = (problem: unknown): void => output.error(sentenceOf(problem))
  const opening = openingOf(database)
  const store = await openStore({ ...opening, readingThreads: READING_THREADS })
  try {
    const prices = pricesOf(dataFileOf(database, context.workingFolder), context)
    const ingest = await startIngestWorker({ database: opening, content, prices, onProblem })
    const budgets = createBudgetWatch({
      store,
      onWarning: ({ percent, budget }) =>
        output.note(`Budget "${printable(budget.name, MAX_NAME)}" has used ${percent} %`),
      onError: onProblem,
    })
    // Whoever was here before may have left a warning untold.
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
      jaegerUrl: options.jaegerUrl,
      dashboardFolder: builtDashboard(),
      now: context.now,
      onError: onProblem,
    })
    let rollups: RollupBuild | undefined
    try {
      const { url } = await listenSomewhere(server, options, context)
      await output.write(`${url}\n`)
      output.note(`Database: ${databaseName(database)}`)
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

// Only a database that has calls of a version which kept no sums. Until it has them, answers come from the calls.
async function buildRollups(
  store: Store,
  database: OpenStoreOptions,
  { output }: CliContext,
): Promise<RollupBuild | undefined> {
  if (await store.hasRollups()) return undefined
  output.note(
    'This database has calls of an older version: adding them up in the background, and answering slowly meanwhile',
  )
  return startRollupBuild({
    database,
    onDone: (days) => output.note(`Added up the calls of ${countOf(days, 'day')}; answers are quick from now on`),
    onProblem: (sentence) => output.error(`The calls could not be added up: ${sentence}`),
  })
}

async function listenSomewhere(server: Server, options: ServeOptions, context: CliContext): Promise<Listener> {
  const { host, port: named } = options
  for (let port = named ?? DEFAULT_PORT; ; port += 1) {
    try {
      const listener = await server.listen({ host, port })
      if (named === undefined && port !== DEFAULT_PORT) {
        context.output.note(`Port ${DEFAULT_PORT} is taken by another process, so this is port ${port}`)
      }
      return listener
    } catch (error) {
      if (!isTaken(error)) throw error
      if (named !== undefined) {
        throw new Error(`Port ${named} is taken by another process; end that one, or choose another --port`, {
          cause: error,
        })
      }
      if (port >= DEFAULT_PORT + MOST_PORTS) throw error
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
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
  // The one that came with this version needs no copy in the worker.
  return list === PRICE_LIST ? { custom } : { custom, list }
}
