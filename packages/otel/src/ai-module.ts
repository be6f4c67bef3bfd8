import { trace } from '@opentelemetry/api'

/** The exports of the `ai` module, whichever major. */
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

// They call the inner functions, not the exports.
const CLASSES = ['ToolLoopAgent', 'Experimental_Agent', 'Agent'] as const

/**
 * What the exports of AI SDK 4 to 6 become so that every call is traced: telemetry is on unless the call says
 * `isEnabled: false`, and what the model answered is noted on its span where the SDK leaves tokens out. Only changed
 * exports come back. Whatever fails in here, the call goes through as the application wrote it.
 */
export function instrumentAIModule(module: AIModule): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  // Two names of one class stay names of one class.
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
    // Everything else stays what it is: getters are not called here, and what comes from a prototype still does.
    const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(options)
    // An explicit `isEnabled: false` stays off.
    if (!isObject(telemetry) || !('isEnabled' in telemetry)) {
      properties['experimental_telemetry'] = valueOf({ ...(isObject(telemetry) ? telemetry : {}), isEnabled: true })
    }
    if (isLanguageModel(model)) properties['model'] = valueOf(observed(model))
    return Object.create(Object.getPrototypeOf(options) as object | null, properties) as object
  } catch {
    // Nothing that we could copy; the SDK says what is wrong with it.
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
}

function isLanguageModel(model: unknown): model is LanguageModel {
  return isObject(model) && typeof (model as { doGenerate?: unknown }).doGenerate === 'function'
}

const OBSERVED = Symbol.for('spanledger.observed')

// Methods run on the model itself: its private fields are out of a proxy's reach.
function observed(model: LanguageModel): LanguageModel {
  if (OBSERVED in model) return model
  return new Proxy(model, {
    has: (target, name) => name === OBSERVED || Reflect.has(target, name),
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || isFixed(target, name)) return value
      if (name !== 'doGenerate') return value.bind(target) as unknown
      return async (options: unknown) => {
        const answer = await target.doGenerate(options)
        noteAnswer(answer)
        return answer
      }
    },
  })
}

// A proxy must show such a property as it is, or reading it throws.
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

// The provider call's span is the active one while its model works.
function noteAnswer(answer: unknown): void {
  try {
    const { usage = {}, rawResponse, response } = answer as ModelAnswer // read only, each value checked by who reads the note
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
    // Without the note the numbers stay unknown; the answer is the application's.
  }
}

// Version 6 counts in parts: `{ total, noCache, cacheRead, cacheWrite }`.
function partOf(count: unknown, part: string): unknown {
  return typeof count === 'object' && count !== null ? (count as Record<string, unknown>)[part] : undefined
}

// Numbers and a word, whoever the provider is; never what was asked or answered.
function countsIn(body: object): Readonly<Record<string, unknown>> {
  const { usage, usageMetadata, service_tier } = body as Readonly<Record<string, unknown>> // undefined where absent
  return { usage, usageMetadata, service_tier }
}
