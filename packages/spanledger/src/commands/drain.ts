import { existsSync } from 'node:fs'
import { createDrainSignals, createJournal, drainLeftovers, type Leftovers, takeDeadLetters } from '@spanledger/journal'
import { type Command, Option } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, type DatabaseOption } from '../cli/database.ts'
import { sentenceOf, UsageError } from '../cli/error.ts'
import { databaseName, type Destination, journalFolderOf, parseDestination } from '../destination/destination.ts'
import { countOf } from '../cli/text/numbers.ts'
import { readSettings } from '../settings.ts'
import { hasWalResetBug } from '../destination/sqlite-build.ts'
import { openTarget } from '../destination/open-target.ts'

interface DrainOptions extends DatabaseOption {
  readonly requeue?: boolean
  readonly wait: number
}

const WAIT_SECONDS = 60
const SECOND_MS = 1_000

export function addDrainCommand(program: Command, context: CliContext): void {
  const command = program
    .command('drain')
    .description('Calls that a process left in its journal when it died: into the database.')
    .option('--requeue', 'try the calls again that the database refused')
    .addOption(
      new Option('--wait <seconds>', 'so long at most for leases to run out and for a database that is away')
        .argParser(parseSeconds)
        .default(WAIT_SECONDS),
    )
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Applications do this themselves when they run again; this is for those that do not, or whose host is gone. What belongs to
a process that is alive is left to it: whether it is shows within some seconds, 60 at most. Exit code 0 means that all that
dead processes left is stored. Where the journal lies: beside the database file, or where SPANLEDGER_JOURNAL says.`,
  )
  command.action((options: DrainOptions) => drain(options, context))
}

async function drain(options: DrainOptions, context: CliContext): Promise<void> {
  const { output } = context
  const { database, folder } = readPlaces(options, context)
  if (!existsSync(folder)) {
    output.note(`There is no journal for ${databaseName(database)}: ${folder} does not exist`)
    return
  }
  if (options.requeue === true) requeue(folder, context)
  const leftovers = await drainLeftovers({
    folder,
    target: openTarget(database),
    patienceMs: options.wait * SECOND_MS,
    isExclusive: 'path' in database && hasWalResetBug(process.versions['sqlite']),
    onFailure: (message) => output.note(`cannot store calls, trying again: ${message}`),
  })
  output.note(sentencesOf(leftovers))
  for (const file of leftovers.quarantined)
    output.note(
      `${file} was put aside: it is damaged, or the full disk had no room for its refused calls; all else of it is stored`,
    )
  if (leftovers.problem !== undefined) {
    throw new Error(`Not everything in ${folder} could be stored: ${leftovers.problem}`)
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0) return seconds
  throw new UsageError(`Cannot wait "${text}" seconds; use a positive number`)
}

function readPlaces(
  { db }: DatabaseOption,
  { environment, workingFolder }: CliContext,
): { readonly database: Destination; readonly folder: string } {
  try {
    const settings = readSettings({ database: db }, environment)
    const database = parseDestination(settings.database, workingFolder, settings.token)
    return { database, folder: settings.journal ?? journalFolderOf(database, workingFolder) }
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

// They go through the journal once more, so that none is lost if this process dies too.
function requeue(folder: string, { output }: CliContext): void {
  const { letters, done } = takeDeadLetters(folder)
  const journal = createJournal({ folder, signals: createDrainSignals(), durability: 'power', onWriter: () => {} })
  for (const { line } of letters) {
    const problem = journal.append('call', line)
    if (problem !== undefined) throw new Error(`Cannot try refused calls again: ${problem.message}`)
  }
  journal.close()
  journal.release()
  done()
  output.note(`${countOf(letters.length, 'refused call')} tried again`)
}

function sentencesOf({ stored, deduplicated, rejected, crashed }: Leftovers): string {
  const parts = [
    `${countOf(stored, 'call')} stored`,
    ...(deduplicated > 0 ? [`${deduplicated.toLocaleString('en-US')} known already`] : []),
    ...(crashed > 0 ? [`${countOf(crashed, 'call')} of which only the start is known`] : []),
    ...(rejected > 0 ? [`${countOf(rejected, 'call')} refused (see dead-letters.jsonl there)`] : []),
  ]
  return parts.join(', ')
}
