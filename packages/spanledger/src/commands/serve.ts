import { DAY_MS } from '@spanledger/core/time'
import { type Command, InvalidArgumentError } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import type { ServeOptions } from '../serve/run-serve.ts'

const DEFAULT_HOST = '127.0.0.1'

export function addServeCommand(program: Command, context: CliContext): void {
  const command = program
    .command('serve')
    .description('Receives spans and calls over HTTP, answers questions about them, shows them on a page.')
    .option('--host <address>', 'where to listen', DEFAULT_HOST)
    .option('--port <number>', 'which port (default: 4319, or the next one that is free)', parsePort)
    .option('--token <token>', 'who has it may do everything (default: SPANLEDGER_TOKEN)')
    .option('--allow-host <name>', 'another name that the server is asked by; may be repeated', collect, [])
    .option('--jaeger-url <url>', 'where Jaeger shows traces, such as http://localhost:16686', parseUrl)
    .option('--keep-content <days>', 'what was said goes after so long: 30d', parseDays)
    .option('--keep-calls <days>', 'calls go after so long, their sums stay: 400d', parseDays)
    .option('--keep-rollups <days>', 'sums go after so long: 1000d', parseDays)
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
On an address that others can reach, tokens of at least 32 characters are needed: --token, SPANLEDGER_TOKEN, or
SPANLEDGER_TOKENS for several with less power each:
  SPANLEDGER_TOKENS="ingest:TOKEN,read:TOKEN,read@PROJECT:TOKEN,admin:TOKEN"`,
  )
  command.action(async (options: ServeOptions) => {
    // No other command has to wait for a server to be loaded.
    const { runServe } = await import('../serve/run-serve.ts')
    await runServe(options, context)
  })
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Use a number from 0 (any that is free) to 65535.')
}

function parseDays(text: string): number {
  const days = /^([1-9]\d{0,4})d$/.exec(text)?.[1]
  if (days !== undefined) return Number(days) * DAY_MS
  throw new InvalidArgumentError('Use a number of days, such as 30d.')
}

function parseUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text
  throw new UsageError(`--jaeger-url "${text}" is no address; use one such as http://localhost:16686`)
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name]
}
