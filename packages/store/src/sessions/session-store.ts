import type { CallFilter } from '../calls/call-filter.ts'
import type { PageRequest } from '../calls/paging.ts'
import type { Session, SessionPage } from './session.ts'
import type { UsageLogPage } from './usage-log.ts'

/** Reads calls by conversation and by run. */
export interface SessionStore {
  /** The conversations of the calls of a filter, the most recently active first; only those calls are counted. */
  sessions(filter: CallFilter, page?: PageRequest): Promise<SessionPage>

  /** One conversation with its content, as far as the filter goes; undefined if none of these calls belongs to it. */
  session(id: string, filter?: CallFilter): Promise<Session | undefined>

  /** The rows of the view `ai_usage_logs` with a call that matches the filter, the run that started last first. */
  usageLogs(filter: CallFilter, page?: PageRequest): Promise<UsageLogPage>
}
