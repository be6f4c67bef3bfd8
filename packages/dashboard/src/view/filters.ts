import type { FilterName, FilterQuery } from '@spanledger/server/api'

const LABELS: { readonly [Name in FilterName]: string } = {
  model: 'Model',
  requestedModel: 'Requested model',
  provider: 'Provider',
  operation: 'Operation',
  user: 'User',
  project: 'Project',
  session: 'Session',
  company: 'Company',
  task: 'Task',
  tag: 'Tag',
  tool: 'Tool',
  usedTool: 'Runs that used',
  status: 'Status',
  kind: 'Kind',
  callType: 'Call type',
  service: 'Service',
  environment: 'Environment',
  trace: 'Trace',
}

// Whether charts and tables can be grouped by it: the others have a page of their own, or too many values for a chart.
const IS_GROUPING: { readonly [Name in FilterName]: boolean } = {
  model: true,
  requestedModel: true,
  provider: true,
  operation: true,
  user: true,
  project: true,
  session: false,
  company: true,
  task: false,
  tag: true,
  tool: true,
  usedTool: false,
  status: true,
  kind: true,
  callType: true,
  service: true,
  environment: true,
  trace: false,
}

type Measure<Parameter> = Parameter extends `min${infer Name}` ? Uncapitalize<Name> : never

/** A number of calls that a range can select. */
export type MeasureName = Measure<keyof FilterQuery>

interface MeasureLabels {
  readonly label: string
  readonly unit: string
}

/** The numbers that a range can select, with the unit of their parameters. */
export const MEASURES: { readonly [Name in MeasureName]: MeasureLabels } = {
  cost: { label: 'Cost', unit: 'USD' },
  duration: { label: 'Duration', unit: 'ms' },
  tokens: { label: 'Tokens', unit: 'tokens' },
}

/** Whether a name is that of a number. */
export function isMeasure(name: string | undefined): name is MeasureName {
  return name !== undefined && Object.hasOwn(MEASURES, name)
}

/** The parameter that selects by metadata, as `key=value`. */
export const METADATA = 'metadata'

/** The filters by value, by their names in the API and in the URL of the page, with their labels. */
export const VALUE_FILTERS: Readonly<Record<string, string>> = LABELS

/** What a reader filters by: values, metadata and numbers, with their labels. */
export const FILTER_SUBJECTS: Readonly<Record<string, string>> = {
  ...LABELS,
  [METADATA]: 'Metadata',
  ...Object.fromEntries(Object.entries(MEASURES).map(([name, { label }]) => [name, label])),
}

/** The parameter that leaves out what a filter by value selects. */
export function exclusionOf(name: string): string {
  return withPrefix('not', name)
}

/** The parameters of the two ends of a range. */
export function rangeEndsOf(measure: MeasureName): { readonly min: string; readonly max: string } {
  return { min: withPrefix('min', measure), max: withPrefix('max', measure) }
}

/** Every parameter that selects calls, by its name in the API and in the URL of the page, with its label. */
export const FILTER_LABELS: Readonly<Record<string, string>> = {
  ...LABELS,
  ...Object.fromEntries(Object.entries(LABELS).map(([name, label]) => [exclusionOf(name), `${label} is not`])),
  ...Object.fromEntries(
    entriesOf(MEASURES).flatMap(([name, { label }]) => {
      const { min, max } = rangeEndsOf(name)
      return [
        [min, `${label} from`],
        [max, `${label} to`],
      ]
    }),
  ),
  [METADATA]: 'Metadata',
}

const UNITS: ReadonlyMap<string, string> = new Map(
  entriesOf(MEASURES).flatMap(([name, { unit }]) =>
    Object.values(rangeEndsOf(name)).map((end) => [end, unit] as const),
  ),
)

/** The names of all those parameters. */
export const FILTER_NAMES: readonly string[] = Object.keys(FILTER_LABELS)

/** What charts and tables can be grouped by. */
export const GROUPINGS: readonly string[] = Object.entries(IS_GROUPING).flatMap(([name, isGrouping]) =>
  isGrouping ? [name] : [],
)

/** The label of a value. In the URL and the API, an empty text asks for calls where it is not set. */
export function valueLabel(value: string | null | undefined): string {
  return value === null || value === undefined || value === '' ? '(not set)' : value
}

/** The label of a parameter's value. */
export function parameterLabel(name: string, value: string): string {
  const unit = UNITS.get(name)
  if (unit !== undefined) return `${value} ${unit}`
  if (name === METADATA && value.endsWith('=')) return `${value.slice(0, -1)} ${valueLabel('')}`
  return valueLabel(value)
}

function withPrefix(prefix: string, name: string): string {
  return `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`
}

function entriesOf<Name extends string, Value>(record: { readonly [Key in Name]: Value }): [Name, Value][] {
  return Object.entries(record) as [Name, Value][] // the keys that its type has
}
