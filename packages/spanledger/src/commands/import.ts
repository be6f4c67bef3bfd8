import { type ContentMode, type ContentPolicy, createContentPolicy, createRedactor } from '@spanledger/core'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, changeDatabase, type DatabaseOption } from '../cli/database.ts'
import { UsageError } from '../cli/error.ts'
import { createCallImporter, MAX_WAITING } from '../import/call-importer.ts'
import { createImportTally, tallyText } from '../import/import-tally.ts'
import { createProblemLog } from '../import/problem-log.ts'
import { readFile, sizeOfFiles } from '../import/read-file.ts'
import { countOf } from '../cli/text/numbers.ts'
import { createProgress } from '../cli/text/progress.ts'
import { readPrices, WHICH_PRICES } from '../prices/command-prices.ts'
import { readSettings } from '../settings.ts'

interface ImportOptions extends DatabaseOption {
  readonly content?: ContentMode
}

const CONTENT_MODES = ['none', 'preview', 'full'] as const satisfies readonly ContentMode[]

export function addImportCommand(program: Command, context: CliContext): void {
  const content = `how much to keep of the prompts and answers in spans: ${CONTENT_MODES.join(', ')} (default: SPANLEDGER_CONTENT or preview)`
  const command = program
    .command('import')
    .description(
      'Imports calls from files: OTLP JSON, as the Collector writes it, and the output of "spanledger export".',
    )
    .argument('<file...>', 'files, plain or gzip; - reads stdin')
    .addOption(new Option('--content <mode>', content).argParser(parseContentMode))
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
A file has one request or call per line, or a single one in all. Importing a file twice changes nothing.
A trace may span lines and files: up to ${MAX_WAITING.toLocaleString('en-US')} calls wait in memory for the rest of their trace.
${WHICH_PRICES}`,
  )
  command.action((files: readonly string[], options: ImportOptions) => importFiles(files, options, context))
}

async function importFiles(files: readonly string[], options: ImportOptions, context: CliContext): Promise<void> {
  const { output } = context
  const tally = createImportTally()
  const problems = createProblemLog()
  const content = contentPolicyOf(options, context)
  await changeDatabase(options, context, async (store, { dataFile }) => {
    const convert = { content, prices: (await readPrices(store, dataFile, context)).book }
    const importer = createCallImporter({ store, convert, tally, onProblem: problems.add })
    const format = 'importing [{bar}] {percentage}% {eta_formatted}'
    const progress = createProgress(output.isWatched, format, await sizeOfFiles(files, context))
    try {
      for (const file of files) {
        for await (const { where, ...record } of readFile(file, context, progress.advance)) {
          if ('value' in record) await importer.add(record.value, where)
          else problems.add(where, record.problem)
        }
      }
      await importer.finish()
    } finally {
      progress.stop()
    }
  })
  for (const line of problems.lines()) output.error(line)
  output.note(tallyText(tally))
  if (problems.count > 0) {
    throw new Error(`Not everything could be imported: ${countOf(problems.count, 'problem')} above`)
  }
}

function contentPolicyOf({ content }: ImportOptions, { environment, output }: CliContext): ContentPolicy {
  const settings = readSettings({ content }, environment)
  for (const problem of settings.problems) if (problem.includes('SPANLEDGER_CONTENT')) output.note(problem)
  return createContentPolicy({ mode: settings.content, redactor: createRedactor() })
}

function parseContentMode(text: string): ContentMode {
  const mode = CONTENT_MODES.find((name) => name === text)
  if (mode !== undefined) return mode
  throw new UsageError(`Unknown content mode "${text}"; use ${CONTENT_MODES.join(', ')}`)
}
