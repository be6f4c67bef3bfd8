import { countOf } from '../cli/text/numbers.ts'

/** Counts of everything read and its outcome, so that a user can check the sums. */
export interface ImportTally {
  spans: number
  /** Spans that are not AI calls. */
  otherSpans: number
  /** Spans of steps: they connect calls and have no row of their own. */
  steps: number
  callLines: number
  /** Requests with logs or metrics. */
  otherRequests: number
  stored: number
  deduplicated: number
  rejected: number
}

export function createImportTally(): ImportTally {
  return {
    spans: 0,
    otherSpans: 0,
    steps: 0,
    callLines: 0,
    otherRequests: 0,
    stored: 0,
    deduplicated: 0,
    rejected: 0,
  }
}

/** The import as one line: `Imported 3 calls from 7 spans (2 not AI, 1 step): 3 new, 0 already there, 1 rejected`. */
export function tallyText(tally: ImportTally): string {
  const { steps, otherRequests } = tally
  const count = (value: number) => value.toLocaleString('en-US')
  const aside = steps > 0 ? `, ${countOf(steps, 'step')}` : ''
  const spans = `${countOf(tally.spans, 'span')} (${count(tally.otherSpans)} not AI${aside})`
  const lines = countOf(tally.callLines, 'call line')
  const from = tally.callLines === 0 ? spans : tally.spans === 0 ? lines : `${lines} and ${spans}`
  const skipped = otherRequests > 0 ? `; skipped ${countOf(otherRequests, 'request')} with logs or metrics` : ''
  return (
    `Imported ${countOf(tally.stored + tally.deduplicated, 'call')} from ${from}: ` +
    `${count(tally.stored)} new, ${count(tally.deduplicated)} already there, ${count(tally.rejected)} rejected${skipped}`
  )
}
