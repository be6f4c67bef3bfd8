/** Every filter, by its name in the API and in the URL of the page, with its label. */
export const FILTER_LABELS: Readonly<Record<string, string>> = {
  model: 'Model',
  provider: 'Provider',
  operation: 'Operation',
  user: 'User',
  project: 'Project',
  session: 'Session',
  company: 'Company',
  task: 'Task',
  tag: 'Tag',
  tool: 'Tool',
  status: 'Status',
  kind: 'Kind',
  callType: 'Call type',
  service: 'Service',
  environment: 'Environment',
  trace: 'Trace',
}

/** The names of the filters. */
export const FILTER_NAMES: readonly string[] = Object.keys(FILTER_LABELS)

/** What charts and tables can be grouped by. */
export const GROUPINGS: readonly string[] = FILTER_NAMES.filter((name) => !['trace', 'session', 'task'].includes(name))

/** The label of a value. In the URL and the API, an empty text asks for calls where it is not set. */
export function valueLabel(value: string | null | undefined): string {
  return value === null || value === undefined || value === '' ? '(not set)' : value
}
