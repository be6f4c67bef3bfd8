import { CALL_COLUMNS } from '@spanledger/core'
import { TIME_FAULTS } from '@spanledger/core/time'
import {
  type CallFilter,
  FILTER_NAMES,
  type FilterName,
  type NumberRange,
  RANGE_NAMES,
  type RangeName,
} from '@spanledger/store'
import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { UsageError } from './error.ts'
import { parseTime, parseTimeZone } from './time.ts'

/** The filter options as commander parses them. */
export type FilterOptions = { readonly [Name in FilterName]?: readonly string[] } & {
  readonly [Name in RangeName as `${'min' | 'max'}${Capitalize<Name>}`]?: number
} & {
  readonly not?: readonly string[]
  readonly metadata?: readonly string[]
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

const RANGES: {
  readonly [Name in RangeName]: { readonly unit: string; readonly about: string; toUnit(value: number): number }
} = {
  duration: { unit: 'ms', about: 'duration in milliseconds', toUnit: (ms) => ms },
  cost: { unit: 'usd', about: 'cost in USD', toUnit: (usd) => Math.round(usd * 1e9) },
  tokens: { unit: 'tokens', about: 'total tokens', toUnit: (tokens) => tokens },
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
    command.addOption(
      new Option(`--${flagOf(name)} <${name === 'trace' ? 'id' : 'value'}>`, ABOUT[name]).argParser(collect),
    )
  }
  command
    .option('--not <filter=value>', 'leaves out calls that this filter would select: user=heidi', collect)
    .option('--metadata <key=value>', 'metadata of the call, such as tier=gold; tier=: without it', collect)
  for (const name of RANGE_NAMES) {
    const { unit, about } = RANGES[name]
    command
      .option(`--min-${name} <${unit}>`, `${about}, at least`, numberOf(`--min-${name}`))
      .option(`--max-${name} <${unit}>`, `${about}, at most`, numberOf(`--max-${name}`))
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
  return {
    filter: {
      from,
      to,
      tz: timeZone,
      ...Object.fromEntries(values),
      ...(options.not === undefined ? {} : { except: exclusionsOf(options.not) }),
      ...(options.metadata === undefined ? {} : { metadata: metadataOf(options.metadata) }),
      ...rangesOf(options),
    },
    timeZone,
  }
}

function flagOf(name: FilterName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function exclusionsOf(given: readonly string[]): CallFilter['except'] {
  const values = new Map<FilterName, (string | null)[]>()
  for (const text of given) {
    const [flag, value] = splitAt('--not', text)
    const name = FILTER_NAMES.find((known) => flagOf(known) === flag)
    if (name === undefined) {
      throw new UsageError(`Unknown filter "${flag}" in --not ${text}; use ${FILTER_NAMES.map(flagOf).join(', ')}`)
    }
    if (name === 'kind' || name === 'status') checkValues(name, [value])
    values.set(name, [...(values.get(name) ?? []), value === '' ? null : value])
  }
  return Object.fromEntries(values)
}

function metadataOf(given: readonly string[]): CallFilter['metadata'] {
  const values = new Map<string, (string | null)[]>()
  for (const text of given) {
    const [key, value] = splitAt('--metadata', text)
    values.set(key, [...(values.get(key) ?? []), value === '' ? null : value])
  }
  return Object.fromEntries(values)
}

function splitAt(option: string, text: string): [string, string] {
  const sign = text.indexOf('=')
  if (sign > 0) return [text.slice(0, sign), text.slice(sign + 1)]
  throw new UsageError(`${option} ${text} has no value; write ${option} ${text === '' ? 'name' : text}=value`)
}

function rangesOf(options: FilterOptions): Partial<Record<RangeName, NumberRange>> {
  const ranges = RANGE_NAMES.flatMap((name) => {
    const { toUnit } = RANGES[name]
    const [from, to] = [options[`min${capitalized(name)}`], options[`max${capitalized(name)}`]]
    if (from === undefined && to === undefined) return []
    return [[name, { from: from && toUnit(from), to: to && toUnit(to) }] as const]
  })
  return Object.fromEntries(ranges)
}

function capitalized<Name extends string>(name: Name): Capitalize<Name> {
  return `${name[0]?.toUpperCase()}${name.slice(1)}` as Capitalize<Name> // what the type says
}

function numberOf(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
    throw new UsageError(`${option} ${text} is not a number of 0 or more; write one such as ${option} 0.5`)
  }
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
