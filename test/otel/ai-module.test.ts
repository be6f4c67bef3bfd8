import { trace } from '@opentelemetry/api'
import { instrumentAIModule } from '@spanledger/otel'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { capture } from '../conformance/capture.ts'
import { loadSdk, type Major, type Model, type Options, type Sdk } from '../conformance/sdk.ts'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'

interface Agent {
  generate(options: Options): Promise<{ readonly text: string }>
}
type AgentClass = new (settings: Options) => Agent
type Methods = Record<string, (options: unknown) => Promise<unknown>>

/** A model as provider packages make it: what it does is out of a proxy's reach. */
class PrivateModel {
  readonly specificationVersion: unknown
  readonly provider: string
  readonly modelId: string
  readonly supportedUrls = {}
  readonly defaultObjectGenerationMode = 'json'
  readonly #inner: Methods
  calls = 0

  constructor(model: Model) {
    this.#inner = model as Methods
    const { specificationVersion, provider, modelId } = model as Record<string, unknown>
    this.specificationVersion = specificationVersion
    this.provider = String(provider)
    this.modelId = String(modelId)
  }

  async doGenerate(options: unknown): Promise<unknown> {
    this.calls += 1
    return this.#inner['doGenerate']!(options)
  }
}

describe.each([4, 5, 6] satisfies Major[])('the ai module of AI SDK %i', (major) => {
  let server: ProviderServer
  let sdk: Sdk
  let ai: Sdk['ai']
  let model: Model

  beforeEach(async () => {
    server = await startProviderServer()
    sdk = await loadSdk(major)
    ai = { ...sdk.ai, ...instrumentAIModule({ ...sdk.ai }) }
    model = sdk.createOpenAI({ baseURL: server.openai, apiKey: 'none' }).chat('gpt-4.1-mini')
  })

  afterEach(() => server.close())

  /** Names of the spans of a call, and what it gave or threw. */
  async function traced<T>(call: () => Promise<T>) {
    let result: T | undefined
    const { spans, error } = await capture({ settleMs: 0 }, async () => {
      result = await call()
    })
    return { spans: spans.map(({ name }) => name), result, error }
  }

  const TRACED = ['ai.generateText.doGenerate', 'ai.generateText']

  test.each<[string, (options: Options) => Options]>([
    ['plain options', (options) => options],
    ['frozen options', (options) => Object.freeze(options)],
    ['options without a prototype', (options) => Object.assign(Object.create(null), options)],
    [
      'options with getters',
      ({ prompt, ...options }) => Object.defineProperty(options, 'prompt', { enumerable: true, get: () => prompt }),
    ],
    ['options with a prototype', ({ prompt, ...options }) => Object.assign(Object.create({ prompt }), options)],
    ['no telemetry', (options) => ({ ...options, experimental_telemetry: undefined })],
    [
      'telemetry that says nothing of being on',
      (options) => ({ ...options, experimental_telemetry: { functionId: 'f' } }),
    ],
  ])('with %s, is traced and answers as without us', async (_, prepare) => {
    const { spans, result } = await traced(() => ai.generateText(prepare({ model, prompt: 'Why?' })))
    expect(spans).toEqual(TRACED)
    const untouched = await sdk.ai.generateText(prepare({ model, prompt: 'Why?' }))
    expect({ text: result?.text, usage: result?.usage }).toEqual({ text: untouched.text, usage: untouched.usage })
  })

  test('is not traced where the call says no', async () => {
    const options = { model, prompt: 'Why?', experimental_telemetry: { isEnabled: false } }
    expect((await traced(() => ai.generateText(options))).spans).toEqual([])
  })

  test('where the call says no, a span of the application around it stays as it was', async () => {
    server.next({ error: { status: 400 } })
    const options = { model, prompt: 'Why?', maxRetries: 0, experimental_telemetry: { isEnabled: false } }
    const { spans } = await capture({ settleMs: 0 }, () =>
      trace.getTracer('app').startActiveSpan('request', async (span) => {
        await Promise.allSettled([ai.generateText(options)])
        await ai.generateText(options)
        span.end()
      }),
    )
    expect(spans.map(({ name, attributes }) => ({ name, attributes }))).toEqual([{ name: 'request', attributes: {} }])
  })

  test.each<[string, unknown]>([
    ['no options', undefined],
    ['null', null],
    ['a text', 'Why?'],
    ['no model', { prompt: 'Why?' }],
    ['the id of a model that nobody serves', { model: 'nobody/nothing', prompt: 'Why?', maxRetries: 0 }],
    ['a model that is none', { model: {}, prompt: 'Why?' }],
  ])('with %s, throws what it throws without us', async (_, options) => {
    const thrownBy = async (module: Sdk['ai']) => {
      try {
        await module.generateText(options as Options)
        return undefined
      } catch (error) {
        return error as Error
      }
    }
    const expected = await thrownBy(sdk.ai)
    expect(expected).toBeInstanceOf(Error)
    const thrown = await thrownBy(ai)
    expect({ name: thrown?.name, message: thrown?.message }).toEqual({
      name: expected?.name,
      message: expected?.message,
    })
  })

  test('calls a model once, whose own error comes through as it is', async () => {
    const failure = new Error('the model is on fire')
    let calls = 0
    const failing = Object.assign(new PrivateModel(model), {
      doGenerate: () => {
        calls += 1
        throw failure
      },
    })
    const { error } = await traced(() => ai.generateText({ model: failing, prompt: 'Why?', maxRetries: 0 }))
    expect(error).toBe(failure)
    expect(calls).toBe(1)
  })

  test('calls a model with private fields once, on itself', async () => {
    const own = new PrivateModel(model)
    const { spans, result } = await traced(() => ai.generateText({ model: own, prompt: 'Why?' }))
    expect({ spans, calls: own.calls, text: result?.text }).toMatchObject({ spans: TRACED, calls: 1 })
    expect(result?.text).not.toBe('')
  })

  test('takes a frozen model', async () => {
    const inner = new PrivateModel(model)
    const { specificationVersion, provider, modelId, supportedUrls } = inner
    const doGenerate = (options: unknown) => inner.doGenerate(options)
    const frozen = Object.freeze({ specificationVersion, provider, modelId, supportedUrls, doGenerate })
    const { spans } = await traced(() => ai.generateText({ model: frozen, prompt: 'Why?' }))
    expect({ spans, calls: inner.calls }).toEqual({ spans: TRACED, calls: 1 })
  })

  describe.runIf(major > 4)('and its agents', () => {
    const names = major === 5 ? ['Experimental_Agent'] : ['Experimental_Agent', 'ToolLoopAgent']
    const classOf = (module: object, name: string) => (module as Record<string, AgentClass>)[name]!

    test.each(names)('%s is traced', async (name) => {
      const agent = new (classOf(ai, name))({ model })
      const { spans, result } = await traced(() => agent.generate({ prompt: 'Why?' }))
      expect(spans).toEqual(TRACED)
      expect(result?.text).not.toBe('')
    })

    test.each(names)('%s is the class that it was', (name) => {
      const Original = classOf(sdk.ai, name)
      const Changed = classOf(ai, name)
      class Mine extends Changed {
        readonly mine = true
      }
      expect(new Changed({ model })).toBeInstanceOf(Original)
      expect(new Original({ model })).toBeInstanceOf(Changed)
      expect(new Mine({ model })).toMatchObject({ mine: true })
      expect(new Mine({ model })).toBeInstanceOf(Mine)
      expect(Object.getOwnPropertyNames(Changed)).toEqual(Object.getOwnPropertyNames(Original))
    })

    test('two names of one class stay so', () => {
      const [first, last] = [names[0]!, names.at(-1)!]
      expect(classOf(ai, first) === classOf(ai, last)).toBe(classOf(sdk.ai, first) === classOf(sdk.ai, last))
    })
  })
})
