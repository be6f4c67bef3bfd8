import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import type { DemoOptions } from '../demo/run-demo.ts'

const MAX_DAYS = 90

export function addDemoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('Starts a server with 90 days of made-up calls, in a database of its own.')
    .addOption(
      new Option('--port <number>', 'port (default: 4319, or the next free one)').argParser(parseNumber(65_535)),
    )
    .addOption(new Option('--days <count>', 'number of days').argParser(parseNumber(MAX_DAYS)).default(MAX_DAYS))
    .option('--exit', 'exit once the calls are stored')
    .addHelpText(
      'after',
      `
Each run starts with a new database. The calls are invented and have the environment "demo": no API key, no network. They
reach the server as OpenTelemetry spans, as the calls of an application do.`,
    )
    .action(async (options: DemoOptions) => {
      // Imported here so that other commands do not load the server.
      const { runDemo } = await import('../demo/run-demo.ts')
      await runDemo(options, context)
    })
}

function parseNumber(max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    if (number <= max) return number
    throw new InvalidArgumentError(`Use a number from 0 to ${max}.`)
  }
}
