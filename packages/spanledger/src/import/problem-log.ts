import { countOf } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'

/** Collects problems, to print them after the progress bar is gone. */
export interface ProblemLog {
  readonly count: number
  /** `where` is a file and line, or a call. */
  add(where: string, problem: string): void
  /** One line per problem, and one for those beyond the limit. */
  lines(): readonly string[]
}

// The first reasons must not scroll away after a million broken lines.
const MAX_SHOWN = 20
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
      if (shown.length < MAX_SHOWN) shown.push(printable(`${where}: ${problem}`, MAX_LENGTH))
    },
    lines: () => (count > shown.length ? [...shown, `… and ${countOf(count - shown.length, 'more problem')}`] : shown),
  }
}
