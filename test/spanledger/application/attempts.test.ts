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

/** Puts the application where the packages of a major are found. */
function appOf(major: number): string {
  const folder = `${major === 7 ? '' : `test/conformance/ai-${major}/`}node_modules/.spanledger-apps`
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  mkdirSync(`${root}${folder}`, { recursive: true })
  copyFileSync(`${root}test/spanledger/apps/attempts.mjs`, `${root}${folder}/attempts.mjs`)
  return `${folder}/attempts.mjs`
}

const ROWS = `select status, http_status, error_type, output_tokens, cost_nano_usd is not null as has_cost, parent_span_id
  from calls where billable = 1 order by started_at, ingest_seq`

const REFUSED = expect.stringMatching(/^AI_(APICall|Retry)Error$/) as string

describe.each([4, 5, 6, 7])('AI SDK %i', (major) => {
  describe.each(['generate', 'stream'])('%s', (how) => {
    test.each([
      ['429 then 200', [429]],
      ['500, 500, 200', [500, 500]],
      ['500 three times', [500, 500, 500]],
    ])('%s is one row for each attempt', async (_, failures) => {
      for (const status of failures) server.next({ error: { status, retryAfterMs: 1 } })
      const run = await runApp({ app: appOf(major), inItsFolder: true, parameters: [server.openai, how] })
      expect(run).toMatchObject({ code: 0, stderr: '' })
      const attempts = server.calls()
      expect(attempts).toHaveLength(3 - (failures.length === 1 ? 1 : 0))
      const rows = query(run.database, ROWS)
      expect(rows).toEqual(
        attempts.map(({ status, billed }) => {
          const went = status === 200
          // A chat stream of version 4 asks the provider for no usage.
          return {
            status: went ? 'ok' : 'error',
            http_status: went ? null : status,
            error_type: went ? null : REFUSED,
            output_tokens: went ? (billed?.outputTokens ?? null) : null,
            has_cost: went && billed !== undefined ? 1 : 0,
            parent_span_id: rows[0]?.['parent_span_id'],
          }
        }),
      )
      expect(rows[0]?.['parent_span_id']).not.toBeNull()
    })
  })
})
