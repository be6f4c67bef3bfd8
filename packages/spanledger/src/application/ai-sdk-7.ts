import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { trace } from '@opentelemetry/api'
import { errorMessageOf } from '@spanledger/core'
import type { Reporter } from '../reporter.ts'
import { createModelAttempts, type ModelAttempts } from './model-attempts.ts'

type Hook = (event: unknown) => unknown
type Integration = Readonly<Record<string, Hook | undefined>>
type IntegrationsGlobal = { AI_SDK_TELEMETRY_INTEGRATIONS?: object[] }

const OURS = Symbol.for('spanledger.ai-sdk-7')

/**
 * Turns on AI SDK 7 telemetry for every call of the process. AI SDK 7 reads its integrations from a global array at each
 * call, so this works before or after `ai` is loaded, and in bundles. If the application has registered `@ai-sdk/otel`
 * itself, this integration does nothing, so that no call is recorded twice.
 *
 * Returns a function that removes the integration.
 */
export function enableAISdk7(reporter: Reporter): () => void {
  const slot = globalThis as IntegrationsGlobal
  const integrations = (slot.AI_SDK_TELEMETRY_INTEGRATIONS ??= [])
  if (integrations.some(isOurs)) return () => {}
  const ours = createIntegration(reporter)
  integrations.push(ours)
  return () => {
    const index = integrations.indexOf(ours)
    if (index >= 0) integrations.splice(index, 1)
  }
}

function createIntegration(reporter: Reporter): object {
  const parts = { load: onceLoaded(reporter), attempts: createModelAttempts(), reporter }
  const hooks = new Map<string, Hook>()
  return new Proxy(
    { [OURS]: true },
    {
      // The AI SDK reads each hook once per call; only then are all other integrations known.
      get(target, name) {
        if (typeof name !== 'string' || !/^(experimental_)?(on|execute)[A-Z]/.test(name))
          return Reflect.get(target, name)
        if (hasOtherIntegration()) return undefined
        const hook = hooks.get(name) ?? guardedHook(name, parts)
        hooks.set(name, hook)
        return hook
      },
    },
  )
}

/** True if the application registered `@ai-sdk/otel` itself. */
function hasOtherIntegration(): boolean {
  const integrations = (globalThis as IntegrationsGlobal).AI_SDK_TELEMETRY_INTEGRATIONS
  return (
    Array.isArray(integrations) && integrations.some((integration) => !isOurs(integration) && isAISdkOtel(integration))
  )
}

function isOurs(integration: unknown): boolean {
  return typeof integration === 'object' && integration !== null && OURS in integration
}

// By its class name, or by its fields in minified bundles.
function isAISdkOtel(integration: object): boolean {
  try {
    if (/^(Legacy)?OpenTelemetry$/.test(integration.constructor?.name ?? '')) return true
    const { callStates, tracer } = integration as { callStates?: unknown; tracer?: { startSpan?: unknown } } // read only
    return callStates instanceof Map && typeof tracer?.startSpan === 'function'
  } catch {
    return false
  }
}

// Loaded at the first call: it imports `ai`, which an application on another major does not need.
function onceLoaded(reporter: Reporter): Load {
  let loaded: Integration | undefined
  let failed = false
  return () => {
    if (loaded !== undefined || failed) return loaded
    try {
      const { OpenTelemetry } = requireFromApplication('@ai-sdk/otel') as {
        OpenTelemetry: new (options: object) => Integration
      } // the public class of that package
      loaded = new OpenTelemetry({ usage: true, providerMetadata: true, runtimeContext: true, toolChoice: true })
    } catch (error) {
      failed = true
      reporter.warn(
        'ai-sdk-otel-missing',
        `AI SDK 7 calls are not recorded: cannot load @ai-sdk/otel (${firstLine(error)}); run: npm install @ai-sdk/otel`,
      )
    }
    return loaded
  }
}

function requireFromApplication(name: string): unknown {
  try {
    return createRequire(pathToFileURL(`${process.cwd()}/`))(name)
  } catch {
    return createRequire(import.meta.url)(name)
  }
}

type Load = () => Integration | undefined

interface HookParts {
  readonly load: Load
  readonly attempts: ModelAttempts
  readonly reporter: Reporter
}

const ENDS = new Set(['onEnd', 'onError', 'onAbort'])

// AI SDK 6 calls the same hooks with events that `@ai-sdk/otel` does not understand: they have no `callId`.
function guardedHook(name: string, parts: HookParts): Hook {
  if (name === 'executeLanguageModelCall') return attemptWrapper(name, parts)
  if (/^(experimental_)?execute/.test(name)) return guardedWrapper(name, parts)
  const { load, attempts, reporter } = parts
  return (event) => {
    try {
      const { callId } = (event ?? {}) as { callId?: string } // of every event of AI SDK 7
      if (callId === undefined) return
      // The SDK reports every attempt at a stream, but only the first at a whole answer.
      if (name === 'onLanguageModelCallStart') attempts.endFailed(callId)
      if (ENDS.has(name)) attempts.forget(callId)
      const implementation = load()
      // The AI SDK awaits returned promises, so none is returned.
      ignoreRejection(implementation?.[name]?.(event))
    } catch (error) {
      warnOfFailure(reporter, name, error)
    }
  }
}

// The span of an attempt is active while it runs. A repeated one gets a span of its own.
function attemptWrapper(name: string, parts: HookParts): Hook {
  const { attempts, load, reporter } = parts
  const wrap = guardedWrapper(name, parts)
  return (event) => {
    const options = event as { callId?: string; execute: () => unknown } // the contract of AI SDK wrappers
    const { callId, execute } = options
    if (callId === undefined) return wrap(event)
    try {
      if (attempts.endFailed(callId)) ignoreRejection(load()?.['onLanguageModelCallStart']?.(event))
    } catch (error) {
      warnOfFailure(reporter, name, error)
    }
    const outside = trace.getActiveSpan()
    return wrap({ ...options, execute: () => attempts.observe(callId, execute, outside) })
  }
}

// Wrappers run the call itself. It runs exactly once, inside the wrapper if the wrapper calls it synchronously. The caller
// gets the outcome of the call, even if the wrapper throws, rejects or never ends.
function guardedWrapper(name: string, { load, reporter }: HookParts): Hook {
  return (event) => {
    const options = event as { callId?: unknown; execute: () => unknown } // the contract of AI SDK wrappers
    const call = runOnce(() => options.execute())
    try {
      const implementation = options.callId === undefined ? undefined : load()
      ignoreRejection(implementation?.[name]?.({ ...options, execute: call.run }))
    } catch (error) {
      if (!call.hasThrown(error)) warnOfFailure(reporter, name, error)
    }
    return call.run()
  }
}

function runOnce(work: () => unknown): { run(): unknown; hasThrown(error: unknown): boolean } {
  let outcome: { readonly result: unknown } | { readonly error: unknown } | undefined
  const attempt = () => {
    try {
      return { result: work() }
    } catch (error) {
      return { error }
    }
  }
  return {
    run() {
      outcome ??= attempt()
      if ('error' in outcome) throw outcome.error
      return outcome.result
    },
    hasThrown: (error) => outcome !== undefined && 'error' in outcome && outcome.error === error,
  }
}

function ignoreRejection(result: unknown): void {
  if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
    Promise.resolve(result).catch(() => {})
  }
}

function warnOfFailure(reporter: Reporter, name: string, error: unknown): void {
  reporter.warn(
    'ai-sdk-otel-failed',
    `@ai-sdk/otel failed in ${name}: ${firstLine(error)}; the AI call is not affected`,
  )
}

// Anything can be thrown, even an object that cannot become a string.
function firstLine(error: unknown): string {
  try {
    return errorMessageOf(error).split('\n', 1)[0] ?? ''
  } catch {
    return 'unknown error'
  }
}
