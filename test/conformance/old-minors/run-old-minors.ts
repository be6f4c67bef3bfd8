import { type CellVerdict, faultsOf } from '../judge-cell.ts'
import { markdownTable } from '../markdown-table.ts'
import { cellsOf, runMatrix } from '../matrix.ts'
import { CORE_PROVIDERS } from '../scenario.ts'
import { conventionProblems } from '../semconv/check-span.ts'
import { loadOldMinor } from './load-old-minor.ts'
import { OLD_MINORS, type OldMinor } from './versions.ts'

/** What the runs on earlier versions found. */
export interface OldMinorsReport {
  /** Markdown: how many cells of each version are exact, unknown or wrong. */
  readonly table: string
  /** What earlier versions do otherwise than the newest one of their major, and in how many cells. */
  readonly differences: readonly string[]
  /** Wrong numbers and invalid spans; there must be none. */
  readonly faults: readonly string[]
}

/** Runs the matrix on earlier versions of every major, installing what is not there yet. */
export async function runOldMinors(tell: (text: string) => void): Promise<OldMinorsReport> {
  const rows: (readonly string[])[] = []
  const differences: string[] = []
  const faults: string[] = []
  for (const minor of OLD_MINORS) {
    for (const variant of minor.variants) {
      const name = `ai ${minor.ai}, dialect ${variant}`
      tell(name)
      const invalid = new Set<string>()
      const { verdicts } = await runMatrix(await cellsOfMinor(minor, variant), (cell) => {
        for (const problem of conventionProblems(cell)) invalid.add(problem)
      })
      rows.push([name, ...countsOf(verdicts).map(String)])
      differences.push(
        ...grouped(verdicts.flatMap((verdict) => [...verdict.unlisted, ...verdict.differences])).map(
          (text) => `${name}: ${text}`,
        ),
      )
      const wrong = verdicts.flatMap(({ provider, scenario, problems }) =>
        problems.map((problem) => `${provider}, ${scenario}: ${problem}`),
      )
      faults.push(...[...wrong, ...invalid].map((text) => `${name}: ${text}`))
    }
  }
  return {
    table: markdownTable(['', 'cells', 'exact', 'as unknown as in the newest', 'unknown or different', 'wrong'], rows),
    differences,
    faults,
  }
}

async function cellsOfMinor(
  minor: OldMinor,
  variant: OldMinor['variants'][number],
): Promise<ReturnType<typeof cellsOf>> {
  const sdk = await loadOldMinor(minor)
  const providers: readonly string[] = CORE_PROVIDERS
  return cellsOf(variant)
    .filter(
      ({ provider, scenario }) => providers.includes(provider) && !minor.lacks.test(`${provider}/${scenario.name}`),
    )
    .map((cell) => ({ ...cell, sdk }))
}

function countsOf(verdicts: readonly CellVerdict[]): readonly number[] {
  const wrong = verdicts.filter(({ problems }) => problems.length > 0).length
  const other = verdicts.filter((verdict) => verdict.problems.length === 0 && faultsOf(verdict).length > 0).length
  const listed = verdicts.filter((verdict) => faultsOf(verdict).length === 0 && verdict.reasons.length > 0).length
  return [verdicts.length, verdicts.length - wrong - other - listed, listed, other, wrong]
}

// The same difference in many cells is told once.
function grouped(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    const shape = text
      .replaceAll(/\{.*\}/g, '…')
      .replaceAll(/"[^"]*"/g, '"…"')
      .replaceAll(/\b(\d+(\.\d+)?|[0-9a-f]{16})\b/g, 'n')
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([shape, count]) => `${shape} (${count})`)
}
