import type { CallFilter } from '../calls/call-filter.ts'

/** Which calls a budget counts: the filters of calls, except time. */
export type BudgetScope = Omit<CallFilter, 'from' | 'to' | 'tz'>
