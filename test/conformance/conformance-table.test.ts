import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { CONFORMANCE_FILE, conformanceDocument, variantTextIn } from './conformance-table.ts'
import { VARIANTS, type Variant } from './variants.ts'

test('what CONFORMANCE.md says around its tables is what the script writes; else run npm run conformance', async () => {
  const document = await readFile(CONFORMANCE_FILE, 'utf8')
  const texts = Object.fromEntries(VARIANTS.map((variant) => [variant, variantTextIn(document, variant)]))
  expect(document).toBe(await conformanceDocument(texts as Record<Variant, ReturnType<typeof variantTextIn>>))
})
