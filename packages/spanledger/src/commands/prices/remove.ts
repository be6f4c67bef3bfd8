import { type CustomPrice, hasSameKey, type PriceKey, toProviderName } from '@spanledger/core'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addDatabaseOption, changeExistingDatabase, type DatabaseOption } from '../../cli/database.ts'
import { UsageError } from '../../cli/error.ts'
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
    .usage('[options] [provider] <model>')
    .argument('<names...>', 'model id or pattern, exactly as set; before it the provider if several have such a price')
    .option('--tier <name>', 'only the price for this service tier')
    .option('--from <day>', 'only the price that starts on this day')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addDatabaseOption(command)
  command.action((names: readonly string[], options: RemoveOptions) => {
    const [first = '', second, ...more] = names
    if (more.length > 0) throw new UsageError('prices remove takes one model; quote a name with spaces')
    return removePrices(second === undefined ? { model: first } : { provider: first, model: second }, options, context)
  })
}

async function removePrices(
  asked: { readonly provider?: string; readonly model: string },
  options: RemoveOptions,
  context: CliContext,
): Promise<void> {
  const { tier, from, format } = options
  await changeExistingDatabase(options, context, async (store) => {
    const { prices: before } = await store.customPrices()
    const named = { ...asked, provider: asked.provider ?? providerOf(asked.model, before) }
    const matches = (price: PriceKey) =>
      hasSameKey(price, { ...named, tier: tier ?? price.tier ?? null, from: from ?? price.from ?? null })
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

function providerOf(model: string, prices: readonly CustomPrice[]): string {
  const providers = [...new Set(prices.filter((price) => price.model === model).map(({ provider }) => provider))]
  const [only, ...others] = providers
  if (only === undefined) throw new Error(`No custom price for ${model}; "spanledger prices list" shows all prices`)
  if (others.length === 0) return only
  throw new Error(
    `Several providers have a custom price for ${model}: ${providers.join(', ')}; put one before the model`,
  )
}
