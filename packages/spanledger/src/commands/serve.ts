import { createContentPolicy, createRedactor, PRICE_LIST, type PriceFile } from '@spanledger/core'
import {
  createBudgetWatch,
  createServer,
  DEFAULT_PORT,
  isLoopback,
  type Listener,
  type PriceSources,
  type Server,
  startIngestWorker,
} from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { type Command, InvalidArgumentError } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addDatabaseOption, type DatabaseOption } from '../cli-database.ts'
import { sentenceOf, UsageError } from '../cli-error.ts'
import { type Database, databaseName, dataFileOf, parseDatabase } from '../database-url.ts'
import { readPriceFile } from '../prices/price-file.ts'
import { priceListPath, readPriceList } from '../prices/price-list-file.ts'
import { readAccessTokens } from './access-tokens.ts'
import { readSettings } from '../settings.ts'

interface ServeOptions extends DatabaseOption {
  readonly host: string
  readonly port?: number
  readonly token?: string
  readonly allowHost: readonly string[]
  readonly jaegerUrl?: string
}

const DEFAULT_HOST = '127.0.0.1'
const MOST_PORTS = 20

export function addServeCommand(program: Command, context: CliContext): void {
  const command = program
    .command('serve')
    .description('Receives spans and calls over HTTP, answers questions about them, shows them on a page.')
    .option('--host <address>', 'where to listen', DEFAULT_HOST)
    .option('--port <number>', `which port (default: ${DEFAULT_PORT}, or the next one that is free)`, parsePort)
    .option('--token <token>', 'who has it may do everything (default: SPANLEDGER_TOKEN)')
    .option('--allow-host <name>', 'another name that the server is asked by; may be repeated', collect, [])
    .option('--jaeger-url <url>', 'where Jaeger shows traces, such as http://localhost:16686', parseUrl)
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
On an address that others can reach, tokens of at least 32 characters are needed: --token, SPANLEDGER_TOKEN, or
SPANLEDGER_TOKENS for several with less power each:
  SPANLEDGER_TOKENS="ingest:TOKEN,read:TOKEN,read@PROJECT:TOKEN,admin:TOKEN"`,
  )
  command.action((options: ServeOptions) => serve(options, context))
}

async function serve(options: ServeOptions, context: CliContext): Promise<void> {
  const { output } = context
  const stopped = stopSignal()
  const tokens = readAccessTokens(options.token, context.environment, !isLoopback(options.host))
  const { content, problems } = readSettings({}, context.environment)
  const database = databaseOf(options, context)
  for (const problem of problems) if (problem.includes('SPANLEDGER_CONTENT')) output.note(problem)
  const onProblem = (problem: unknown): void => output.error(sentenceOf(problem))
  const opening = 'path' in database ? { path: database.path, privateFolder: database.isOwnFolder } : database
  const store = await openStore(opening)
  try {
    const prices = pricesOf(dataFileOf(database, context.workingFolder), context)
    const ingest = await startIngestWorker({ database: opening, content, prices, onProblem })
    const budgets = createBudgetWatch({ store, onError: onProblem })
    const server = createServer({
      store,
      ingest,
      content: createContentPolicy({ mode: content, redactor: createRedactor() }),
      prices,
      tokens,
      hosts: [options.host, ...options.allowHost],
      jaegerUrl: options.jaegerUrl,
      now: context.now,
      onError: onProblem,
    })
    try {
      const { url } = await listenSomewhere(server, options, context)
      await output.write(`${url}\n`)
      output.note(`Database: ${databaseName(database)}`)
      output.note(`To send spans here: OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
      if (tokens.length > 0) output.note('  with OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20YOUR_TOKEN"')
      await stopped
    } finally {
      await budgets.close()
      await server.close()
    }
  } finally {
    await store.close()
  }
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

/** Which database a command is about, a file or one on a server. */
export function databaseOf({ db }: DatabaseOption, { environment, workingFolder }: CliContext): Database {
  try {
    return parseDatabase(readSettings({ database: db }, environment).database, workingFolder)
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

function pricesOf(path: string, { environment, workingFolder }: CliContext): PriceSources {
  const { prices } = readSettings({}, environment)
  const custom: readonly PriceFile[] = typeof prices === 'string' ? [readPriceFile(prices, workingFolder)] : []
  const list = readPriceList(priceListPath(path))
  // The one that came with this version needs no copy in the worker.
  return list === PRICE_LIST ? { custom } : { custom, list }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Use a number from 0 (any that is free) to 65535.')
}

function parseUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text
  throw new UsageError(`--jaeger-url "${text}" is no address; use one such as http://localhost:16686`)
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name]
}
