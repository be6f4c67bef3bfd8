import {
  type Call,
  CALL_COLUMNS,
  type CallContent,
  type CallLog,
  type ColumnRule,
  CONTENT_COLUMNS,
  misfit,
} from '@spanledger/core'
import { cleanJson, cleanText } from './clean-text.ts'
import {
  CALL_COLUMN_NAMES,
  type CallRow,
  CONTENT_COLUMN_NAMES,
  type ContentColumns,
  JSON_COLUMNS,
  JSON_CONTENT_COLUMNS,
} from './tables.ts'

/** What a column can be given in every database. */
export type ColumnValue = string | number | null

/** A call as the store holds it. */
export type StoredCall = Call & CallLog

/** A row of `calls`; with what was said in it where `content_seq`, the key of that row, is there. */
export type JoinedRow = CallRow & Partial<ContentColumns> & { readonly content_seq?: number | null }

interface Column {
  readonly name: string
  readonly rule: ColumnRule<unknown>
  readonly isJson: boolean
}

const CALL_RULES = CALL_COLUMN_NAMES.map((name): Column => ({
  name,
  rule: CALL_COLUMNS[name],
  isJson: includes(JSON_COLUMNS, name),
}))
const CONTENT_RULES = CONTENT_COLUMN_NAMES.map((name): Column => ({
  name,
  rule: CONTENT_COLUMNS[name],
  isJson: includes(JSON_CONTENT_COLUMNS, name),
}))

/** The values of a call in the order of `CALL_COLUMN_NAMES`. Throws what does not fit, so that no row is poison. */
export function toCallValues(call: Call): ColumnValue[] {
  const hasRepeats = call.tags !== null && new Set(call.tags).size < call.tags.length
  return valuesOf(hasRepeats ? { ...call, tags: [...new Set(call.tags)] } : call, CALL_RULES, '')
}

/** The values of what was said in the order of `CONTENT_COLUMN_NAMES`. Throws as `toCallValues` does. */
export function toContentValues(content: CallContent): ColumnValue[] {
  return valuesOf(content, CONTENT_RULES, 'content.')
}

/** The call that a row holds. */
export function fromRow(row: JoinedRow): StoredCall {
  const call: Record<string, unknown> = {}
  for (const name of CALL_COLUMN_NAMES) call[name] = row[name]
  for (const name of JSON_COLUMNS) call[name] = parsed(row[name])
  call['content'] = row.content_seq === undefined || row.content_seq === null ? null : contentOf(row)
  call['created_at'] = row.created_at
  call['ingest_seq'] = row.ingest_seq
  return call as unknown as StoredCall // the row has every column, and JSON is parsed again
}

function contentOf(row: JoinedRow): CallContent {
  const content: Record<string, unknown> = {}
  for (const name of CONTENT_COLUMN_NAMES) content[name] = row[name]
  for (const name of JSON_CONTENT_COLUMNS) content[name] = parsed(row[name])
  return content as unknown as CallContent // as above
}

function parsed(json: string | null | undefined): unknown {
  return json === null || json === undefined ? null : JSON.parse(json)
}

function valuesOf(from: object, columns: readonly Column[], path: string): ColumnValue[] {
  const given = from as Readonly<Record<string, unknown>> // its columns are read and checked one by one
  return columns.map(({ name, rule, isJson }) => {
    const value = rule.parse(given[name])
    if (value === undefined) throw new Error(misfit(path + name, given[name], rule.expected))
    if (value === null || typeof value === 'number') return isJson && value !== null ? String(value) : value
    return isJson || typeof value !== 'string' ? cleanJson(value) : cleanText(value)
  })
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name)
}
