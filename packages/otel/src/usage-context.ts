import { type Context, context } from '@opentelemetry/api'
import { combineAttribution, toAttribution, type Attribution } from '@spanledger/core'
import { warnSafely } from './guard.ts'

/** Who a call is for and what it is part of. Values left out are inherited from the enclosing context. */
export type UsageValues = Attribution

// Registered globally, so that two bundles of one application share the key; Next.js builds two.
const KEY = Symbol.for('spanledger.usage')
const WARNED = Symbol.for('spanledger.usage.unsupported')

/**
 * Runs `work` so that every AI span inside carries these values, including tools and sub-agents. Nested calls combine:
 * the innermost value wins, tags are united, metadata is merged by key. Returns what `work` returns.
 *
 * Needs an OpenTelemetry context manager, which `register()`, NodeSDK and `@vercel/otel` provide. Without one, `work`
 * still runs and `diag` reports once that the values are lost.
 */
export function withUsage<T>(values: UsageValues, work: () => T): T {
  const inside = context.active().setValue(KEY, combineAttribution(readValues(values), attributionIn(context.active())))
  return context.with(inside, () => {
    if (context.active() !== inside) warnOnce()
    return work()
  })
}

/** The attribution that `withUsage` set in this context. */
export function attributionIn(from: Context): Attribution | undefined {
  return from.getValue(KEY) as Attribution | undefined // only `withUsage` writes this key
}

// Copied, so that later changes to the application's object have no effect.
function readValues(values: UsageValues): Attribution | undefined {
  try {
    return toAttribution(values)
  } catch (error) {
    warnSafely('spanledger: cannot read the values of withUsage; the application is not affected', error)
    return undefined
  }
}

function warnOnce(): void {
  const slot = globalThis as { [WARNED]?: boolean }
  if (slot[WARNED] === true) return
  slot[WARNED] = true
  warnSafely(
    'spanledger: withUsage cannot reach AI spans, because no OpenTelemetry context manager is registered; ' +
      'call register() from spanledger, or give your tracer provider an AsyncLocalStorageContextManager',
  )
}
