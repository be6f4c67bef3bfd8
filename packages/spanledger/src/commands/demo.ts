import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import type { DemoOptions } from '../demo/run-demo.ts'

const MOST_DAYS = 90

export function addDemoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('A server with 30 days of made-up calls to look at, in a database of its own.')
    .addOption(
      new Option('--port <number>', 'which port; 0 takes any that is free').argParser(parseNumber(65_535)).default(0),
    )
    .addOption(new Option('--days <count>', 'how many days').argParser(parseNumber(MOST_DAYS)).default(30))
    .option('--exit', 'end when the calls are there')
    .addHelpText(
      'after',
      `
Each time it begins anew. Every call has the environment "demo", and none was ever made: no key, no network. They are
sent to the server as OpenTelemetry spans, the way an application sends them.`,
    )
    .action(async (options: DemoOptions) => {
      // No other command has to wait for a server to be loaded.
      const { runDemo } = await import('../demo/run-demo.ts')
      await runDemo(options, context)
    })
}

function parseNumber(most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    if (number <= most) return number
    throw new InvalidArgumentError(`Use a number up to ${most}.`)
  }
}
