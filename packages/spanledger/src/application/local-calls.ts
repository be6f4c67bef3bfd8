import { type Call, callId, parseCallLine } from '@spanledger/core'
import type { CallFilter } from '@spanledger/store'
import type { OpenLedger } from '../sink/open-ledgers.ts'

/** Calls by their id. */
export type CallsById = ReadonlyMap<string, Call>

/** A condition of `spend` on the value of one column. */
const COLUMNS = {
  user: 'user_id',
  project: 'project_id',
  session: 'session_id',
  company: 'company_id',
  task: 'task_id',
  operation: 'operation',
  model: 'model',
} as const

/** The billable calls of a filter that have started in this process and not ended. */
export function openCallsOf(ledgers: readonly OpenLedger[], filter: CallFilter): CallsById {
  return byId(
    ledgers.flatMap(({ openCalls }) => openCalls()),
    filter,
  )
}

/** The billable calls of a filter that have ended in this process and may not be stored yet. */
export function waitingCallsOf(ledgers: readonly OpenLedger[], filter: CallFilter): CallsById {
  return byId(
    ledgers.flatMap(({ waitingLines }) => waitingLines().flatMap(callIn)),
    filter,
  )
}

function byId(calls: readonly Call[], filter: CallFilter): CallsById {
  const counted = calls.filter((call) => call.billable === 1 && matches(call, filter))
  return new Map(counted.map((call) => [callId(call), call]))
}

// A line that is not a call will be refused by the database too.
function callIn(line: string): readonly Call[] {
  try {
    return [parseCallLine(line)]
  } catch {
    return []
  }
}

function matches(call: Call, filter: CallFilter): boolean {
  if (filter.from !== undefined && call.started_at < filter.from) return false
  if (filter.tag !== undefined && filter.tag !== null && !(call.tags ?? []).some((tag) => tag === filter.tag))
    return false
  return Object.entries(COLUMNS).every(([name, column]) => {
    const wanted = filter[name as keyof typeof COLUMNS] // the keys of COLUMNS
    if (wanted === undefined) return true
    if (name === 'model' && call.status === 'open') return mayBecome(call, wanted)
    return call[column] === wanted
  })
}

// Which model answers is known at the end. An answer may name a dated version of the model that was asked for.
function mayBecome(call: Call, model: CallFilter['model']): boolean {
  const asked = call.model ?? call.request_model
  return asked === null || (typeof model === 'string' && (model.startsWith(asked) || asked.startsWith(model)))
}
