import { CALL_COLUMNS } from '@spanledger/core'
import { TIME_FAULTS } from '@spanledger/core/time'
import { type CallFilter, FILTER_NAMES, type FilterName } from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { UsageError } from './error.ts'
import { parseTime, parseTimeZone } from './time.ts'

/** The filter options as commander parses them. */
export type FilterOptions = { readonly [Name in FilterName]?: readonly string[] } & {
  readonly since?: string
  readonly until?: string
  readonly tz?: string
}

/** Which calls a command selects, and the time zone of its days. */
export interface CliFilter {
  readonly filter: CallFilter
  readonly timeZone: string
}

/** As a kind: calls of every kind, also where a command shows only some of them by default. */
const ALL_KINDS = 'all'

const ABOUT: { readonly [Name in FilterName]: string } = {
  model: 'model that answered',
  requestedModel: 'model that was asked for',
  provider: 'GenAI provider name, such as openai',
  operation: 'operation that made the call',
  callType: 'CHAT, EMBEDDINGS …',
  project: 'project id',
  user: 'user id',
  session: 'session id',
  company: 'company id',
  task: 'task id',
  trace: 'trace id',
  tag: 'one of the tags',
  service: 'service name',
  environment: 'deployment environment',
  kind: 'model, tool, run, embedding … or all',
  status: 'ok, error, aborted …',
  tool: 'tool name: tool calls only',
  usedTool: 'tool name: every call of a run in which it was called',
}

/** Adds the options that select calls, the same for every command. */
export function addFilterOptions(command: Command, defaultSince = 'the first call'): Command {
  command
    .optionsGroup('Filters (may be repeated; an empty value selects calls where it is unknown):')
    .option(
      '--since <time>',
      `calls that started at or after this time: 24h, 7d, 2026-11-01 (default: ${defaultSince})`,
    )
    .option('--until <time>', 'calls that started before this time; a day alone is included')
    .option('--tz <zone>', 'IANA time zone of days and times (default: the time zone of this machine)')
  for (const name of FILTER_NAMES) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    command.addOption(new Option(`--${flag} <${name === 'trace' ? 'id' : 'value'}>`, ABOUT[name]).argParser(collect))
  }
  return command
}

/** Reads the filter options; throws a `UsageError` for an invalid value. */
export function readFilter(options: FilterOptions, context: CliContext, defaultSince?: string): CliFilter {
  const timeZone = options.tz === undefined ? context.timeZone : parseTimeZone(options.tz)
  const reading = { timeZone, now: context.now() }
  const since = options.since ?? (options.until === undefined ? defaultSince : undefined)
  const from = since === undefined ? undefined : parseTime(since, { ...reading, option: '--since', edge: 'start' })
  const to =
    options.until === undefined ? undefined : parseTime(options.until, { ...reading, option: '--until', edge: 'end' })
  if (from !== undefined && to !== undefined && from >= to) {
    const fault = `--until ${options.until} ${TIME_FAULTS.order} --since ${since}`
    throw new UsageError(`${fault}; swap them or widen the range`)
  }
  const isOfAllKinds = options.kind?.includes(ALL_KINDS) ?? false
  if (!isOfAllKinds) checkValues('kind', options.kind)
  checkValues('status', options.status)
  const values = FILTER_NAMES.flatMap((name) => {
    const texts = name === 'kind' && isOfAllKinds ? undefined : options[name]
    return texts === undefined ? [] : [[name, texts.map((text) => (text === '' ? null : text))] as const]
  })
  return { filter: { from, to, tz: timeZone, ...Object.fromEntries(values) }, timeZone }
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value]
}

function checkValues(name: 'kind' | 'status', values: readonly string[] | undefined): void {
  const rule = CALL_COLUMNS[name]
  const unknown = values?.find((value) => value !== '' && rule.parse(value) === undefined)
  if (unknown === undefined) return
  throw new UsageError(
    `Unknown ${name} "${unknown}"; use ${rule.expected.replace(/^one of /, '')}${name === 'kind' ? `, ${ALL_KINDS}` : ''}`,
  )
}
