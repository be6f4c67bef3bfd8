import { DAY_MS } from '@spanledger/core/time'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import type { ServeOptions } from '../serve/run-serve.ts'

const DEFAULT_HOST = '127.0.0.1'

export function addServeCommand(program: Command, context: CliContext): void {
  const command = program
    .command('serve')
    .description('Starts a server that receives spans and calls over HTTP, with an API and a dashboard.')
    .option('--host <address>', 'address to listen on', DEFAULT_HOST)
    .option('--port <number>', 'port (default: 4319, or the next free one)', parsePort)
    .option('--token <token>', 'token with the scope admin (default: SPANLEDGER_TOKEN)')
    .option('--allow-host <name>', 'another host name that the server accepts; may be repeated', collect, [])
    .option('--jaeger <url>', 'URL of the Jaeger UI, such as http://localhost:16686', parseUrl)
    .addOption(new Option('--jaeger-url <url>', 'the old name of --jaeger').argParser(parseUrl).hideHelp())
    .option('--keep-content <days>', 'delete prompts and answers after this many days: 30d', parseDays)
    .option('--keep-calls <days>', 'delete calls after this many days; rollups stay: 400d', parseDays)
    .option('--keep-rollups <days>', 'delete rollups after this many days: 1000d', parseDays)
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
An address that other machines can reach needs a token of at least 32 characters: --token, SPANLEDGER_TOKEN, or
SPANLEDGER_TOKENS for several tokens with fewer rights:
  SPANLEDGER_TOKENS="ingest:TOKEN,read:TOKEN,read@PROJECT:TOKEN,admin:TOKEN"`,
  )
  command.action(async (options: ServeOptions) => {
    // Imported here so that other commands do not load the server.
    const { runServe } = await import('../serve/run-serve.ts')
    await runServe(options, context)
  })
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('Use a number from 0 (any free port) to 65535.')
}

function parseDays(text: string): number {
  const days = /^([1-9]\d{0,4})d$/.exec(text)?.[1]
  if (days !== undefined) return Number(days) * DAY_MS
  throw new InvalidArgumentError('Use a number of days, such as 30d.')
}

function parseUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text
  throw new UsageError(`--jaeger "${text}" must be a URL, such as http://localhost:16686`)
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name]
}
