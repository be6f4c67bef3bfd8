import { copyFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../provider-server/index.ts'
import { query, runApp } from '../run-app.ts'

let server: ProviderServer

beforeEach(async () => {
  server = await startProviderServer()
})

afterEach(() => server.close())

/** Puts an application where the packages of a major are found. */
function appIn(major: number, file: string, ...others: readonly string[]): string {
  const folder = `test/conformance/ai-${major}/node_modules/.spanledger-apps`
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  mkdirSync(`${root}${folder}`, { recursive: true })
  for (const name of [file, ...others]) {
    copyFileSync(`${root}test/spanledger/apps/${name}`, `${root}${folder}/${name}`)
  }
  return `${folder}/${file}`
}

const ROWS = `select input_tokens, output_tokens, cache_read_tokens, reasoning_tokens from calls
  where billable = 1 order by started_at, ingest_seq`

describe.each([4, 5, 6])('AI SDK %i without a line of code', (major) => {
  test.each(['four-to-six.mjs', 'four-to-six.cjs'])(
    'every call of %s is recorded with all of its tokens, but for the one that says no',
    async (file) => {
      const run = await runApp({
        app: appIn(major, file),
        inItsFolder: true,
        parameters: [server.openai, server.google],
      })
      expect(run.stderr).toBe('')
      expect(run.code).toBe(0)
      const billed = server.calls().map(({ billed }) => ({
        input_tokens: billed?.inputTokens ?? null,
        output_tokens: billed?.outputTokens ?? null,
        cache_read_tokens: billed?.cacheReadTokens ?? null,
        reasoning_tokens: billed?.reasoningTokens ?? null,
      }))
      expect(billed).toHaveLength(5)
      expect(query(run.database, ROWS)).toEqual(
        // A chat stream of version 4 asks the provider for no usage, so none was on the wire.
        billed.slice(0, 4),
      )
    },
  )
})

describe.each([4, 5, 6])('AI SDK %i loaded before register()', (major) => {
  test.each(['late.mjs', 'late.cjs'])('%s is told of it, once, with the ways out', async (file) => {
    const run = await runApp({
      app: appIn(major, file),
      inItsFolder: true,
      preload: false,
      parameters: [server.openai, 'say it'],
    })
    const warnings = run.stderr.match(/AI SDK (\d)\S+ was loaded before register\(\).*/g) ?? []
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`AI SDK ${major}.`)
    expect(warnings[0]).toContain('node --import spanledger/register app.js')
    expect(warnings[0]).toContain('await import()')
    expect(warnings[0]).toContain('withTelemetry()')
    expect(query(run.database, ROWS)).toHaveLength(server.calls().length)
  })

  test('an application that loads it after register() is told nothing', async () => {
    const run = await runApp({
      app: appIn(major, 'in-time.mjs', 'four-to-six.mjs'),
      inItsFolder: true,
      preload: false,
      parameters: [server.openai, server.google],
    })
    expect(run.stderr).toBe('')
    expect(query(run.database, ROWS)).toHaveLength(4)
  })
})
