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
    .description('Stores the calls that a process left in its journal when it died.')
    .option('--requeue', 'also retry the calls that the database refused')
    .addOption(
      new Option('--wait <seconds>', 'longest wait for leases to expire and for a database that is unavailable')
        .argParser(parseSeconds)
        .default(WAIT_SECONDS),
    )
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
An application does this itself when it starts again. Use this command if it never starts again, or if its host is gone.
Files of a live process are left alone; it takes up to 60 seconds to tell whether a process is alive. Exit code 0: every
call that dead processes left is stored. The journal is beside the database file, or in the folder SPANLEDGER_JOURNAL.`,
  )
  command.action((options: DrainOptions) => drain(options, context))
}

async function drain(options: DrainOptions, context: CliContext): Promise<void> {
  const { output } = context
  const { database, folder } = readPaths(options, context)
  if (!existsSync(folder)) {
    output.note(`No journal for ${databaseName(database)}: ${folder} does not exist`)
    return
  }
  if (options.requeue === true) requeue(folder, context)
  const leftovers = await drainLeftovers({
    folder,
    target: openTarget(database),
    patienceMs: options.wait * SECOND_MS,
    isExclusive: 'path' in database && hasWalResetBug(process.versions['sqlite']),
    onFailure: (message) => output.note(`Cannot store calls, retrying: ${message}`),
  })
  output.note(summaryOf(leftovers))
  for (const file of leftovers.quarantined)
    output.note(
      `${file} was set aside: it is damaged, or the disk was too full to keep its refused calls; the rest of it is stored`,
    )
  if (leftovers.problem !== undefined) {
    throw new Error(`Not everything in ${folder} could be stored: ${leftovers.problem}`)
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0) return seconds
  throw new UsageError(`--wait "${text}" must be a positive number of seconds`)
}

function readPaths(
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

// They go back through the journal, so that none is lost if this process dies too.
function requeue(folder: string, { output }: CliContext): void {
  const { letters, done } = takeDeadLetters(folder)
  const journal = createJournal({ folder, signals: createDrainSignals(), durability: 'power', onWriter: () => {} })
  for (const { line } of letters) {
    const problem = journal.append('call', line)
    if (problem !== undefined) throw new Error(`Cannot retry refused calls: ${problem.message}`)
  }
  journal.close()
  journal.release()
  done()
  output.note(`Retrying ${countOf(letters.length, 'refused call')}`)
}

function summaryOf({ stored, deduplicated, rejected, crashed }: Leftovers): string {
  const parts = [
    `${countOf(stored, 'call')} stored`,
    ...(deduplicated > 0 ? [`${deduplicated.toLocaleString('en-US')} already stored`] : []),
    ...(crashed > 0 ? [`${countOf(crashed, 'call')} cut off by a crash`] : []),
    ...(rejected > 0 ? [`${countOf(rejected, 'call')} refused (see dead-letters.jsonl in the journal)`] : []),
  ]
  return parts.join(', ')
}
