import { open, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { StoredCall } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { UsageError } from '../cli/error.ts'
import { addFilterOptions, type FilterOptions, readFilter } from '../cli/filter.ts'
import { addFormatOption } from '../cli/format.ts'
import { billableOf, callsAsText, type DataFormat } from '@spanledger/server/export'
import { countOf } from '../cli/text/numbers.ts'
import { createProgress } from '../cli/text/progress.ts'
import { emptyAnswer } from '../cli/views/empty-answer.ts'

interface ExportOptions extends FilterOptions, LedgerOption {
  readonly format: DataFormat
  readonly content?: boolean
  readonly output?: string
}

export function addExportCommand(program: Command, context: CliContext): void {
  const command = program
    .command('export')
    .description(
      'Exports calls, oldest first, for other programs and for "spanledger import"; as csv only billable ones, unless --kind all.',
    )
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .option('--content', 'include the prompts and answers that were kept')
  addFormatOption(command, ['jsonl', 'json', 'csv'])
  addLedgerOption(command)
  addFilterOptions(command)
  command.action((options: ExportOptions) => exportCalls(options, context))
}

async function exportCalls(options: ExportOptions, context: CliContext): Promise<void> {
  const { filter, timeZone } = readFilter(options, context)
  const content = options.content ?? false
  const isOfBillable = options.format === 'csv' && options.kind === undefined && options.tool === undefined
  await askLedger(options, context, async (ledger, { name, dataFile }) => {
    const target = options.output === undefined ? undefined : await targetFile(options.output, dataFile, context)
    // Where the terminal shows the calls themselves, they are the progress.
    const isShown = context.output.isWatched && (target !== undefined || !context.output.isSharedTerminal)
    const progress = createProgress(isShown, 'exporting: {value} calls, {duration_formatted}')
    let count = 0
    const counted = async function* (): AsyncGenerator<StoredCall> {
      const found = ledger.iterate(filter, { content })
      for await (const call of isOfBillable ? billableOf(found) : found) {
        count += 1
        progress.advance(1)
        yield call
      }
    }
    const texts = callsAsText(counted(), options.format, { content })
    try {
      if (target === undefined) for await (const text of texts) await context.output.write(text)
      else await writeFile(target, texts)
    } finally {
      progress.stop()
    }
    if (count === 0) context.output.note(await emptyAnswer(ledger, name, timeZone))
    else if (target !== undefined) context.output.note(`Exported ${countOf(count, 'call')} to ${target}`)
  })
}

async function targetFile(name: string, database: string, { workingFolder }: CliContext): Promise<string> {
  const target = resolve(workingFolder, name)
  const [existing, own] = await Promise.all([
    realpath(target).catch(() => target),
    realpath(database).catch(() => undefined),
  ])
  if (own !== undefined && ['', '-wal', '-shm'].some((suffix) => existing === own + suffix)) {
    throw new UsageError(`${target} is the database itself; choose another file for the export`)
  }
  return target
}

async function writeFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  // Prompts and answers are private to this user.
  const file = await open(path, 'w', 0o600).catch((cause: Error) => {
    throw new Error(`Cannot write ${path} (${cause.message}); choose a file that you can write to`, { cause })
  })
  await pipeline(texts, file.createWriteStream())
}
