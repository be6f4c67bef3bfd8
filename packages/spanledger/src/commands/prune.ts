import type { PruneOptions, PruneProgress } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, changeExistingDatabase, type DatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import { parseTime } from '../cli/time.ts'
import { countOf } from '../cli/text/numbers.ts'
import { createProgress } from '../cli/text/progress.ts'

interface PruneCommandOptions extends DatabaseOption {
  readonly content?: string
  readonly calls?: string
  readonly rollups?: string
  readonly yes?: boolean
}

const LABELS: Readonly<Record<PruneProgress['what'], (rows: number) => string>> = {
  content: (rows) => `content of ${countOf(rows, 'call')}`,
  calls: (rows) => countOf(rows, 'call'),
  events: (rows) => countOf(rows, 'event'),
  rollups: (rows) => countOf(rows, 'rollup row'),
}

export function addPruneCommand(program: Command, context: CliContext): void {
  const command = program
    .command('prune')
    .description('Deletes old data. Without --yes it only reports how much.')
    .option('--content <age>', 'prompts and answers of calls stored before this time: 30d, 2026-01-01 (that day stays)')
    .option('--calls <age>', 'calls started before this time, with their content, and events; rollups stay')
    .option('--rollups <age>', 'rollups of calls started before this time')
    .option('--yes', 'delete')
    .addOption(new Option('--dry-run', 'delete nothing (default)').conflicts('yes'))
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Example:
  spanledger prune --content 30d --calls 400d --yes`,
  )
  command.action((options: PruneCommandOptions) => prune(options, context))
}

async function prune(options: PruneCommandOptions, context: CliContext): Promise<void> {
  const { output } = context
  const ages = readAges(options, context)
  const dryRun = options.yes !== true
  await changeExistingDatabase(options, context, async (store) => {
    const rows = new Map<PruneProgress['what'], number>()
    const progress = createProgress(output.isWatched, 'pruning: {value} rows, {duration_formatted}')
    try {
      for await (const { what, rows: count } of store.prune({ ...ages, dryRun })) {
        progress.advance(count - (rows.get(what) ?? 0))
        rows.set(what, count)
      }
    } finally {
      progress.stop()
    }
    for (const [what, count] of rows) await output.write(`${LABELS[what](count)}\n`)
    output.note(dryRun ? 'Nothing was deleted; add --yes to delete' : 'Deleted')
  })
}

function readAges({ content, calls, rollups }: PruneCommandOptions, context: CliContext): PruneOptions {
  const timeOf = (option: string, text: string | undefined): number | undefined =>
    text === undefined
      ? undefined
      : parseTime(text, { option, edge: 'start', timeZone: context.timeZone, now: context.now() })
  if (content === undefined && calls === undefined && rollups === undefined) {
    throw new UsageError('Choose what to delete: --content 30d, --calls 400d, --rollups 1000d')
  }
  return {
    contentOlderThan: timeOf('--content', content),
    callsOlderThan: timeOf('--calls', calls),
    rollupsOlderThan: timeOf('--rollups', rollups),
  }
}
