import type { FilterName } from '@spanledger/server/api'

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

/** Every filter, by its name in the API and in the URL of the page, with its label. */
export const FILTER_LABELS: Readonly<Record<string, string>> = LABELS

/** The names of the filters. */
export const FILTER_NAMES: readonly string[] = Object.keys(FILTER_LABELS)

/** What charts and tables can be grouped by. */
export const GROUPINGS: readonly string[] = Object.entries(IS_GROUPING).flatMap(([name, isGrouping]) =>
  isGrouping ? [name] : [],
)

/** The label of a value. In the URL and the API, an empty text asks for calls where it is not set. */
export function valueLabel(value: string | null | undefined): string {
  return value === null || value === undefined || value === '' ? '(not set)' : value
}
