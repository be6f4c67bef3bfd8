import { countOf } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'

/** Collects what could not be imported, until nothing moves on the terminal any more. */
export interface ProblemLog {
  readonly count: number
  /** `where` is a file and line, or a call. */
  add(where: string, problem: string): void
  /** A line each, and one for those that are too many to show. */
  lines(): readonly string[]
}

// A file of a million broken lines must not scroll away the first reason.
const MOST_SHOWN = 20
const MAX_LENGTH = 300

export function createProblemLog(): ProblemLog {
  const shown: string[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    add(where, problem) {
      count += 1
      if (shown.length < MOST_SHOWN) shown.push(printable(`${where}: ${problem}`, MAX_LENGTH))
    },
    lines: () => (count > shown.length ? [...shown, `… and ${countOf(count - shown.length, 'more problem')}`] : shown),
  }
}
