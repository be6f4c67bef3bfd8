import type { ValueFilter } from '../calls/call-filter.ts'

/** Which calls a budget counts. */
export type BudgetScope = ValueFilter
