import { setTimeout as sleep } from 'node:timers/promises'
import { diag, DiagLogLevel, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { Call } from '@spanledger/core'
import { type UsageValues, withUsage } from '@spanledger/otel'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { consume } from '../conformance/scenarios/consume.ts'
import { agent, agentOptions, askAgent, DIALECTS, distinct, runAgent, scenario, SILENT, SILENT_AGENT } from './agent.ts'

const VALUES = {
  operation: 'summarize',
  projectId: 'project-1',
  userId: 'bob',
  sessionId: 'session-9',
  companyId: 'acme',
  taskId: 'task-3',
  requestId: 'request-7',
  tags: ['beta'],
  metadata: { plan: 'pro' },
} satisfies UsageValues

const COLUMNS = {
  operation: 'summarize',
  project_id: 'project-1',
  user_id: 'bob',
  session_id: 'session-9',
  company_id: 'acme',
  task_id: 'task-3',
  request_id: 'request-7',
  tags: ['beta'],
  metadata: { plan: 'pro' },
} satisfies Partial<Call>

const WHO = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]

describe.each(DIALECTS)('withUsage around an agent of dialect %s', (variant) => {
  test('reaches every row inside, tools and sub-agents included', async () => {
    const { rows } = await runAgent(variant, SILENT_AGENT, { around: (run) => withUsage(VALUES, run) })
    expect(rows.filter(({ kind }) => kind === 'run')).toHaveLength(2)
    expect(rows.filter(({ kind }) => kind === 'tool')).toHaveLength(1)
    expect(rows.filter(({ kind }) => kind === 'model')).toHaveLength(3)
    expect(distinct(rows, ...WHO)).toEqual([COLUMNS])
    expect(distinct(rows, 'run_id')).toHaveLength(1)
  })

  test('yields to what the call says, and unites tags and metadata', async () => {
    const metadata = { userId: 'ada', tags: ['test'], tier: 'gold', plan: 'free' }
    const speaking = agent(({ telemetry }) => telemetry({ metadata }))
    const { rows } = await runAgent(variant, speaking, { around: (run) => withUsage(VALUES, run) })
    expect(distinct(rows, ...WHO)).toEqual([
      { ...COLUMNS, user_id: 'ada', tags: ['beta', 'test'], metadata: { plan: 'free', tier: 'gold' } },
    ])
  })

  test('yields to the one inside it', async () => {
    const inner = { userId: 'eve', tags: ['nested'], metadata: { step: 2 } }
    const { rows } = await runAgent(variant, SILENT_AGENT, {
      around: (run) => withUsage(VALUES, () => withUsage(inner, run)),
    })
    expect(distinct(rows, ...WHO)).toEqual([
      { ...COLUMNS, user_id: 'eve', tags: ['beta', 'nested'], metadata: { plan: 'pro', step: 2 } },
    ])
  })

  test('around a tool only reaches the agent in it', async () => {
    const within = scenario('within', (context) => {
      const silent = context.telemetry(SILENT)
      const ask = () => withUsage({ userId: 'eve' }, () => askAgent(context, silent))
      return context.sdk.ai.generateText(agentOptions(context, silent, ask))
    })
    const { rows } = await runAgent(variant, within, { around: (run) => withUsage(VALUES, run) })
    const users = Object.groupBy(rows, ({ user_id }) => String(user_id))
    expect(Object.keys(users).sort()).toEqual(['bob', 'eve'])
    expect(users['eve']?.map(({ kind }) => kind).sort()).toEqual(['model', 'run'])
    expect(distinct(rows, 'project_id')).toEqual([{ project_id: 'project-1' }])
  })

  test('in a tool goes before what the call around says', async () => {
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' }
    const callItself = async () => trace.getTracer('own').startSpan('chat', { attributes: chat }).end()
    const within = scenario('within', (context) => {
      const telemetry = context.telemetry({ metadata: { userId: 'ada' } })
      const tool = () => withUsage({ userId: 'eve' }, callItself)
      return context.sdk.ai.generateText(agentOptions(context, telemetry, tool))
    })
    const { rows } = await runAgent(variant, within)
    const users = rows.map(({ sdk, user_id }) => `${sdk === 'own' ? 'own' : 'ai'} ${user_id}`)
    expect([...new Set(users)].sort()).toEqual(['ai ada', 'own eve'])
  })

  test('does not mix calls that run at the same time', async () => {
    const users = Array.from({ length: 8 }, (_, index) => `user-${index}`)
    const crowd = scenario('crowd', ({ sdk, model, telemetry }) =>
      Promise.all(
        users.map((userId, index) =>
          withUsage({ userId, requestId: userId }, async () => {
            await sleep(index % 3)
            return sdk.ai.generateText({ model: model(), prompt: userId, ...telemetry(SILENT) })
          }),
        ),
      ),
    )
    const { rows } = await runAgent(variant, crowd)
    expect(rows).toHaveLength(16)
    expect(distinct(rows, 'user_id', 'request_id')).toEqual(users.map((user) => ({ user_id: user, request_id: user })))
    for (const row of rows) expect(row.content?.question ?? row.user_id).toBe(row.user_id)
  })

  test('reaches the steps of a stream that is read after it has returned', async () => {
    const streaming = scenario('streaming', async (context) => {
      const options = agentOptions(context, context.telemetry(SILENT), async () => 'Tea is hot.')
      const answer = withUsage(VALUES, () => context.sdk.ai.streamText(options))
      await sleep(20)
      await consume(answer)
    })
    const { rows } = await runAgent(variant, streaming)
    expect(rows.filter(({ kind }) => kind === 'model')).toHaveLength(2)
    expect(distinct(rows, ...WHO)).toEqual([COLUMNS])
  })

  test('yields to an attribute that the application sets on the span', async () => {
    const attributes = { 'user.id': 'carol', 'spanledger.tags': ['mine'] }
    const processors = [onStart((span) => span.setAttributes(attributes))]
    const speaking = agent(({ telemetry }) => telemetry({ metadata: { userId: 'ada' } }))
    const { rows } = await runAgent(variant, speaking, { processors, around: (run) => withUsage(VALUES, run) })
    expect(distinct(rows, 'user_id', 'tags', 'project_id')).toEqual([
      { user_id: 'carol', tags: ['beta', 'mine'], project_id: 'project-1' },
    ])
  })

  test('not there: what the run says holds for what is in it, and goes before the resource', async () => {
    const resource = resourceFromAttributes({
      'user.id': 'service',
      'session.id': 'process',
      'spanledger.project_id': 'all',
    })
    const onRun = onStart(
      (span) => isRoot(span) && span.setAttributes({ 'user.id': 'carol', 'spanledger.operation': 'chat' }),
    )
    const { rows } = await runAgent(variant, SILENT_AGENT, { processors: [onRun], provider: { resource } })
    expect(distinct(rows, 'user_id', 'session_id', 'project_id', 'operation')).toEqual([
      { user_id: 'carol', session_id: 'process', project_id: 'all', operation: 'chat' },
    ])
  })

  test('not there: the operation is the functionId of the nearest agent', async () => {
    const named = agent(({ telemetry }, functionId) => telemetry({ functionId, metadata: {} }))
    const { rows } = await runAgent(variant, named)
    const operations = rows.map(({ kind, operation }) => `${kind} ${operation}`).sort()
    expect(operations).toEqual([
      'model researcher',
      'model summarize',
      'model summarize',
      'run researcher',
      'run summarize',
      'tool summarize',
    ])
  })
})

describe('withUsage', () => {
  const SAID = Symbol.for('spanledger.usage.unsupported')
  const forget = () => Reflect.deleteProperty(globalThis, SAID)

  beforeEach(forget)

  afterEach(() => {
    forget()
    diag.disable()
  })

  test('without a context manager says once that it cannot work, and the calls work', async () => {
    const said: string[] = []
    const logger = {
      verbose: () => {},
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (message: string) => void said.push(message),
    }
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
    const around = (run: () => Promise<unknown>) => withUsage(VALUES, () => withUsage({ userId: 'eve' }, run))
    const { error, rows } = await runAgent('6', SILENT_AGENT, { contextManager: false, around })
    expect(error).toBeUndefined()
    expect(rows.filter(({ kind }) => kind === 'model')).toHaveLength(3)
    expect(distinct(rows, 'user_id')).toEqual([{ user_id: null }])
    expect(said).toEqual([expect.stringMatching(/withUsage cannot reach AI spans.*call register\(\)/)])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'bob'],
    ['a getter that throws', Object.defineProperty({}, 'userId', { get: explode })],
    ['other types', { userId: { id: 1 }, tags: 'beta', metadata: [1], operation: Symbol('x') }],
  ])('given %s, does the work all the same', async (_, values) => {
    const around = (run: () => Promise<unknown>) =>
      withUsage(values as UsageValues, () => withUsage(values as UsageValues, run))
    const { rows } = await runAgent('7-optin', SILENT_AGENT, { around })
    expect(distinct(rows, 'user_id', 'tags', 'metadata', 'operation')).toEqual([
      { user_id: null, tags: null, metadata: null, operation: null },
    ])
  })

  test('takes numbers for ids, and is not changed by what becomes of its values', async () => {
    const values = { userId: 42 as never, tags: ['one'], metadata: { a: 1 } }
    const around = (run: () => Promise<unknown>) =>
      withUsage(values, () => {
        values.tags.push('two')
        values.metadata.a = 2
        return run()
      })
    const { rows } = await runAgent('7-optin', SILENT_AGENT, { around })
    expect(distinct(rows, 'user_id', 'tags', 'metadata')).toEqual([
      { user_id: '42', tags: ['one'], metadata: { a: 1 } },
    ])
  })

  test('gives back what the work gives back, and passes on what it throws', () => {
    expect(withUsage(VALUES, () => 7)).toBe(7)
    expect(() => withUsage(VALUES, explode)).toThrow('hostile')
  })
})

function explode(): never {
  throw new Error('hostile')
}

type StartedSpan = Parameters<SpanProcessor['onStart']>[0]

function onStart(change: (span: StartedSpan) => unknown): SpanProcessor {
  return { onStart: (span) => void change(span), onEnd: () => {}, forceFlush: async () => {}, shutdown: async () => {} }
}

function isRoot(span: StartedSpan): boolean {
  return span.parentSpanContext === undefined
}
