import { trace } from '@opentelemetry/api'
import { trackAIOperation } from '@spanledger/otel'
import { describe, expect, test } from 'vitest'
import { DIALECTS, distinct, runAgent, scenario, SILENT_AGENT } from './agent.ts'

describe.each(DIALECTS)('trackAIOperation around an agent of dialect %s', (variant) => {
  test('returns what the work returned, and is one operation around everything', async () => {
    let returned: unknown
    const around = async (run: () => Promise<unknown>) => {
      returned = await trackAIOperation('generate_project_ideas', 'project-1', async () => {
        await run()
        return 'ideas'
      })
    }
    const { rows } = await runAgent(variant, SILENT_AGENT, { around })
    expect(returned).toBe('ideas')
    expect(distinct(rows, 'operation', 'project_id')).toEqual([
      { operation: 'generate_project_ideas', project_id: 'project-1' },
    ])
    const [operation, ...others] = rows.filter(({ kind }) => kind === 'operation')
    expect(others).toEqual([])
    expect(operation).toMatchObject({
      status: 'ok',
      billable: 0,
      parent_span_id: null,
      input_tokens: null,
      cost_nano_usd: null,
    })
    expect(distinct(rows, 'run_id')).toEqual([{ run_id: operation?.span_id }])
  })

  test('records what its work threw, and passes it on', async () => {
    const failure = new TypeError('no ideas left')
    const { error, rows } = await runAgent(
      variant,
      { ...SILENT_AGENT, mayThrow: true },
      { around: (work) => trackAIOperation('fail', undefined, () => work().then(() => Promise.reject(failure))) },
    )
    expect(error).toBe(failure)
    expect(rows.find(({ kind }) => kind === 'operation')).toMatchObject({
      status: 'error',
      error_type: 'TypeError',
      error_message: 'no ideas left',
      project_id: null,
    })
  })
})

describe('trackAIOperation', () => {
  const QUIET = scenario('quiet', async () => {})

  test.each([
    ['an abort', () => AbortSignal.abort().reason as unknown, { status: 'aborted', error_type: 'AbortError' }],
    ['a text', () => 'no ideas', { status: 'error' }],
    ['nothing', () => undefined, { status: 'error' }],
    ['an object that cannot be a text', () => Object.create(null) as unknown, { status: 'error' }],
  ])('passes on %s', async (_, make, expected) => {
    const thrown = make()
    const caught: unknown[] = []
    const around = () =>
      trackAIOperation('fail', 'p', () => Promise.reject(thrown)).catch((error: unknown) => void caught.push(error))
    const { rows } = await runAgent('7', QUIET, { around })
    expect(caught).toEqual([thrown])
    expect(rows).toMatchObject([{ kind: 'operation', ...expected }])
  })

  test('takes work that is not asynchronous', async () => {
    expect(await trackAIOperation('add', undefined, () => 1 + 1)).toBe(2)
    await expect(trackAIOperation('fail', undefined, () => explode())).rejects.toThrow('hostile')
  })

  test('does the work once where no span can be started', async () => {
    const provider = { getTracer: () => ({ startSpan: explode, startActiveSpan: explode }) }
    trace.setGlobalTracerProvider(provider)
    let done = 0
    try {
      expect(await trackAIOperation('work', undefined, () => (done += 1))).toBe(1)
    } finally {
      trace.disable()
    }
    expect(done).toBe(1)
  })

  test('keeps operations in operations apart', async () => {
    const around = () => trackAIOperation('outer', 'p1', () => trackAIOperation('inner', undefined, async () => {}))
    const { rows } = await runAgent('7', QUIET, { around })
    const [inner, outer] = rows
    expect(rows.map(({ operation, project_id }) => ({ operation, project_id }))).toEqual([
      { operation: 'inner', project_id: 'p1' },
      { operation: 'outer', project_id: 'p1' },
    ])
    expect(inner).toMatchObject({ parent_span_id: outer?.span_id, run_id: outer?.span_id })
  })
})

function explode(): never {
  throw new Error('hostile')
}
