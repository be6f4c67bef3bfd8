import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { type CallPageRequest, CALL_SORTS, type CallSort } from './paging.ts'
import type { CallRow } from '../sql/tables.ts'

/** An order of calls and where in it a page begins. */
export interface CallOrder {
  readonly isAfter: RawBuilder<SqlBool>
  readonly orderBy: RawBuilder<unknown>
  /** What asks for the calls after this one. */
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

/** The order that a page asks for. Throws what is none. */
export function callOrderOf({ sort = 'startedAt', order = 'desc', cursor }: CallPageRequest): CallOrder {
  if (!CALL_SORTS.includes(sort)) throw new Error(`Unknown order "${sort as string}"; use ${CALL_SORTS.join(', ')}`)
  const name = SORT_COLUMNS[sort]
  const column = sql.ref(`calls.${name}`)
  const direction = order === 'asc' ? sql`asc` : sql`desc`
  const prefix = `${sort}~${order}~`
  return {
    isAfter: cursor === undefined ? sql`1 = 1` : isAfter(name, placeOf(cursor, prefix), order),
    // What cannot be unknown is ordered in words that an index understands.
    orderBy: isAlwaysKnown(name)
      ? sql`${column} ${direction}, calls.ingest_seq ${direction}`
      : sql`${column} ${direction} nulls last, calls.ingest_seq ${direction}`,
    cursorOf: (call) => `${prefix}${call[name] ?? UNKNOWN}~${call.ingest_seq}`,
  }
}

interface Place {
  readonly value: number | null
  readonly ingestSeq: number
}

function placeOf(cursor: string, prefix: string): Place {
  const [, value, ingestSeq] = /^([\d.e+-]{1,30}|unknown)~(\d{1,16})$/.exec(cursor.slice(prefix.length)) ?? []
  const number = value === UNKNOWN ? null : Number(value)
  if (!cursor.startsWith(prefix) || Number.isNaN(number)) {
    throw new Error(`Unknown cursor ${JSON.stringify(cursor)}; pass the "next" of the page before as it is`)
  }
  return { value: number, ingestSeq: Number(ingestSeq) }
}

function isAfter(name: SortColumn, { value, ingestSeq }: Place, order: 'asc' | 'desc'): RawBuilder<SqlBool> {
  const column = sql.ref(`calls.${name}`)
  const beyond = order === 'asc' ? sql`>` : sql`<`
  if (value === null) return sql`(${column} is null and calls.ingest_seq ${beyond} ${ingestSeq})`
  const known = sql<SqlBool>`(${column}, calls.ingest_seq) ${beyond} (${value}, ${ingestSeq})`
  return isAlwaysKnown(name) ? known : sql`(${known} or ${column} is null)`
}

function isAlwaysKnown(name: SortColumn): boolean {
  return name === 'started_at' || name === 'ingest_seq'
}
