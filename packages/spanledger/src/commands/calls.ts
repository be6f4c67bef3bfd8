import { LEAF_KINDS, toCallLine } from '@spanledger/core'
import type { CallPage } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { UsageError } from '../cli/error.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { callsAsText } from '@spanledger/server/export'
import { callTable } from '../cli/views/call-table.ts'
import { emptyAnswer } from '../cli/views/empty-answer.ts'
import { toolsOfCalls } from '../cli/views/tools-of-calls.ts'

interface CallsOptions extends FilterOptions, LedgerOption {
  readonly limit: number
  readonly cursor?: string
  readonly format: Format
}

const MAX_LIMIT = 1000

export function addCallsCommand(program: Command, context: CliContext): void {
  const command = program
    .command('calls')
    .description('Lists calls of models, newest first; --kind all also lists runs and tools.')
    .addOption(new Option('--limit <count>', `number of calls, up to ${MAX_LIMIT}`).argParser(parseLimit).default(50))
    .option('--cursor <text>', 'continue after the page that printed this cursor')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  addFilterOptions(command)
  command.action((options: CallsOptions) => printCalls(options, context))
}

async function printCalls(options: CallsOptions, context: CliContext): Promise<void> {
  const { filter: asked, timeZone } = readFilter(options, context)
  // Whoever names a tool means its calls.
  const filter = options.kind === undefined && options.tool === undefined ? { ...asked, kind: [...LEAF_KINDS] } : asked
  const { limit, cursor, format } = options
  const { output } = context
  await askLedger(options, context, async (ledger, { name }) => {
    const page = await ledger.calls(filter, { limit, cursor })
    if (format === 'json') await output.write(pageAsJson(page))
    else if (format !== 'table') {
      for await (const text of callsAsText(eachOf(page.calls), format, { content: false })) await output.write(text)
    } else if (page.calls.length > 0) {
      const tools = await toolsOfCalls(ledger, page.calls)
      const { text, leftOut } = callTable(page.calls, { tools, timeZone, width: output.width, heading: output.heading })
      await output.write(text)
      if (leftOut.length > 0) {
        output.note(`Narrow terminal: left out ${leftOut.join(', ')}; use a wider one or --format json`)
      }
    }
    if (page.calls.length === 0) output.note(await emptyAnswer(ledger, name, timeZone))
    if (page.next !== undefined) output.note(`There are more: add --cursor ${page.next}`)
  })
}

function pageAsJson({ calls, next }: CallPage): string {
  const lines = calls.map(toCallLine).join(',\n')
  return `{"calls":[${lines === '' ? '' : `\n${lines}\n`}],"next":${JSON.stringify(next ?? null)}}\n`
}

async function* eachOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new UsageError(`--limit "${text}" must be a number from 1 to ${MAX_LIMIT}; "spanledger export" has no limit`)
}
