import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { CONFORMANCE_FILE, scenariosWithoutColumn, variantText, variantTextIn } from './conformance-table.ts'
import { faultsOf } from './judge-cell.ts'
import { cellsOf, type MatrixRun, runMatrix } from './matrix.ts'
import { conventionProblems } from './semconv/check-span.ts'
import { REASONS } from './undecidable.ts'
import type { Variant } from './variants.ts'

/** The conformance matrix of one dialect. One a test file, because each owns the tracer provider of its process. */
export function describeVariant(variant: Variant): void {
  describe(`dialect ${variant}`, () => {
    let run: MatrixRun
    const invalid = new Set<string>()
    beforeAll(async () => {
      run = await runMatrix(cellsOf(variant), (cell) => {
        for (const problem of conventionProblems(cell))
          invalid.add(`${cell.provider}, ${cell.scenario.name}: ${problem}`)
      })
    }, 300_000)

    test('every row says what was on the wire, or NULL where the span does not have it', () => {
      expect(run.verdicts.flatMap(faultsOf)).toEqual([])
      expect(run.strays).toEqual([])
    })

    test('every converted span is valid by the GenAI conventions, in both profiles', () => {
      expect([...invalid]).toEqual([])
    })

    test('nothing is listed as undecidable that is decided', () => {
      const met = new Set(
        run.verdicts.flatMap(({ provider, reasons }) => reasons.map((reason) => `${provider}: ${reason.why}`)),
      )
      const listed = REASONS.filter(({ variants }) => variants?.includes(variant) ?? true).flatMap(
        ({ providers = [], why }) => providers.map((provider) => `${provider}: ${why}`),
      )
      expect(listed.filter((entry) => !met.has(entry))).toEqual([])
    })

    test('CONFORMANCE.md says what was found; else run npm run conformance', async () => {
      expect(scenariosWithoutColumn(run.verdicts)).toEqual([])
      const document = await readFile(CONFORMANCE_FILE, 'utf8')
      expect(variantTextIn(document, variant)).toEqual(variantText(variant, run.verdicts))
    })
  })
}
