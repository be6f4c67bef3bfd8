import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Comparison, linesOf, startComparison } from '../comparison.ts'

const FAKE = fileURLToPath(new URL('../hostile-integration.cjs', import.meta.url))
const { HOSTILE } = createRequire(import.meta.url)(FAKE) as { readonly HOSTILE: readonly string[] }

describe('an @ai-sdk/otel that', () => {
  let comparison: Comparison

  beforeAll(async () => {
    comparison = await startComparison('every-call.ts')
  })

  afterAll(() => comparison.close())

  /** A working folder in which somebody has installed the fake. */
  function folderWithFake(): string {
    const folder = comparison.newFolder()
    const installed = join(folder, 'node_modules/@ai-sdk/otel')
    mkdirSync(installed, { recursive: true })
    copyFileSync(FAKE, join(installed, 'index.cjs'))
    writeFileSync(join(installed, 'package.json'), '{"name":"@ai-sdk/otel","main":"index.cjs"}')
    return folder
  }

  test('works is not heard of', async () => {
    expect((await comparison.runUnharmed({})).stderr).toBe('')
  })

  test.each(HOSTILE)('%s changes no result, runs each call once and is heard of once at most', async (how) => {
    const { server } = comparison
    server.reset()
    await comparison.run({ preload: false })
    const callsAlone = server.calls().map(({ api, status }) => ({ api, status }))
    server.reset()
    const ran = await comparison.runUnharmed({ folder: folderWithFake(), env: { HOSTILE: how } })
    expect(server.calls().map(({ api, status }) => ({ api, status }))).toEqual(callsAlone)
    expect(linesOf(ran).length).toBeLessThanOrEqual(1)
    for (const line of linesOf(ran)) expect(line).toMatch(/SpanledgerWarning: spanledger: .*@ai-sdk\/otel/)
  })
})
