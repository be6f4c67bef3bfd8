import { countOf } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'

/** Collects problems, to print them after the progress bar is gone. */
export interface ProblemLog {
  readonly count: number
  /** `where` is a file and line, or a call. */
  add(where: string, problem: string): void
  /** One line per problem with its first and last place, and one for those beyond the limit. */
  lines(): readonly string[]
}

/** Problems that differ only in their place. */
interface SameProblems {
  readonly first: string
  readonly problem: string
  count: number
  last: string
}

// The first reasons must not scroll away after a million broken lines.
const MAX_SHOWN = 20
const MAX_LENGTH = 300

export function createProblemLog(): ProblemLog {
  const groups = new Map<string, SameProblems>()
  let count = 0
  let unseen = 0
  return {
    get count() {
      return count
    },
    add(where, problem) {
      count += 1
      const kind = kindOf(problem)
      const same = groups.get(kind)
      if (same !== undefined) {
        same.count += 1
        same.last = where
      } else if (groups.size < MAX_SHOWN) groups.set(kind, { first: where, problem, count: 1, last: where })
      else unseen += 1
    },
    lines() {
      const shown = [...groups.values()].map(lineOf)
      return unseen > 0 ? [...shown, `… and ${countOf(unseen, 'more problem')}`] : shown
    },
  }
}

// What follows is a part of the broken line.
function kindOf(problem: string): string {
  return problem.startsWith('not JSON: ') ? 'not JSON' : problem
}

function lineOf({ first, problem, count, last }: SameProblems): string {
  const line = printable(`${first}: ${problem}`, MAX_LENGTH)
  return count === 1
    ? line
    : `${line} (${(count - 1).toLocaleString('en-US')} more like this, up to ${printable(last)})`
}
