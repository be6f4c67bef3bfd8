import { type Call, type CallColumn, type CallColumns, type CallContent, callId } from './call.ts'
import { CALL_COLUMNS, CONTENT_COLUMNS } from './column-table.ts'
import { mergedBy } from './column-names.ts'
import { STATUS_RANK } from './call-words.ts'
import { EMPTY_CONTENT, NULL_COLUMNS } from './empty-call.ts'
import { compareUsage } from './merge-usage.ts'
import { compareNullable, compareText, known, longest, lowest, mergeObject, mergeTags } from './merge-values.ts'

// Every group below is decided by what stands in the group itself, never by the rest of its version: a merged call
// holds values of several versions, so an order that looked outside would depend on which two met first. Each group
// keeps the greatest by a total order with "unknown" at the bottom, and so the whole is commutative, associative and
// idempotent. `compare` functions return a positive number when the first is to be kept.

interface Group {
  readonly columns: readonly CallColumn[]
  compare(a: Call, b: Call): number
}

const GROUPS: readonly Group[] = [
  { columns: mergedBy(CALL_COLUMNS, 'position'), compare: comparePosition },
  { columns: mergedBy(CALL_COLUMNS, 'kind'), compare: compareKind },
  { columns: mergedBy(CALL_COLUMNS, 'model'), compare: compareModel },
  { columns: mergedBy(CALL_COLUMNS, 'tokens', 'money', 'repricing'), compare: compareUsage },
  { columns: mergedBy(CALL_COLUMNS, 'outcome'), compare: compareOutcome },
]

const KNOWN = mergedBy(CALL_COLUMNS, 'known')
const TAGS = mergedBy(CALL_COLUMNS, 'tags')
const OBJECTS = mergedBy(CALL_COLUMNS, 'object')
const LOWEST = mergedBy(CALL_COLUMNS, 'lowest')

const LONGEST_PARTS = mergedBy(CONTENT_COLUMNS, 'longest')
const KNOWN_PARTS = mergedBy(CONTENT_COLUMNS, 'known')
const OBJECT_PARTS = mergedBy(CONTENT_COLUMNS, 'object')

/**
 * Joins two versions of one call: what is known beats NULL; an ended version's outcome beats an open one's; tokens and
 * the money they cost come from one version, the one with the better source; a re-priced cost outlives a redelivery.
 * What still differs is decided by comparing the values, so that any number of versions in any order and with any
 * repeats give the same call.
 */
export function mergeCall(a: Call, b: Call): Call {
  if (callId(a) !== callId(b)) throw new Error(`Calls ${callId(a)} and ${callId(b)} are not versions of one call`)
  const merged = { ...NULL_COLUMNS, content: mergeContent(a.content, b.content) } as Writable<Call> // all columns are set below
  keepKnown(merged, KNOWN, a, b)
  for (const name of TAGS) merged[name] = mergeTags(a[name], b[name])
  for (const name of OBJECTS) merged[name] = mergeObject(a[name], b[name])
  for (const name of LOWEST) put(merged, name, lowest(a[name], b[name]))
  for (const { columns, compare } of GROUPS) {
    const order = compare(a, b)
    const first = order < 0 ? b : a
    // Equal versions of a group may each know what the other does not. A lesser one adds nothing: a call that went well
    // after all must not keep the error of the version that had given it up.
    keepKnown(merged, columns, first, order === 0 ? b : first)
  }
  return merged
}

type Writable<Columns> = { -readonly [Name in keyof Columns]: Columns[Name] }

function keepKnown(merged: Writable<CallColumns>, names: readonly CallColumn[], a: Call, b: Call): void {
  for (const name of names) {
    const first = a[name]
    const second = a === b ? first : b[name]
    if (first === second) {
      if (first !== null) put(merged, name, first)
    } else put(merged, name, known(first, second))
  }
}

function put<Name extends CallColumn>(merged: Writable<CallColumns>, name: Name, value: CallColumns[Name]): void {
  merged[name] = value
}

// A version that names another call as the run has seen more of the trace than one that names the call itself.
function comparePosition(a: Call, b: Call): number {
  const seen = (call: Call): number => (call.run_id === call.span_id ? 0 : 1)
  return seen(a) - seen(b) || compareText(a.run_id, b.run_id)
}

function compareKind(a: Call, b: Call): number {
  return a.billable - b.billable || compareText(a.kind, b.kind)
}

// Until the answer names its model, `model` repeats what was asked for.
function compareModel(a: Call, b: Call): number {
  return answered(a) - answered(b) || compareNullable(a.model, b.model)
}

function answered(call: Call): number {
  if (call.model === null) return 0
  return call.request_model === null || call.model === call.request_model ? 1 : 2
}

function compareOutcome(a: Call, b: Call): number {
  return (
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    compareNullable(a.ended_at, b.ended_at) ||
    compareText(a.status, b.status)
  )
}

function mergeContent(a: CallContent | null, b: CallContent | null): CallContent | null {
  if (a === null || b === null) return a ?? b
  const merged: Writable<CallContent> = { ...EMPTY_CONTENT }
  for (const name of LONGEST_PARTS) merged[name] = longest(a[name], b[name])
  for (const name of KNOWN_PARTS) merged[name] = known(a[name], b[name])
  for (const name of OBJECT_PARTS) merged[name] = mergeObject(a[name], b[name])
  return merged
}
