/**
 * Runs every scenario with every provider in every dialect of the AI SDK, compares each row with the HTTP traffic, and
 * writes CONFORMANCE.md. Exits 1 if a row is wrong.
 *   npm run conformance            the newest version of each major; keeps the section about earlier versions
 *   npm run conformance:all        also earlier versions, which it downloads if they are missing
 */
import { readFile, writeFile } from 'node:fs/promises'
import {
  CONFORMANCE_FILE,
  conformanceDocument,
  variantText,
  type VariantText,
} from '../test/conformance/conformance-table.ts'
import { faultsOf } from '../test/conformance/judge-cell.ts'
import { cellsOf, runMatrix } from '../test/conformance/matrix.ts'
import { oldMinorRowsIn } from '../test/conformance/old-minors/old-minors-text.ts'
import { runOldMinors } from '../test/conformance/old-minors/run-old-minors.ts'
import { VARIANTS, type Variant } from '../test/conformance/variants.ts'

const texts: Partial<Record<Variant, VariantText>> = {}
for (const variant of VARIANTS) {
  const { verdicts, strays } = await runMatrix(cellsOf(variant))
  tellFaults([
    ...verdicts.flatMap(faultsOf),
    ...strays.map((name) => `${variant}: a span that belongs to no cell, ${name}`),
  ])
  const text = variantText(variant, verdicts)
  texts[variant] = text
  console.log(text.counts.join(' | '))
}
const oldMinors = process.argv.includes('--all')
  ? await runOldMinors()
  : { rows: oldMinorRowsIn(await readFile(CONFORMANCE_FILE, 'utf8')), faults: [] }
tellFaults(oldMinors.faults)
// Each dialect has a text now.
await writeFile(CONFORMANCE_FILE, await conformanceDocument(texts as Record<Variant, VariantText>, oldMinors.rows))

function tellFaults(faults: readonly string[]): void {
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
