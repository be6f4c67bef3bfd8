import { hidesTokens } from '../conformance-table.ts'
import type { CellVerdict } from '../judge-cell.ts'
import { cellsOf, runMatrix } from '../matrix.ts'
import type { Combination } from '../run-scenario.ts'
import { CORE_PROVIDERS } from '../scenario.ts'
import { conventionProblems } from '../semconv/check-span.ts'
import type { Variant } from '../variants.ts'
import { loadOldMinor } from './load-old-minor.ts'
import { letterOf } from './old-minors-text.ts'
import { OLD_REASONS, type OldReason } from './reasons.ts'
import { OLD_MINORS, type OldMinor } from './versions.ts'

/** What the runs on earlier versions found. */
export interface OldMinorsReport {
  /** What `CONFORMANCE.md` says of each version. */
  readonly rows: readonly (readonly string[])[]
  /** Wrong numbers, findings that nothing explains, reasons that nothing needs and invalid spans; there must be none. */
  readonly faults: readonly string[]
}

interface OldMinorRun {
  readonly row: readonly string[]
  readonly faults: readonly string[]
  readonly met: ReadonlySet<OldReason>
}

/** Runs the matrix on earlier versions of every major, installing what is not there yet. */
export async function runOldMinors(): Promise<OldMinorsReport> {
  const rows: (readonly string[])[] = []
  const faults: string[] = []
  for (const minor of OLD_MINORS) {
    const met = new Set<OldReason>()
    for (const variant of minor.variants) {
      const run = await runOldMinor(minor, variant)
      rows.push(run.row)
      faults.push(...run.faults)
      for (const reason of run.met) met.add(reason)
      console.log(run.row.join(' | '))
    }
    const idle = OLD_REASONS.filter((reason) => reason.versions.includes(minor.ai) && !met.has(reason))
    faults.push(...idle.map(({ why }) => `ai ${minor.ai}: unused reason "${why}"`))
  }
  return { rows, faults }
}

async function runOldMinor(minor: OldMinor, variant: Variant): Promise<OldMinorRun> {
  const invalid = new Set<string>()
  const { run, left } = await cellsOfMinor(minor, variant)
  const { verdicts, strays } = await runMatrix(run, (cell) => {
    for (const problem of conventionProblems(cell)) invalid.add(problem)
  })
  const cells = verdicts.map((verdict) => ({ verdict, ...explained(minor.ai, verdict) }))
  const wrong = cells.filter(({ verdict, faults }) => verdict.problems.length + faults.length > 0)
  const right = cells.filter((cell) => !wrong.includes(cell))
  const exact = right.filter(({ verdict, reasons }) => verdict.reasons.length + reasons.size === 0)
  const unknown = right.filter(({ verdict }) => isUnknown(verdict))
  const met = new Set(cells.flatMap(({ reasons }) => [...reasons]))
  const counts = [cells, exact, { length: right.length - exact.length - unknown.length }, unknown, wrong, left]
  const letters = OLD_REASONS.filter((reason) => met.has(reason)).map(({ why }) => letterOf(why))
  return {
    row: [minor.ai, variant, ...counts.map(({ length }) => String(length)), letters.join(' ') || '–'],
    faults: [
      ...grouped(cells.flatMap(({ verdict, faults }) => [...verdict.problems, ...faults])),
      ...strays.map((name) => `a span that belongs to no cell, ${name}`),
      ...invalid,
    ].map((text) => `ai ${minor.ai}, dialect ${variant}: ${text}`),
    met,
  }
}

interface OldCells {
  readonly run: readonly Combination[]
  /** What the newest version has and this one lacks. */
  readonly left: readonly Combination[]
}

async function cellsOfMinor(minor: OldMinor, variant: Variant): Promise<OldCells> {
  const sdk = await loadOldMinor(minor)
  const providers: readonly string[] = CORE_PROVIDERS
  const all = cellsOf(variant).filter(({ provider }) => providers.includes(provider))
  const lacks = ({ provider, scenario }: Combination) => minor.lacks.test(`${provider}/${scenario.name}`)
  return { run: all.filter((cell) => !lacks(cell)).map((cell) => ({ ...cell, sdk })), left: all.filter(lacks) }
}

// What the newest version of the major does not do, and why this one does.
function explained(
  ai: string,
  verdict: CellVerdict,
): { readonly reasons: ReadonlySet<OldReason>; readonly faults: readonly string[] } {
  const here = OLD_REASONS.filter(
    ({ versions, variants, providers, scenarios }) =>
      versions.includes(ai) &&
      (variants?.includes(verdict.variant) ?? true) &&
      (providers?.includes(verdict.provider) ?? true) &&
      (scenarios?.test(verdict.scenario) ?? true),
  )
  const findings = [...verdict.unlisted, ...verdict.differences]
  return {
    reasons: new Set(here.filter((reason) => findings.some((text) => reason.findings.test(text)))),
    faults: findings
      .filter((text) => !here.some((reason) => reason.findings.test(text)))
      .map((text) => `${verdict.provider}, ${verdict.scenario}: ${text}`),
  }
}

function isUnknown({ reasons, unlisted }: CellVerdict): boolean {
  return reasons.some(hidesTokens) || unlisted.some((text) => /^(input|output|cache .*|reasoning) is NULL/.test(text))
}

// The same fault in many cells is told once.
function grouped(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    const shape = text.replaceAll(/\b(\d+(\.\d+)?|[0-9a-f]{16})\b/g, 'n')
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  return [...counts].map(([shape, count]) => `${shape} (${count})`)
}
