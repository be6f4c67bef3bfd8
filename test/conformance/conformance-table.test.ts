import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { CONFORMANCE_FILE, conformanceDocument, variantTextIn } from './conformance-table.ts'
import { OLD_MINOR_NAMES, oldMinorRowsIn } from './old-minors/old-minors-text.ts'
import { VARIANTS, type Variant } from './variants.ts'

test('what CONFORMANCE.md says around its tables is what the script writes; else run npm run conformance', async () => {
  const document = await readFile(CONFORMANCE_FILE, 'utf8')
  const texts = Object.fromEntries(VARIANTS.map((variant) => [variant, variantTextIn(document, variant)]))
  const rows = oldMinorRowsIn(document)
  expect(document).toBe(await conformanceDocument(texts as Record<Variant, ReturnType<typeof variantTextIn>>, rows))
})

test('CONFORMANCE.md has every earlier version, none with a wrong number; else run npm run conformance:all', async () => {
  const rows = oldMinorRowsIn(await readFile(CONFORMANCE_FILE, 'utf8'))
  expect(rows.map(([ai, variant, , , , , wrong]) => [ai, variant, wrong])).toEqual(
    OLD_MINOR_NAMES.map(([ai, variant]) => [ai, variant, '0']),
  )
})
