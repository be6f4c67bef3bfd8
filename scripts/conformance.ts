/**
 * Runs every scenario with every provider in every dialect of the AI SDK, compares each row with what went over the wire,
 * and writes CONFORMANCE.md. Exits 1 when a row is wrong.
 */
import { writeFile } from 'node:fs/promises'
import {
  CONFORMANCE_FILE,
  conformanceDocument,
  variantText,
  type VariantText,
} from '../test/conformance/conformance-table.ts'
import { cellsOf, runMatrix } from '../test/conformance/matrix.ts'
import { VARIANTS } from '../test/conformance/variants.ts'

const texts: Record<string, VariantText> = {}
for (const variant of VARIANTS) {
  const { verdicts, strays } = await runMatrix(cellsOf(variant))
  const problems = verdicts.flatMap(({ provider, scenario, problems }) =>
    problems.map((problem) => `${variant}, ${provider}, ${scenario}: ${problem}`),
  )
  for (const problem of [...problems, ...strays.map((name) => `${variant}: a span of no cell, ${name}`)]) {
    console.error(problem)
    process.exitCode = 1
  }
  texts[variant] = variantText(variant, verdicts)
  console.log(texts[variant].counts.join(' | '))
}
await writeFile(CONFORMANCE_FILE, await conformanceDocument(texts as Record<(typeof VARIANTS)[number], VariantText>)) // one each
