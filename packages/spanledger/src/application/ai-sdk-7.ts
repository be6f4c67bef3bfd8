import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Reporter } from '../reporter.ts'

type Hook = (event: unknown) => unknown
type Integration = Readonly<Record<string, Hook | undefined>>
type IntegrationsGlobal = { AI_SDK_TELEMETRY_INTEGRATIONS?: object[] }

const OURS = Symbol.for('spanledger.ai-sdk-7')

/**
 * Turns AI SDK 7 telemetry on for every call of the process. AI SDK 7 reads its integrations from a global array at each
 * call, so this works before or after `ai` is loaded, and in bundles. Where the application has registered `@ai-sdk/otel`
 * itself, its own integration does the work and this one stands back, so that no call is seen twice.
 *
 * Returns a function that takes it out again.
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
  const load = onceLoaded(reporter)
  const hooks = new Map<string, Hook>()
  return new Proxy(
    { [OURS]: true },
    {
      // The AI SDK reads each hook once per call, which is when it is known who else has registered.
      get(target, name) {
        if (typeof name !== 'string' || !/^(experimental_)?(on|execute)[A-Z]/.test(name))
          return Reflect.get(target, name)
        if (hasOtherIntegration()) return undefined
        const hook = hooks.get(name) ?? guardedHook(load, name, reporter)
        hooks.set(name, hook)
        return hook
      },
    },
  )
}

/** True when somebody registered `@ai-sdk/otel` themselves. */
function hasOtherIntegration(): boolean {
  const integrations = (globalThis as IntegrationsGlobal).AI_SDK_TELEMETRY_INTEGRATIONS
  return (
    Array.isArray(integrations) && integrations.some((integration) => !isOurs(integration) && isAISdkOtel(integration))
  )
}

function isOurs(integration: unknown): boolean {
  return typeof integration === 'object' && integration !== null && OURS in integration
}

// By its class; the second test knows it in minified bundles.
function isAISdkOtel(integration: object): boolean {
  try {
    if (/^(Legacy)?OpenTelemetry$/.test(integration.constructor?.name ?? '')) return true
    const { callStates, tracer } = integration as { callStates?: unknown; tracer?: { startSpan?: unknown } } // read only
    return callStates instanceof Map && typeof tracer?.startSpan === 'function'
  } catch {
    return false
  }
}

// Loaded at the first call: it imports `ai`, which an application on another major should not pay for.
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
        `AI SDK 7 calls are not recorded, because @ai-sdk/otel could not be loaded (${firstLine(error)}); run: npm install @ai-sdk/otel`,
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

// AI SDK 6 calls the same hooks with events that `@ai-sdk/otel` does not understand: they have no `callId`.
function guardedHook(load: Load, name: string, reporter: Reporter): Hook {
  if (/^(experimental_)?execute/.test(name)) return guardedWrapper(load, name, reporter)
  return (event) => {
    try {
      if ((event as { callId?: unknown } | undefined)?.callId === undefined) return
      const implementation = load()
      // The AI SDK waits for promises; nothing of ours may make it wait.
      ignoreRejection(implementation?.[name]?.(event))
    } catch (error) {
      warnOfFailure(reporter, name, error)
    }
  }
}

// Wrappers run the call itself. It runs once, within the wrapper where that calls it at once, and its own outcome is what
// comes back, whatever the wrapper makes of it: throw, reject, never end.
function guardedWrapper(load: Load, name: string, reporter: Reporter): Hook {
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

// Anything can be thrown, such as an object that cannot be made a text.
function firstLine(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
  } catch {
    return 'unknown error'
  }
}
