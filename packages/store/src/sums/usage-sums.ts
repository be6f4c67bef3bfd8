import { type AliasedRawBuilder, type RawBuilder, sql, type SqlBool } from 'kysely'
import { cappedMs, MAX_DURATION_MS } from './histogram.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import { CALL_COLUMN_NAMES, type CallColumn } from '@spanledger/core'
import { columnOf, type EncodedCall } from '../calls/call-row.ts'

/** Sums and counts as stored and returned by the database; whole numbers, so that addition and subtraction are exact. */
export type UsageSums = { readonly [Name in SumName]: number }

/** The name of a sum, and of its column in the rollups. */
export type SumName = (typeof COUNTS)[number] | `${SummedColumn}_sum` | `${SummedColumn}_known`

/** A value that is summed over the calls where it is known; `_us` are microseconds. */
export type SummedColumn = (typeof SUMMED_COLUMNS)[number]

const COUNTS = [
  'all_calls', // including those that are not billable; a group with 0 does not exist
  'calls',
  'estimated_calls',
  'unpriced_calls',
  'unknown_usage_calls',
  'errors',
  'open_calls',
  'tool_calls',
  'tool_errors',
] as const

const SUMMED_COLUMNS = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'duration_us',
  'time_to_first_token_us',
  'tool_duration_us',
] as const

/** Every sum, in the order of the rollups' columns. */
export const SUM_NAMES: readonly SumName[] = [
  ...COUNTS,
  ...SUMMED_COLUMNS.flatMap((name) => [`${name}_sum`, `${name}_known`] as const),
]

interface SummedFrom {
  readonly column: CallColumn
  readonly isDuration: boolean
  readonly ofTools: boolean
}

const IS_BILLABLE = sql`calls.billable = 1`
const IS_TOOL = sql`calls.kind = 'tool'`
const USAGE_KNOWN = sql`coalesce(calls.input_tokens, calls.output_tokens, calls.total_tokens) is not null`

/** Matches billable calls with known tokens but unknown cost. */
export const UNPRICED: RawBuilder<SqlBool> = sql`calls.billable = 1 and calls.cost_nano_usd is null and ${USAGE_KNOWN}`

const CONDITIONS: { readonly [Count in (typeof COUNTS)[number]]: RawBuilder<unknown> } = {
  all_calls: sql`1 = 1`,
  calls: IS_BILLABLE,
  estimated_calls: sql`calls.billable = 1 and calls.cost_nano_usd is not null and calls.cost_flags <> '[]'`,
  unpriced_calls: UNPRICED,
  unknown_usage_calls: sql`calls.billable = 1 and calls.cost_nano_usd is null and not (${USAGE_KNOWN})`,
  errors: sql`calls.billable = 1 and calls.status = 'error'`,
  open_calls: sql`calls.billable = 1 and calls.status = 'open'`,
  tool_calls: IS_TOOL,
  tool_errors: sql`calls.kind = 'tool' and calls.status = 'error'`,
}

/** Selects `UsageSums`, or some of them, from `calls`. */
export function callSums(functions: SqlFunctions, names = SUM_NAMES): AliasedRawBuilder<number, string>[] {
  const counts = COUNTS.map((name) => sql<number>`count(*) filter (where ${CONDITIONS[name]})`.as(name))
  const sums = SUMMED_COLUMNS.flatMap((name) => {
    const { column, condition } = summed(name, functions)
    return [
      functions.total(column, condition).as(`${name}_sum`),
      sql<number>`count(${column}) filter (where ${condition})`.as(`${name}_known`),
    ]
  })
  const all = [...counts, ...sums]
  return names.map((name) => all[INDEXES[name]]).filter((select) => select !== undefined)
}

/** Selects them from a rollup. */
export function keptSums(functions: SqlFunctions, names = SUM_NAMES): AliasedRawBuilder<number, string>[] {
  return names.map((name) => functions.total(sql.ref(`kept.${name}`)).as(name))
}

/** The index of each sum in `SUM_NAMES`. */
const INDEXES = Object.fromEntries(SUM_NAMES.map((name, index) => [name, index])) as Readonly<Record<SumName, number>> // all of them

// The values that are summed over billable calls, with the index of their column and of their sum; the count is next to it.
const BILLABLE_SUMMED = SUMMED_COLUMNS.filter((name) => !summedFrom(name).ofTools).map((name) => ({
  column: CALL_COLUMN_NAMES.indexOf(summedFrom(name).column),
  isDuration: summedFrom(name).isDuration,
  index: INDEXES[`${name}_sum`],
}))

const KIND = CALL_COLUMN_NAMES.indexOf('kind')
const BILLABLE = CALL_COLUMN_NAMES.indexOf('billable')
const STATUS = CALL_COLUMN_NAMES.indexOf('status')
const DURATION_MS = CALL_COLUMN_NAMES.indexOf('duration_ms')

/**
 * Sets `sums`, in the order of `SUM_NAMES`, to the contribution of one call. Must agree with `callSums`. Runs in every
 * write, so it reads columns by their index.
 */
export function setSumsOfCall(sums: Float64Array, call: EncodedCall): void {
  sums.fill(0)
  const { values } = call
  sums[INDEXES.all_calls] = 1
  if (values[KIND] === 'tool') setTool(sums, values)
  if (values[BILLABLE] === 0) return
  sums[INDEXES.calls] = 1
  if (values[STATUS] === 'error') sums[INDEXES.errors] = 1
  if (values[STATUS] === 'open') sums[INDEXES.open_calls] = 1
  setCostState(sums, call)
  for (const { column, isDuration, index } of BILLABLE_SUMMED) {
    const value = values[column]
    if (typeof value !== 'number') continue
    sums[index] = isDuration ? microsOf(value) : value
    sums[index + 1] = 1
  }
}

function setTool(sums: Float64Array, values: EncodedCall['values']): void {
  sums[INDEXES.tool_calls] = 1
  if (values[STATUS] === 'error') sums[INDEXES.tool_errors] = 1
  const durationMs = values[DURATION_MS]
  if (typeof durationMs !== 'number') return
  sums[INDEXES.tool_duration_us_sum] = microsOf(durationMs)
  sums[INDEXES.tool_duration_us_known] = 1
}

function setCostState(sums: Float64Array, call: EncodedCall): void {
  if (columnOf(call, 'cost_nano_usd') !== null) {
    const flags = columnOf(call, 'cost_flags')
    if (flags !== null && flags !== '[]') sums[INDEXES.estimated_calls] = 1
    return
  }
  const isUsageKnown =
    columnOf(call, 'input_tokens') !== null ||
    columnOf(call, 'output_tokens') !== null ||
    columnOf(call, 'total_tokens') !== null
  sums[isUsageKnown ? INDEXES.unpriced_calls : INDEXES.unknown_usage_calls] = 1
}

function microsOf(durationMs: number): number {
  return Math.floor(Math.min(durationMs, MAX_DURATION_MS) * 1000 + 0.5)
}

function summed(
  name: SummedColumn,
  functions: SqlFunctions,
): { readonly column: RawBuilder<unknown>; readonly condition: RawBuilder<unknown> } {
  const { column, isDuration, ofTools } = summedFrom(name)
  const ref = sql.ref(`calls.${column}`)
  return {
    column: isDuration ? functions.floor(sql`${cappedMs(ref)} * 1000 + 0.5`) : ref,
    condition: ofTools ? IS_TOOL : IS_BILLABLE,
  }
}

function summedFrom(name: SummedColumn): SummedFrom {
  if (name === 'duration_us') return { column: 'duration_ms', isDuration: true, ofTools: false }
  if (name === 'tool_duration_us') return { column: 'duration_ms', isDuration: true, ofTools: true }
  if (name === 'time_to_first_token_us') return { column: 'time_to_first_token_ms', isDuration: true, ofTools: false }
  return { column: name, isDuration: false, ofTools: false }
}
