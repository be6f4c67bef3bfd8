import type { Call, Attribution } from '@spanledger/core'
import { GenAISpanProcessor, trackAIOperation, UsageSpanProcessor, withUsage } from '@spanledger/otel'
import { describe, expect, test } from 'vitest'
import { listSink } from '../conformance/ledger.ts'
import { METADATA, runScenario } from '../conformance/run-scenario.ts'
import { scenarioNamed } from '../conformance/scenarios.ts'
import type { Variant } from '../conformance/variants.ts'

/** Runs a real multi-step call inside `around`, and gives its rows. */
async function rowsInside(variant: Variant, name: string, around: (run: () => Promise<unknown>) => Promise<unknown>) {
  const rows: Call[] = []
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))])
  await runScenario({ scenario: scenarioNamed(name), variant, provider: 'openai' }, { processors: [processor], around })
  return rows
}

const VARIANTS: readonly Variant[] = ['4', '5', '6', '7-legacy', '7', '7-optin']
const OUTER: Attribution = {
  operation: 'outer',
  projectId: 'shop',
  companyId: 'acme',
  userId: 'grace',
  tags: ['outer'],
  metadata: { plan: 'pro' },
}

describe.each(VARIANTS)('withUsage around AI SDK %s', (variant) => {
  test.each(['tools', 'stream-tools', 'sub-agent', 'embed-many'])('reaches every row of %s', async (name) => {
    const rows = await rowsInside(variant, name, (run) => withUsage(OUTER, run))
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) {
      expect(row).toMatchObject({
        project_id: 'shop',
        company_id: 'acme',
        operation: 'outer',
        metadata: { plan: 'pro' },
      })
      expect(row.tags).toContain('outer')
    }
  })

  test('what is set inside holds over what is set outside, and tags add up', async () => {
    const rows = await rowsInside(variant, 'tools', (run) =>
      withUsage(OUTER, () => withUsage({ projectId: 'support', tags: ['inner'] }, run)),
    )
    for (const row of rows) {
      expect(row).toMatchObject({ project_id: 'support', company_id: 'acme' })
      expect(row.tags).toEqual(expect.arrayContaining(['inner', 'outer']))
    }
  })

  test('calls at the same time do not mix', async () => {
    const rows = await rowsInside(variant, 'tools', (run) => withUsage({ taskId: 'first' }, run))
    const others = await rowsInside(variant, 'tools', (run) => withUsage({ taskId: 'second' }, run))
    expect(new Set(rows.map((row) => row.task_id))).toEqual(new Set(['first']))
    expect(new Set(others.map((row) => row.task_id))).toEqual(new Set(['second']))
  })
})

// Version 7 drops metadata without the runtime context, so there is nothing that could go first.
test.each(['4', '5', '6', '7-legacy'] as const)(
  'in AI SDK %s its own metadata goes before withUsage',
  async (variant) => {
    const rows = await rowsInside(variant, 'generate-text', (run) => withUsage(OUTER, run))
    expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set([METADATA.userId]))
  },
)

describe('trackAIOperation', () => {
  test('puts one operation row around the calls inside', async () => {
    const rows = await rowsInside('7', 'tools', (run) => trackAIOperation('generate_ideas', 'shop', run))
    const operation = rows.find((row) => row.kind === 'operation')
    expect(operation).toMatchObject({ operation: 'generate_ideas', project_id: 'shop', status: 'ok', billable: 0 })
    expect(new Set(rows.map((row) => row.run_id))).toEqual(new Set([operation?.span_id]))
    expect(new Set(rows.map((row) => row.operation))).toEqual(new Set(['generate_ideas']))
  })

  test('gives back what the work returned', async () => {
    expect(await trackAIOperation('sum', undefined, () => 42)).toBe(42)
  })

  test('passes an error on and keeps it on the row', async () => {
    const rows = await rowsInside('7', 'generate-text', async (run) => {
      const failing = trackAIOperation('fail', 'shop', async () => {
        await run()
        throw new TypeError('nothing came of it')
      })
      await expect(failing).rejects.toThrow('nothing came of it')
    })
    expect(rows.find((row) => row.kind === 'operation')).toMatchObject({
      status: 'error',
      error_type: 'TypeError',
      error_message: 'nothing came of it',
    })
  })
})
