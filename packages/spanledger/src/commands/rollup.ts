import type { RollupCheck } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, askDatabase, changeExistingDatabase, type DatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import { countOf } from '../cli/text/numbers.ts'
import { createProgress } from '../cli/text/progress.ts'

interface RollupOptions extends DatabaseOption {
  readonly check?: boolean
  readonly rebuild?: boolean
}

const MOST_SHOWN = 20

export function addRollupCommand(program: Command, context: CliContext): void {
  const command = program
    .command('rollup')
    .description(
      'The sums that are kept beside the calls: adds the calls up anew and compares, or makes the sums anew.',
    )
    .option('--check', 'compare; exit code 1 if a sum is not what the calls add up to')
    .addOption(new Option('--rebuild', 'make them anew').conflicts('check'))
  addDatabaseOption(command)
  command.action((options: RollupOptions) => {
    if (options.rebuild === true) return rebuild(options, context)
    if (options.check === true) return check(options, context)
    throw new UsageError('Say what to do: --check or --rebuild')
  })
}

async function check(options: RollupOptions, context: CliContext): Promise<void> {
  const found = await askDatabase(options, context, (store) => store.rollupCheck())
  const { output } = context
  for (const difference of found.differences.slice(0, MOST_SHOWN)) await output.write(`${lineOf(difference)}\n`)
  const looked = `${countOf(found.calls, 'call')} of ${countOf(found.days, 'day')}`
  if (found.differing > 0) {
    throw new Error(`${countOf(found.differing, 'sum')} differ from ${looked}; run "spanledger rollup --rebuild"`)
  }
  output.note(`Every sum is that of ${looked}`)
}

async function rebuild(options: RollupOptions, context: CliContext): Promise<void> {
  const { output } = context
  await changeExistingDatabase(options, context, async (store) => {
    const progress = createProgress(output.isWatched, 'adding up: {value} days, {duration_formatted}')
    let days = 0
    let last = 0
    try {
      for await (const start of store.rebuildRollups()) {
        days += 1
        last = start
        progress.advance(1)
      }
    } finally {
      progress.stop()
    }
    output.note(
      `Made the sums of ${countOf(days, 'day')} anew${days === 0 ? '' : `, up to ${new Date(last).toISOString().slice(0, 10)}`}`,
    )
  })
}

function lineOf({ rollup, bucketStart, key, column, kept, expected }: RollupCheck['differences'][number]): string {
  const place = `${rollup} ${new Date(bucketStart).toISOString()} ${JSON.stringify(key)}`
  return `${place} ${column}: ${kept ?? 'nothing'} instead of ${expected ?? 'nothing'}`
}
