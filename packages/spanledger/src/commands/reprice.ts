import { type Call, repriceCall } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import {
  addDatabaseOption,
  askDatabase,
  changeExistingDatabase,
  type DatabaseOption,
  type DatabasePlace,
} from '../cli/database.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { createProgress } from '../cli/text/progress.ts'
import { readPrices, WHICH_PRICES } from '../prices/command-prices.ts'
import { createRepriceSummary } from '../cli/views/reprice-summary.ts'

interface RepriceOptions extends FilterOptions, DatabaseOption {
  readonly yes?: boolean
  readonly format: Format
}

export function addRepriceCommand(program: Command, context: CliContext): void {
  const command = program
    .command('reprice')
    .description('Prices stored calls again with the current prices. Without --yes it only reports what would change.')
    .option('--yes', 'write the new costs')
    .addOption(new Option('--dry-run', 'write nothing (default)').conflicts('yes'))
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  addFilterOptions(command)
  command.addHelpText(
    'after',
    `
A cost that the provider or the application reported is never changed. The old cost is kept beside the new one
(previous_cost_nano_usd, repriced_at), and running it again changes nothing. A call is priced from its stored tokens and
service tier, with the price that was valid when it started.
${WHICH_PRICES}`,
  )
  command.action((options: RepriceOptions) => reprice(options, context))
}

async function reprice(options: RepriceOptions, context: CliContext): Promise<void> {
  const work = (store: Store, { dataFile }: DatabasePlace) => repriceCalls(store, { options, dataFile }, context)
  await (options.yes === true ? changeExistingDatabase : askDatabase)(options, context, work)
}

async function repriceCalls(
  store: Store,
  { options, dataFile }: { readonly options: RepriceOptions; readonly dataFile: string },
  context: CliContext,
): Promise<void> {
  const { output } = context
  const write = options.yes === true
  const { book } = await readPrices(store, dataFile, context)
  const at = context.now()
  const summary = createRepriceSummary()
  const progress = createProgress(output.isWatched, 'pricing: {value} calls, {duration_formatted}')
  try {
    const calls = store.reprice(readFilter(options, context).filter, (call: Call) => repriceCall(call, book, at), {
      write,
    })
    for await (const call of calls) {
      summary.add(call)
      progress.advance(1)
    }
  } finally {
    progress.stop()
  }
  await output.write(summary.text(options.format, { width: output.width, heading: output.heading, isWritten: write }))
  for (const note of summary.notes({ isWritten: write })) output.note(note)
}
