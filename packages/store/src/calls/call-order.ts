import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { type CallPageRequest, CALL_SORTS, type CallSort } from './paging.ts'
import { QueryError } from '../query-error.ts'
import { unknownCursor, wholeNumberOf } from '../sql/read-cursor.ts'
import type { CallRow } from '../sql/tables.ts'

/** A sort order of calls, and the position in it at which a page begins. */
export interface CallOrder {
  readonly isAfter: RawBuilder<SqlBool>
  readonly orderBy: RawBuilder<unknown>
  /** The cursor of the page that begins after this call. */
  cursorOf(call: Pick<CallRow, SortColumn>): string
}

type SortColumn = (typeof SORT_COLUMNS)[CallSort] | 'ingest_seq'

const SORT_COLUMNS = {
  startedAt: 'started_at',
  costNanoUsd: 'cost_nano_usd',
  durationMs: 'duration_ms',
  totalTokens: 'total_tokens',
  ingestSeq: 'ingest_seq',
} as const satisfies Readonly<Record<CallSort, keyof CallRow>>

const UNKNOWN = 'unknown'

/** The order of a requested page. Throws a `QueryError` for an unknown order or cursor. */
export function callOrderOf({ sort = 'startedAt', order = 'desc', cursor }: CallPageRequest): CallOrder {
  if (!CALL_SORTS.includes(sort)) {
    const hint = `use ${CALL_SORTS.join(', ')}`
    throw new QueryError(`Unknown order "${sort as string}"`, { code: 'unknown_value', field: 'sort', hint })
  }
  const name = SORT_COLUMNS[sort]
  const column = sql.ref(`calls.${name}`)
  const direction = order === 'asc' ? sql`asc` : sql`desc`
  const prefix = `${sort}~${order}~`
  return {
    isAfter: cursor === undefined ? sql`1 = 1` : isAfter(name, positionOf(cursor, { prefix, name }), order),
    // `nulls last` keeps the database from using an index.
    orderBy: isAlwaysKnown(name)
      ? sql`${column} ${direction}, calls.ingest_seq ${direction}`
      : sql`${column} ${direction} nulls last, calls.ingest_seq ${direction}`,
    cursorOf: (call) => `${prefix}${call[name] ?? UNKNOWN}~${call.ingest_seq}`,
  }
}

interface SortPosition {
  readonly value: number | null
  readonly ingestSeq: number
}

function positionOf(
  cursor: string,
  { prefix, name }: { readonly prefix: string; readonly name: SortColumn },
): SortPosition {
  const [, text = '', seq] = /^([\d.e+-]{1,30}|unknown)~(\d+)$/.exec(cursor.slice(prefix.length)) ?? []
  const value = valueOf(text, name)
  const ingestSeq = wholeNumberOf(seq)
  if (!cursor.startsWith(prefix) || value === undefined || ingestSeq === undefined) throw unknownCursor()
  return { value, ingestSeq }
}

// Undefined for a value that the column cannot hold, because the database would reject the query.
function valueOf(text: string, name: SortColumn): number | null | undefined {
  if (text === UNKNOWN) return isAlwaysKnown(name) ? undefined : null
  const number = Number(text)
  return (name === 'duration_ms' ? Number.isFinite(number) : Number.isSafeInteger(number)) ? number : undefined
}

function isAfter(name: SortColumn, { value, ingestSeq }: SortPosition, order: 'asc' | 'desc'): RawBuilder<SqlBool> {
  const column = sql.ref(`calls.${name}`)
  const beyond = order === 'asc' ? sql`>` : sql`<`
  if (value === null) return sql`(${column} is null and calls.ingest_seq ${beyond} ${ingestSeq})`
  const known = sql<SqlBool>`(${column}, calls.ingest_seq) ${beyond} (${value}, ${ingestSeq})`
  return isAlwaysKnown(name) ? known : sql`(${known} or ${column} is null)`
}

function isAlwaysKnown(name: SortColumn): boolean {
  return name === 'started_at' || name === 'ingest_seq'
}
