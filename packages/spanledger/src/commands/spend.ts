import type { UsageTotals } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption } from '../cli/format.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { formatUsd } from '../cli/text/numbers.ts'
import { renderTable } from '../cli/text/table.ts'
import { emptyAnswer } from '../cli/views/empty-answer.ts'

interface SpendCommandOptions extends FilterOptions, LedgerOption {
  readonly format: 'table' | 'json'
}

export function addSpendCommand(program: Command, context: CliContext): void {
  const command = program
    .command('spend')
    .description('Says what the calls of a user, project, session … cost, as spend() does in code.')
  addFormatOption(command, ['table', 'json'])
  addLedgerOption(command)
  addFilterOptions(command)
  command.addHelpText(
    'after',
    '\nCalls of unknown cost are in the number of calls: if there are any, the cost is too low.',
  )
  command.action((options: SpendCommandOptions) => printSpend(options, context))
}

async function printSpend(options: SpendCommandOptions, context: CliContext): Promise<void> {
  const { filter, timeZone } = readFilter(options, context)
  const { output } = context
  await askLedger(options, context, async (ledger, { name }) => {
    const totals = await ledger.summary(filter)
    await output.write(
      options.format === 'json' ? `${JSON.stringify(spendOf(totals), null, 2)}\n` : tableOf(totals, context),
    )
    if (totals.calls + totals.openCalls === 0) output.note(await emptyAnswer(ledger, name, timeZone))
  })
}

/** The names of `spend()`. */
function spendOf(totals: UsageTotals) {
  const costNanoUsd = totals.costNanoUsd ?? 0
  return {
    costUsd: costNanoUsd / 1e9,
    costNanoUsd,
    calls: totals.calls,
    totalTokens: totals.totalTokens ?? 0,
    unknownCostCalls: totals.unpricedCalls + totals.unknownUsageCalls,
    openCalls: totals.openCalls,
  }
}

function tableOf(totals: UsageTotals, { output: { width, heading } }: CliContext): string {
  const { costNanoUsd, calls, totalTokens, unknownCostCalls, openCalls } = spendOf(totals)
  const count = (title: string, value: number) => ({
    title,
    align: 'right' as const,
    cell: () => value.toLocaleString('en-US'),
  })
  const columns = [
    {
      title: 'cost',
      align: 'right' as const,
      cell: () => `${totals.estimatedCalls > 0 ? '≈' : ''}${formatUsd(costNanoUsd)}`,
    },
    count('calls', calls),
    count('tokens', totalTokens),
    count('unknown cost', unknownCostCalls),
    count('open', openCalls),
  ]
  return renderTable([totals], columns, { width, heading }).text
}
