import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ContentMode, createContentPolicy, createPriceBook, createRedactor } from '@spanledger/core'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addDatabaseOption, changeDatabase, type DatabaseOption } from '../cli-database.ts'
import { sentenceOf, UsageError } from '../cli-error.ts'
import { createCallImporter, MAX_WAITING } from '../import/call-importer.ts'
import { createImportTally, tallyText } from '../import/import-tally.ts'
import { type FileRecord, readRecords } from '../import/read-records.ts'
import { countOf } from '../output/numbers.ts'
import { printable } from '../output/printable.ts'
import { createProgress, type Progress } from '../output/progress.ts'
import { readSettings } from '../settings.ts'

interface ImportOptions extends DatabaseOption {
  readonly content?: ContentMode
}

const CONTENT_MODES = ['none', 'preview', 'full'] as const satisfies readonly ContentMode[]
// A file of a million broken lines must not scroll away the first reason.
const SHOWN_PROBLEMS = 20

export function addImportCommand(program: Command, context: CliContext): void {
  const command = program
    .command('import')
    .description('Calls from files: OTLP JSON, as the Collector writes it, and lines of "spanledger export".')
    .argument('<file...>', 'files, gzip or not; - reads stdin')
    .addOption(
      new Option(
        '--content <mode>',
        `${CONTENT_MODES.join(', ')}: what is kept of prompts and answers in spans`,
      ).argParser(parseContentMode),
    )
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
One request or call a line, or one over the whole file. Importing again changes nothing.
A trace may go over lines and files: up to ${MAX_WAITING.toLocaleString('en-US')} calls of spans are held in memory until it is complete.`,
  )
  command.action((files: readonly string[], options: ImportOptions) => importFiles(files, options, context))
}

async function importFiles(files: readonly string[], options: ImportOptions, context: CliContext): Promise<void> {
  const { output } = context
  const tally = createImportTally()
  const problems: string[] = []
  let problemCount = 0
  const onProblem = (where: string, problem: string): void => {
    problemCount += 1
    if (problems.length < SHOWN_PROBLEMS) problems.push(printable(`${where}: ${problem}`, 300))
  }
  await changeDatabase(options, context, async (store) => {
    const importer = createCallImporter({ store, convert: convertOptions(options, context), tally, onProblem })
    const progress = createProgress(
      output.isWatched,
      'importing [{bar}] {percentage}% {eta_formatted}',
      await sizeOf(files, context),
    )
    try {
      for (const file of files) {
        for await (const record of recordsOf(file, context, progress)) {
          const where = record.line === 0 ? file : `${file} line ${record.line}`
          if ('value' in record) await importer.add(record.value, where)
          else {
            tally.unread += 1
            onProblem(where, record.problem)
          }
        }
      }
      await importer.finish()
    } finally {
      progress.stop()
    }
  })
  for (const problem of problems) output.error(problem)
  if (problemCount > problems.length) output.error(`… and ${countOf(problemCount - problems.length, 'more problem')}`)
  output.note(tallyText(tally))
  if (problemCount > 0) throw new Error(`Not everything could be imported: ${countOf(problemCount, 'problem')} above`)
}

function convertOptions({ content }: ImportOptions, { environment, output }: CliContext) {
  const settings = readSettings({ content }, environment)
  for (const problem of settings.problems) if (problem.includes('SPANLEDGER_CONTENT')) output.note(problem)
  return {
    content: createContentPolicy({ mode: settings.content, redactor: createRedactor() }),
    prices: createPriceBook(),
  }
}

/** What is in a file; line 0 is the file as a whole. What the store throws does not end up here. */
async function* recordsOf(file: string, context: CliContext, progress: Progress): AsyncGenerator<FileRecord> {
  try {
    const bytes = file === '-' ? context.input : createReadStream(resolve(context.workingFolder, file))
    yield* readRecords(countBytes(bytes, progress))
  } catch (error) {
    yield { line: 0, problem: readingProblem(error) }
  }
}

async function* countBytes(bytes: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    progress.advance(chunk.length)
    yield chunk
  }
}

async function sizeOf(files: readonly string[], { workingFolder }: CliContext): Promise<number> {
  const sizes = files.map(async (file) => {
    if (file === '-') return 0
    // A file that is not there is told about when its turn comes.
    return stat(resolve(workingFolder, file)).then(
      ({ size }) => size,
      () => 0,
    )
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const READING_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; name one that is there, or - for stdin',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'this user may not read the file',
  Z_BUF_ERROR: 'the compressed data ends early; what came before is imported',
  Z_DATA_ERROR: 'the compressed data is damaged; what came before is imported',
}

function readingProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return READING_PROBLEMS[code] ?? sentenceOf(error)
}

function parseContentMode(text: string): ContentMode {
  const mode = CONTENT_MODES.find((name) => name === text)
  if (mode !== undefined) return mode
  throw new UsageError(`Unknown content mode "${text}"; use ${CONTENT_MODES.join(', ')}`)
}
