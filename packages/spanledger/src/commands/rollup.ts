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

const MAX_SHOWN = 20

export function addRollupCommand(program: Command, context: CliContext): void {
  const command = program
    .command('rollup')
    .description('Checks the rollups (the sums kept beside the calls) against the calls, or rebuilds them.')
    .option('--check', 'compare; exit code 1 if a rollup differs from the calls')
    .addOption(new Option('--rebuild', 'rebuild all rollups').conflicts('check'))
  addDatabaseOption(command)
  command.action((options: RollupOptions) => {
    if (options.rebuild === true) return rebuild(options, context)
    if (options.check === true) return check(options, context)
    throw new UsageError('Choose --check or --rebuild')
  })
}

async function check(options: RollupOptions, context: CliContext): Promise<void> {
  const found = await askDatabase(options, context, (store) => store.rollupCheck())
  const { output } = context
  for (const difference of found.differences.slice(0, MAX_SHOWN)) await output.write(`${lineOf(difference)}\n`)
  const checked = `${countOf(found.calls, 'call')} of ${countOf(found.days, 'day')}`
  if (found.differing > 0) {
    throw new Error(`${countOf(found.differing, 'difference')} from ${checked}; run "spanledger rollup --rebuild"`)
  }
  output.note(`All rollups match ${checked}`)
}

async function rebuild(options: RollupOptions, context: CliContext): Promise<void> {
  const { output } = context
  await changeExistingDatabase(options, context, async (store) => {
    const progress = createProgress(output.isWatched, 'rebuilding: {value} days, {duration_formatted}')
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
      `Rebuilt the rollups of ${countOf(days, 'day')}${days === 0 ? '' : `, up to ${new Date(last).toISOString().slice(0, 10)}`}`,
    )
  })
}

function lineOf({ rollup, bucketStart, key, column, kept, expected }: RollupCheck['differences'][number]): string {
  const place = `${rollup} ${new Date(bucketStart).toISOString()} ${JSON.stringify(key)}`
  return `${place} ${column}: ${kept ?? 'nothing'} instead of ${expected ?? 'nothing'}`
}
