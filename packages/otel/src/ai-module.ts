import { trace } from '@opentelemetry/api'

/** The exports of the `ai` module of any major. */
export type AIModule = Readonly<Record<string, unknown>>

type AIFunction = (options: object) => unknown
type AIClass = new (settings: object) => object

const FUNCTIONS = [
  'generateText',
  'streamText',
  'generateObject',
  'streamObject',
  'embed',
  'embedMany',
  'rerank',
] as const

// These call the inner functions, not the exports.
const CLASSES = ['ToolLoopAgent', 'Experimental_Agent', 'Agent'] as const

/**
 * Replaces exports of AI SDK 4 to 6 so that every call is traced. Telemetry is on unless the call sets `isEnabled:
 * false`, and token counts that the SDK leaves out are noted on the span. Returns only the changed exports. If anything
 * in here fails, the call runs as the application wrote it.
 */
export function instrumentAIModule(module: AIModule): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  // Two names of one class stay two names of one class.
  const wrapped = new Map<unknown, unknown>()
  const change = (name: string, wrap: (original: unknown) => unknown) => {
    const original = module[name]
    if (typeof original !== 'function') return
    if (!wrapped.has(original)) wrapped.set(original, wrap(original))
    changed[name] = wrapped.get(original)
  }
  for (const name of FUNCTIONS) change(name, (original) => wrapFunction(original as AIFunction)) // these exports take one object
  for (const name of CLASSES) change(name, (original) => wrapClass(original as AIClass)) // these exports are classes
  return changed
}

function wrapFunction(original: AIFunction): AIFunction {
  return new Proxy(original, {
    apply: (target, self, parameters: [object, ...unknown[]]) =>
      Reflect.apply(target, self, [withTelemetryOn(parameters[0]), ...parameters.slice(1)]),
  })
}

function wrapClass(original: AIClass): AIClass {
  return new Proxy(original, {
    construct: (target, parameters: [object, ...unknown[]], newTarget) =>
      Reflect.construct(target, [withTelemetryOn(parameters[0]), ...parameters.slice(1)], newTarget) as object, // of a class
  })
}

function withTelemetryOn(options: object): object {
  try {
    const { experimental_telemetry: telemetry, model } = options as {
      experimental_telemetry?: unknown
      model?: unknown
    } // read only
    // Everything else stays as is: getters are not called, and inherited members stay inherited.
    const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(options)
    const said = isObject(telemetry) && 'isEnabled' in telemetry ? Boolean(telemetry.isEnabled) : undefined
    // An explicit `isEnabled: false` stays off.
    if (said === undefined) {
      properties['experimental_telemetry'] = valueOf({ ...(isObject(telemetry) ? telemetry : {}), isEnabled: true })
    }
    // A call without a span would have its notes on a span of the application.
    if (said !== false && isLanguageModel(model)) properties['model'] = valueOf(observed(model))
    return Object.create(Object.getPrototypeOf(options) as object | null, properties) as object
  } catch {
    // Nothing that we could copy; the SDK reports what is wrong.
    return options
  }
}

function valueOf(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

interface LanguageModel {
  doGenerate(options: unknown): PromiseLike<unknown>
  doStream(options: unknown): PromiseLike<unknown>
}

function isLanguageModel(model: unknown): model is LanguageModel {
  return isObject(model) && typeof (model as { doGenerate?: unknown }).doGenerate === 'function'
}

const OBSERVED = Symbol.for('spanledger.observed')

// Methods run on the model itself, because a proxy has no private fields.
function observed(model: LanguageModel): LanguageModel {
  if (OBSERVED in model) return model
  return new Proxy(model, {
    has: (target, name) => name === OBSERVED || Reflect.has(target, name),
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || isFixed(target, name)) return value
      if (name === 'doGenerate') return observedCall((options) => target.doGenerate(options), noteUsage)
      if (name === 'doStream') return observedCall((options) => target.doStream(options))
      return value.bind(target) as unknown
    },
  })
}

type ModelMethod = (options: unknown) => PromiseLike<unknown>

function observedCall(call: ModelMethod, noteAnswer: (answer: unknown) => void = () => {}): ModelMethod {
  return async (options) => {
    try {
      const answer = await call(options)
      noteAnswer(answer)
      return answer
    } catch (error) {
      noteHttpStatus(error)
      throw error
    }
  }
}

// A proxy must return such a property unchanged, or reading it throws.
function isFixed(target: object, name: string | symbol): boolean {
  const property = Object.getOwnPropertyDescriptor(target, name)
  return property?.configurable === false && property.writable === false
}

interface ModelAnswer {
  readonly usage?: Readonly<Record<string, unknown>>
  /** Version 4. */
  readonly rawResponse?: { readonly body?: unknown }
  /** Versions 5 and 6. */
  readonly response?: { readonly body?: unknown }
}

// The span of the provider call is active while the model works.
function noteUsage(answer: unknown): void {
  try {
    const { usage = {}, rawResponse, response } = answer as ModelAnswer // only read; the reader of the note checks each value
    const body = rawResponse?.body ?? response?.body
    const note = {
      usage: {
        cacheReadTokens: partOf(usage['inputTokens'], 'cacheRead') ?? usage['cachedInputTokens'],
        cacheWriteTokens: partOf(usage['inputTokens'], 'cacheWrite'),
        reasoningTokens: partOf(usage['outputTokens'], 'reasoning') ?? usage['reasoningTokens'],
      },
      ...(isObject(body) ? { answer: countsIn(body) } : {}),
    }
    trace.getActiveSpan()?.setAttribute('spanledger.observed', JSON.stringify(note))
  } catch {
    // Without the note the counts stay unknown; the answer reaches the application unchanged.
  }
}

// The span of an attempt does not say what the provider answered to it.
function noteHttpStatus(error: unknown): void {
  try {
    const { statusCode } = error as { readonly statusCode?: unknown } // read only
    if (typeof statusCode === 'number') trace.getActiveSpan()?.setAttribute('http.response.status_code', statusCode)
  } catch {
    // Without it the row has no HTTP status; the application gets its error.
  }
}

// Version 6 counts in parts: `{ total, noCache, cacheRead, cacheWrite }`.
function partOf(count: unknown, part: string): unknown {
  return typeof count === 'object' && count !== null ? (count as Record<string, unknown>)[part] : undefined
}

// Counts and the service tier, whatever the provider; never content.
function countsIn(body: object): Readonly<Record<string, unknown>> {
  const { usage, usageMetadata, service_tier } = body as Readonly<Record<string, unknown>> // undefined where absent
  return { usage, usageMetadata, service_tier }
}
