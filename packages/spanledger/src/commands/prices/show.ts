import { type FoundModel, type PriceBook, toProviderName } from '@spanledger/core'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addLedgerOption, type LedgerOption } from '../../cli/ledger.ts'
import { UsageError } from '../../cli/error.ts'
import { addFormatOption } from '../../cli/format.ts'
import { parseTime } from '../../cli/time.ts'
import { askPrices, type CommandPrices, WHICH_PRICES } from '../../prices/command-prices.ts'
import { createFindNearest } from '../../prices/nearest-model.ts'
import { chooseProvider } from '../../prices/provider-of-model.ts'
import { type AnyPrice, priceLines } from '../../prices/price-text.ts'

interface ShowOptions extends LedgerOption {
  readonly at?: string
  readonly tier?: string
  readonly format: 'table' | 'json'
}

interface Question {
  readonly provider: string
  readonly model: string
  readonly serviceTier: string | undefined
  readonly atMs: number
}

const REASONS: Readonly<Record<string, string>> = {
  unknown_provider: 'no prices for this provider',
  unknown_model: 'the provider is known, the model is not',
  unpriced_tier: 'it has a price only in another service tier',
}

// Aliases of aliases may form a circle.
const MAX_CHAIN = 6

export function addPricesShowCommand(prices: Command, context: CliContext): void {
  const command = prices
    .command('show')
    .description('Shows the price of a call, and where it comes from.')
    .argument('<names...>', 'model id, as in the response of the provider; before it the provider if it is not clear')
    .usage('[options] [provider] <model>')
    .option('--at <time>', 'start of the call in UTC: 2026-01-31, 30d … (default: now)')
    .option('--tier <name>', 'service tier, such as flex (default: the standard one)')
  addFormatOption(command, ['table', 'json'])
  addLedgerOption(command)
  command.addHelpText('after', `${WHICH_PRICES}\n\nExit code 1: no price.`)
  command.action((names: readonly string[], options: ShowOptions) => {
    const now = context.now()
    const reading = { option: '--at', edge: 'start', timeZone: 'UTC', now } as const
    const atMs = options.at === undefined ? now : parseTime(options.at, reading)
    const [first = '', second, ...more] = names
    if (more.length > 0) throw new UsageError('prices show takes one model; quote a name with spaces')
    const named = second === undefined ? { model: first } : { provider: first, model: second }
    return showPrice({ ...named, serviceTier: options.tier, atMs }, options, context)
  })
}

async function showPrice(
  asked: Omit<Question, 'provider'> & Partial<Question>,
  options: ShowOptions,
  context: CliContext,
): Promise<void> {
  await askPrices(options, context, async (prices) => {
    const { provider: named } = asked
    const choice = named === undefined ? chooseProvider(prices.book, asked) : { provider: named, others: [] }
    const { others, ...chosen } = choice
    const question: Question = { ...asked, ...chosen }
    const found = prices.book.find(question)
    if ('reason' in found) throw new Error(noPriceText(question, found.reason, prices.book))
    const chain = chainOf(found, question, prices)
    const { provider, model, serviceTier: tier = null, atMs } = question
    const shown = { provider: toProviderName(provider, model), model, tier, at: new Date(atMs).toISOString() }
    const [first, ...basedOn] = chain
    await context.output.write(
      options.format === 'json'
        ? `${JSON.stringify({ asked: shown, ...first, basedOn }, null, 2)}\n`
        : chain.map((each) => blockOf(each, prices.book)).join('\nbased on\n'),
    )
    if (others.length > 0)
      context.output.note(`Also sold by ${others.join(', ')}; put one before the model for its price`)
  })
}

// A custom price may only adjust another price.
function chainOf(found: FoundModel, question: Question, { book, published }: CommandPrices): FoundModel[] {
  const chain = [found]
  let last = found
  let asked = question
  while (chain.length < MAX_CHAIN) {
    const { alias_of: alias, per_mtok, per_unit }: AnyPrice = last.price
    if (last.source === 'list' || per_mtok !== undefined || per_unit !== undefined) break
    const slash = alias?.indexOf('/') ?? -1
    const target = alias === undefined ? {} : { provider: alias.slice(0, slash), model: alias.slice(slash + 1) }
    asked = { ...asked, ...target, serviceTier: undefined }
    const own = alias === undefined ? undefined : book.find(asked)
    // A pattern may match its own alias target; then the published price is meant.
    const next = own === undefined || 'reason' in own || own.price === last.price ? published.find(asked) : own
    if ('reason' in next) break
    chain.push(next)
    last = next
  }
  return chain
}

function blockOf({ source, provider, model, price, priceVersion }: FoundModel, { list }: PriceBook): string {
  const from = source === 'custom' ? 'custom price' : `list: ${list.source} ${list.version} of ${list.generated}`
  const lines = [['source', from], ['version', priceVersion], ...priceLines(price)] as const
  const width = Math.max(...lines.map(([name]) => name.length))
  return [`${provider}/${model}`, ...lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`), ''].join('\n')
}

function noPriceText({ provider, model, serviceTier }: Question, reason: string, book: PriceBook): string {
  const tier = serviceTier === undefined ? '' : ` in service tier ${serviceTier}`
  const nearest = createFindNearest(book)(toProviderName(provider, model), model)
  const like = nearest === undefined ? '' : `; the nearest model with a price is ${nearest.provider}/${nearest.model}`
  return (
    `No price for ${provider}/${model}${tier} (${reason}: ${REASONS[reason] ?? 'no valid price'})${like}. ` +
    `Set one with: spanledger prices set ${provider} ${model} --input … --output …`
  )
}
