import { expect } from 'vitest'
import type { Report } from './apps/plan.ts'
import { journaledCalls, type Ledger, storedIds } from './ledgers.ts'

/** What the counters of an application say, and what is found where they say that it is. */
export interface Accounted {
  readonly generated: number
  readonly stored: number
  readonly rejected: number
  readonly dropped: number
  readonly journaled: number
  readonly adopted: number
}

/**
 * Asserts that every call of one application is where its counters say, found by looking: rows in the database, frames in
 * the journal, and calls that were not acknowledged. Nobody else may have written to the ledger.
 */
export async function expectAccounted(ledger: Ledger, report: Report, acked: readonly string[]): Promise<Accounted> {
  const { generated, stored, deduplicated, journaled, adopted = 0 } = report
  const dropped = countOf(report.dropped)
  const rejected = countOf(report.rejected)
  expect(stored + deduplicated + rejected + dropped + journaled + adopted).toBe(generated)
  const found = {
    acked: generated - dropped,
    stored: (await storedIds(ledger)).length,
    journaled: journaledCalls(ledger),
  }
  // Both in one, because what is journaled at the end of a process may be stored already.
  expect(found.acked).toBe(acked.length)
  expect(found.stored + found.journaled).toBeGreaterThanOrEqual(stored + journaled + adopted)
  return { generated, stored, rejected, dropped, journaled, adopted }
}

export function countOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
