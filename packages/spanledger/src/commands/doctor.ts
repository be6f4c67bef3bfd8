import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addDatabaseOption, type DatabaseOption, readDatabase } from '../cli-database.ts'
import { addFormatOption } from '../cli-format.ts'
import { countOf } from '../output/numbers.ts'
import { printable } from '../output/printable.ts'
import type { Finding } from './doctor/check.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkEndpoint } from './doctor/check-endpoint.ts'
import { checkPackages } from './doctor/check-packages.ts'
import { checkSources } from './doctor/check-sources.ts'
import { roundTrip } from './doctor/round-trip.ts'

interface DoctorOptions extends DatabaseOption {
  readonly format: 'table' | 'json'
  readonly roundTrip: boolean
}

const MARKS: Readonly<Record<Finding['state'], string>> = { good: '✓', bad: '✗', unknown: '–' }
const MAX_LENGTH = 500

export function addDoctorCommand(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('Looks for what keeps calls from the ledger: what is wrong, why, how to mend it.')
    .option('--no-round-trip', 'send no test span')
  addFormatOption(command, ['table', 'json'])
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Run it where your application runs, with the same environment. The test span becomes a run named "spanledger-doctor"
that costs nothing. Exit code 1 if anything is wrong.`,
  )
  command.action((options: DoctorOptions) => examine(options, context))
}

async function examine(options: DoctorOptions, context: CliContext): Promise<void> {
  const { environment, workingFolder, now, output } = context
  const database = readDatabase(options, context)
  const findings: Finding[] = [
    ...checkPackages(workingFolder),
    ...checkSources(workingFolder, environment),
    ...(await checkEndpoint(environment, now)),
    ...(await checkDatabase(database)),
  ]
  if (options.roundTrip) findings.push(await roundTrip(database, context))
  await output.write(
    options.format === 'json' ? `${JSON.stringify({ findings }, undefined, 2)}\n` : findings.map(textOf).join(''),
  )
  const problems = findings.filter(({ state }) => state === 'bad').length
  if (problems > 0) throw new Error(`${countOf(problems, 'problem')} found`)
}

function textOf({ state, what, why, fix }: Finding): string {
  const line = (mark: string, text: string | undefined): string =>
    text === undefined ? '' : `${mark} ${printable(text, MAX_LENGTH)}\n`
  return line(MARKS[state], what) + line(' ', why) + line('  →', fix)
}
