import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { addDatabaseOption, type DatabaseOption } from '../../cli/database.ts'
import { sentenceOf, UsageError } from '../../cli/error.ts'
import { addFormatOption } from '../../cli/format.ts'
import { databaseName, type Destination, journalFolderOf, parseDestination } from '../../destination/destination.ts'
import { countOf } from '../../cli/text/numbers.ts'
import { printable } from '../../cli/text/printable.ts'
import { readSettings, type Settings } from '../../settings.ts'
import { bad, type Finding } from './check.ts'
import { checkDestination } from './check-destination.ts'
import { checkEndpoint } from './check-endpoint.ts'
import { checkEnvironment, checkSampler } from './check-environment.ts'
import { aiMajorOf, checkPackages } from './check-packages.ts'
import { checkProbe } from './check-probe.ts'
import { checkSources } from './check-sources.ts'
import type { OtlpRequest } from './otlp-request.ts'
import { otlpSettings } from './otlp-settings.ts'
import { type ProbeOptions, type ProbeRun, runProbe } from './probe.ts'
import { waitAtEndpoint, waitForRow } from './round-trip.ts'
import { hidePasswords } from '../../destination/split-userinfo.ts'

interface DoctorOptions extends DatabaseOption {
  readonly format: 'table' | 'json'
  readonly roundTrip: boolean
  readonly import?: string
}

const MARKS: Readonly<Record<Finding['state'], string>> = { good: '✓', bad: '✗', unknown: '–' }
const MAX_LENGTH = 500

export function addDoctorCommand(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('Finds what keeps calls from the ledger: the fault, its cause and the fix.')
    .option('--import <module>', 'your own OpenTelemetry setup instead of spanledger/register: ./instrumentation.mjs')
    .option('--no-round-trip', 'send no test span')
  addFormatOption(command, ['table', 'json'])
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Run it where your application runs, with the same environment, NODE_OPTIONS included. The test span is stored as a run
named "spanledger-doctor" without cost. Exit code 1: something is wrong.`,
  )
  command.action((options: DoctorOptions) => examine(options, context))
}

async function examine(options: DoctorOptions, context: CliContext): Promise<void> {
  const { environment, workingFolder, now, output } = context
  const { settings, destination: named } = readDestination(options, context)
  const otlp = otlpSettings(environment)
  const endpoint = await checkEndpoint(otlp, now)
  const run = options.roundTrip ? await runProbe(probeOptionsOf(options), context) : undefined
  // What the application has opened counts, whatever the environment says.
  const opened = run?.probe?.ledgers ?? []
  const destination = opened[0]?.destination ?? named
  const folder = opened[0]?.journal ?? settings.journal ?? journalFolderOf(destination, workingFolder)
  const findings = [
    ...checkPackages(workingFolder),
    ...checkEnvironment(environment),
    ...checkSources(workingFolder, environment, aiMajorOf(workingFolder)),
    ...endpoint,
    ...checkNamed(options, { named, opened: opened.map((ledger) => ledger.destination) }),
    ...(await checkDestination(destination, { folder, maxBytes: settings.maxJournalBytes, now: now() })),
    ...(run === undefined
      ? [checkSampler(environment)]
      : await roundTrip(run, { destination, otlp: endpoint.some(isBad) ? undefined : otlp, context })),
  ].map(showable)
  await output.write(
    options.format === 'json' ? `${JSON.stringify({ findings }, undefined, 2)}\n` : findings.map(textOf).join(''),
  )
  const problems = findings.filter(isBad).length
  if (problems > 0) throw new Error(`${countOf(problems, 'problem')} found`)
}

function readDestination(
  { db }: DatabaseOption,
  { environment, workingFolder }: CliContext,
): { readonly settings: Settings; readonly destination: Destination } {
  try {
    const settings = readSettings({ database: db }, environment)
    return { settings, destination: parseDestination(settings.database, workingFolder, settings.token) }
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

// Findings end up in CI logs, and an error of another package may contain a URL.
function showable({ state, what, why, fix }: Finding): Finding {
  const shown = (text: string | undefined) => (text === undefined ? undefined : hidePasswords(text))
  return { state, what: hidePasswords(what), why: shown(why), fix: shown(fix) }
}

function isBad({ state }: Finding): boolean {
  return state === 'bad'
}

interface Ends {
  readonly destination: Destination
  /** Undefined if the endpoint does not answer. */
  readonly otlp: OtlpRequest | undefined
  readonly context: CliContext
}

// Without a set-up of its own, the process writes where --db says.
function probeOptionsOf({ db, import: module }: DoctorOptions): ProbeOptions {
  return { module, database: module === undefined ? db : undefined }
}

interface Destinations {
  readonly named: Destination
  readonly opened: readonly Destination[]
}

function checkNamed({ db, import: module }: DoctorOptions, { named, opened }: Destinations): readonly Finding[] {
  const names = opened.map(databaseName)
  if (db === undefined || names.length === 0 || names.includes(databaseName(named))) return []
  return [
    bad(
      `--db names ${databaseName(named)}, but the application writes to ${names.join(' and ')}`,
      `${module === undefined ? 'what NODE_OPTIONS preloads' : module} names another database; what follows is about that one`,
      'Leave out --db, or pass the same database in both places',
    ),
  ]
}

async function roundTrip(
  { probe, stderr }: ProbeRun,
  { destination, otlp, context }: Ends,
): Promise<readonly Finding[]> {
  const { workingFolder } = context
  if (probe === undefined) {
    const why = stderr === '' ? 'no tracer was registered' : stderr
    return [bad('No test span could be created', why, 'Fix what is reported above and try again')]
  }
  return [
    ...checkProbe(probe, aiMajorOf(workingFolder)),
    ...(otlp === undefined ? [] : await waitAtEndpoint(otlp, { probe, destination })),
    await waitForRow(destination, { probe, stderr }),
  ]
}

function textOf({ state, what, why, fix }: Finding): string {
  const line = (mark: string, text: string | undefined): string =>
    text === undefined ? '' : `${mark} ${printable(text, MAX_LENGTH)}\n`
  return line(MARKS[state], what) + line(' ', why) + line('  →', fix)
}
