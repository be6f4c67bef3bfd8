import { toProviderName } from '@spanledger/core'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addLedgerOption, type LedgerOption } from '../../cli/ledger.ts'
import { addFormatOption, type Format } from '../../cli/format.ts'
import { askPrices, WHICH_PRICES } from '../../prices/command-prices.ts'
import { printPrices } from './print-prices.ts'

interface ListOptions extends LedgerOption {
  readonly provider?: string
  readonly model?: string
  readonly format: Format
}

export function addPricesListCommand(prices: Command, context: CliContext): void {
  const command = prices
    .command('list')
    .description('Lists all prices, your own first.')
    .option('--provider <name>', 'only this provider, such as openai')
    .option('--model <text>', 'only models whose id contains this text')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  command.addHelpText('after', WHICH_PRICES)
  command.action((options: ListOptions) => listPrices(options, context))
}

async function listPrices(options: ListOptions, context: CliContext): Promise<void> {
  const { provider, format } = options
  const named = provider === undefined ? undefined : toProviderName(provider)
  const text = options.model?.toLowerCase() ?? ''
  await askPrices(options, context, async ({ book }) => {
    const entries = book.entries()
    const rows = entries.filter(
      (entry) => (named === undefined || entry.provider === named) && entry.model.toLowerCase().includes(text),
    )
    await printPrices(rows, format, context)
    const { source, version, generated } = book.list
    context.output.note(
      rows.length > 0
        ? `${rows.length.toLocaleString('en-US')} prices; published list: ${source} ${version} of ${generated}`
        : `No prices match; providers are ${[...new Set(entries.map((entry) => entry.provider))].join(', ')}`,
    )
  })
}
