import {
  type Call,
  CALL_COLUMN_NAMES,
  CALL_COLUMNS,
  type CallColumn,
  type CallContent,
  type CallLog,
  type ColumnRule,
  CONTENT_COLUMN_NAMES,
  CONTENT_COLUMNS,
  emptyCall,
  misfit,
  errorMessageOf,
} from '@spanledger/core'
import { cleanJson, cleanText } from '../sql/clean-text.ts'
import {
  type CallColumns,
  type CallRow,
  type ContentColumns,
  JSON_COLUMNS,
  JSON_CONTENT_COLUMNS,
} from '../sql/tables.ts'

/** What a column can be given in every database. */
export type ColumnValue = string | number | null

/** A call as the store holds it. */
export type StoredCall = Call & CallLog

/** A row of `calls`; with what was said in it where `content_seq`, the key of that row, is there. */
export type JoinedRow = CallRow & Partial<ContentColumns> & { readonly content_seq?: number | null }

interface CheckedColumn {
  readonly name: string
  readonly rule: ColumnRule<unknown>
  readonly isJson: boolean
  readonly isNullable: boolean
  /** Takes any text. */
  readonly isText: boolean
}

const CALL_RULES = CALL_COLUMN_NAMES.map((name) => checkedColumn(name, CALL_COLUMNS[name], JSON_COLUMNS))
const COLUMN_PLACES = Object.fromEntries(CALL_COLUMN_NAMES.map((name, index) => [name, index])) as Readonly<
  Record<CallColumn, number>
> // every name is there
const TRACE_ID = CALL_COLUMN_NAMES.indexOf('trace_id')
const SPAN_ID = CALL_COLUMN_NAMES.indexOf('span_id')
const ID_PLACES = (['trace_id', 'span_id', 'parent_span_id', 'run_id'] as const).map((name) => ({
  name,
  place: CALL_COLUMN_NAMES.indexOf(name),
}))
const NO_CALL: Call = emptyCall({ traceId: '', spanId: '' }, 0)
const PROJECT_ID = CALL_COLUMN_NAMES.indexOf('project_id')
const CONTENT_RULES = CONTENT_COLUMN_NAMES.map((name) =>
  checkedColumn(name, CONTENT_COLUMNS[name], JSON_CONTENT_COLUMNS),
)

/** A call as the database takes it: every value checked, ids in lower case, texts well-formed. */
export interface EncodedCall {
  readonly traceId: string
  readonly spanId: string
  readonly projectId: string | null
  /** In the order of `CALL_COLUMN_NAMES`. */
  readonly values: readonly ColumnValue[]
  /** In the order of `CONTENT_COLUMN_NAMES`. */
  readonly content: readonly ColumnValue[] | undefined
  /** The call that was encoded, where it has the same ids. */
  readonly call?: Call | undefined
}

/** A call that no database takes. */
export interface Misfit {
  readonly reason: string
}

/** Checks a call and encodes its values. Returns a misfit instead of throwing, so one call cannot block a batch. */
export function encodeCall(call: Call): EncodedCall | Misfit {
  try {
    const values = toCallValues(call)
    return {
      call: ID_PLACES.every(({ name, place }) => call[name] === values[place]) ? call : undefined,
      traceId: String(values[TRACE_ID]),
      spanId: String(values[SPAN_ID]),
      projectId: values[PROJECT_ID] === null ? null : String(values[PROJECT_ID]),
      values,
      content: call.content === null ? undefined : toContentValues(call.content),
    }
  } catch (error) {
    return { reason: errorMessageOf(error) }
  }
}

/** The projects that calls belong to, each once. */
export function projectIdsOf(calls: readonly EncodedCall[]): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const { projectId } of calls) if (projectId !== null) ids.add(projectId)
  return ids
}

/** A stored call as it would be encoded, with its content where that is given. */
export function encodedOfRow(row: CallRow, content?: ContentColumns): EncodedCall {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    projectId: row.project_id,
    values: CALL_COLUMN_NAMES.map((name) => row[name]),
    content: content && CONTENT_COLUMN_NAMES.map((name) => content[name]),
  }
}

/** One column of a call as it is stored. */
export function columnOf<Name extends CallColumn>({ values }: EncodedCall, name: Name): CallColumns[Name] {
  return values[COLUMN_PLACES[name]] as CallColumns[Name] // its place holds what its rule has let through
}

/** The call as it would come back from the database. */
export function decodeCall({ values, content }: EncodedCall): Call {
  const row: Record<string, unknown> = {}
  for (const [index, name] of CALL_COLUMN_NAMES.entries()) row[name] = values[index]
  for (const [index, name] of CONTENT_COLUMN_NAMES.entries()) row[name] = content?.[index] ?? null
  row['content_seq'] = content === undefined ? null : 0
  return fromRow(row as unknown as JoinedRow) // every column of a call has just been set
}

/** Whether two lists of values are the same. */
export function isEqual(a: readonly ColumnValue[], b: readonly ColumnValue[]): boolean {
  return a.every((value, index) => value === b[index])
}

/** The values of a call in the order of `CALL_COLUMN_NAMES`. Throws what does not fit. */
export function toCallValues(call: Call): ColumnValue[] {
  return valuesOf(hasRepeats(call.tags) ? { ...call, tags: [...new Set(call.tags)] } : call, CALL_RULES, '')
}

/** The values of what was said in the order of `CONTENT_COLUMN_NAMES`. Throws what does not fit. */
export function toContentValues(content: CallContent): ColumnValue[] {
  // A caller from JavaScript, or a call line, may pass anything.
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new Error(misfit('content', content, 'an object or null'))
  }
  return valuesOf(content, CONTENT_RULES, 'content.')
}

/** The call that a row holds. */
export function fromRow(row: JoinedRow): StoredCall {
  // A copy that is filled in place; an object that gets its columns one by one becomes a hash table, which is slower.
  const call: Record<string, unknown> = { ...NO_CALL }
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

function parsed(json: ColumnValue | undefined): unknown {
  return typeof json === 'string' ? JSON.parse(json) : null
}

function hasRepeats(tags: readonly string[] | null): boolean {
  return Array.isArray(tags) && tags.some((tag, index) => tags.indexOf(tag) !== index)
}

function checkedColumn(name: string, rule: ColumnRule<unknown>, jsonColumns: readonly string[]): CheckedColumn {
  const isJson = jsonColumns.includes(name)
  return { name, rule, isJson, isNullable: rule.parse(null) === null, isText: !isJson && rule.parse('any') === 'any' }
}

// The hottest loop of a write, so what most columns of most calls are, NULL or some text, takes a short cut.
function valuesOf(from: object, columns: readonly CheckedColumn[], path: string): ColumnValue[] {
  const given = from as Readonly<Record<string, unknown>> // its columns are read and checked one by one
  return columns.map((column) => {
    const value = given[column.name]
    if (value === null && column.isNullable) return null
    if (typeof value === 'string' && column.isText) return cleanText(value)
    return valueOf(value, column, path)
  })
}

function valueOf(given: unknown, { name, rule, isJson }: CheckedColumn, path: string): ColumnValue {
  const value = rule.parse(given)
  if (value === undefined) throw new Error(misfit(path + name, given, rule.expected))
  if (value === null) return null
  return isJson ? cleanJson(value) : (value as string | number) // the rules of the other columns return nothing else
}
