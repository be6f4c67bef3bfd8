import { hasSameKey, type PriceKey, toProviderName } from '@spanledger/core'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addDatabaseOption, changeExistingDatabase, type DatabaseOption } from '../../cli/database.ts'
import { addFormatOption, type Format } from '../../cli/format.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { rowOf } from './custom-price-row.ts'
import { printPrices } from './print-prices.ts'

interface RemoveOptions extends DatabaseOption {
  readonly tier?: string
  readonly from?: string
  readonly format: Format
}

export function addPricesRemoveCommand(prices: Command, context: CliContext): void {
  const command = prices
    .command('remove')
    .description('Deletes the custom prices of a model from the database.')
    .argument('<provider>')
    .argument('<model>', 'model id or pattern, exactly as set')
    .option('--tier <name>', 'only the price for this service tier')
    .option('--from <day>', 'only the price that starts on this day')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  command.action((provider: string, model: string, options: RemoveOptions) =>
    removePrices({ provider, model }, options, context),
  )
}

async function removePrices(
  named: { readonly provider: string; readonly model: string },
  options: RemoveOptions,
  context: CliContext,
): Promise<void> {
  const { tier, from, format } = options
  await changeExistingDatabase(options, context, async (store) => {
    const matches = (price: PriceKey) =>
      hasSameKey(price, { ...named, tier: tier ?? price.tier ?? null, from: from ?? price.from ?? null })
    const { prices: before } = await store.customPrices()
    const removed = before.filter(matches)
    if (removed.length === 0) {
      const name = `${toProviderName(named.provider)}/${named.model}`
      throw new Error(`No custom price for ${name}; "spanledger prices list" shows all prices`)
    }
    await store.changePrices(({ prices }) => ({ schema: 1, prices: prices.filter((price) => !matches(price)) }))
    await printPrices(removed.map(rowOf), format, context)
    context.output.note(`Removed ${countOf(removed.length, 'price')}. For stored calls, run "spanledger reprice"`)
  })
}
