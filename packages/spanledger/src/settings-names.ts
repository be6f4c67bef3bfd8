import { editDistance } from './edit-distance.ts'

/** The options of `register`, each with the environment variable that says the same. */
export const OPTION_VARIABLES = {
  serviceName: 'OTEL_SERVICE_NAME',
  database: 'SPANLEDGER_DATABASE',
  content: 'SPANLEDGER_CONTENT',
  prices: 'SPANLEDGER_PRICES',
  durability: 'SPANLEDGER_DURABILITY',
  enabled: 'SPANLEDGER_ENABLED',
} as const

/** An option of `register`. */
export type OptionName = keyof typeof OPTION_VARIABLES

/** Every option of `register`. */
export const OPTION_NAMES = Object.keys(OPTION_VARIABLES) as readonly OptionName[] // `OptionName` is their type

const VARIABLES = [
  ...Object.values(OPTION_VARIABLES),
  'SPANLEDGER_JOURNAL',
  'SPANLEDGER_JOURNAL_MB',
  'SPANLEDGER_JOURNAL_FULL',
  'SPANLEDGER_TOKEN',
  'SPANLEDGER_TOKENS',
] as const

/** A variable that this package reads, or one of OpenTelemetry that an option replaces. */
export type VariableName = (typeof VARIABLES)[number]

// Read by our files of deployments and examples, which may share their environment with an application.
const OF_DEPLOYMENTS = ['SPANLEDGER_URL', 'SPANLEDGER_ADMIN_TOKEN', 'SPANLEDGER_INGEST_TOKEN']

const OURS = /^SPANLEDGER_/
const MAX_NAME = 60

/** A sentence for each option that `register` does not have, with the nearest one that it has. */
export function unknownOptions(options: object): readonly string[] {
  const unknown = Object.keys(options).filter((name) => !(name in OPTION_VARIABLES))
  return unknown.map((name) => `${nearest(name, 'register has no option', OPTION_NAMES)}. It has no effect`)
}

/** A sentence for each `SPANLEDGER_*` variable that nothing reads, with the nearest one that is read. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = VARIABLES.filter((name) => OURS.test(name))
  const unknown = Object.keys(environment).filter(
    (name) => OURS.test(name) && ![...known, ...OF_DEPLOYMENTS].includes(name) && environment[name] !== undefined,
  )
  return unknown.map((name) => `${nearest(name, 'Unknown variable', known)}. It has no effect`)
}

function nearest(name: string, problem: string, known: readonly string[]): string {
  const cut = name.slice(0, MAX_NAME)
  const distances = known.map((candidate) => editDistance(cut.toLowerCase(), candidate.toLowerCase()))
  return `${problem} "${cut}"; use ${known[distances.indexOf(Math.min(...distances))]}`
}
