import { type Context, context } from '@opentelemetry/api'
import { combineWho, toWho, type Who } from '@spanledger/core'
import { sayQuietly } from './guard.ts'

/** Who a call is for and what it is part of. Whatever is left out stays as it was outside. */
export type UsageValues = Who

// Registered, so that two bundles of one application (Next.js makes two) mean the same key.
const KEY = Symbol.for('spanledger.usage')
const SAID = Symbol.for('spanledger.usage.unsupported')

/**
 * Runs `work` so that every AI span inside carries these values, tools and sub-agents included. Nested calls add up:
 * the innermost value holds, tags are united, metadata key by key. Returns what `work` returns.
 *
 * Needs an OpenTelemetry context manager, which `register()`, NodeSDK and `@vercel/otel` bring; without one `work`
 * runs all the same and `diag` says once that the values do not arrive.
 */
export function withUsage<T>(values: UsageValues, work: () => T): T {
  const inside = context.active().setValue(KEY, combineWho(readValues(values), usageOf(context.active())))
  return context.with(inside, () => {
    if (context.active() !== inside) sayOnce()
    return work()
  })
}

/** What `withUsage` set in this context. */
export function usageOf(from: Context): Who | undefined {
  return from.getValue(KEY) as Who | undefined // only `withUsage` writes this key
}

// A copy: what becomes of the application's object later is its own business.
function readValues(values: UsageValues): Who | undefined {
  try {
    return toWho(values)
  } catch (error) {
    sayQuietly('spanledger: cannot read the values of withUsage; the application is not affected', error)
    return undefined
  }
}

function sayOnce(): void {
  const slot = globalThis as { [SAID]?: boolean }
  if (slot[SAID] === true) return
  slot[SAID] = true
  sayQuietly(
    'spanledger: withUsage cannot reach AI spans, because no OpenTelemetry context manager is registered; ' +
      'call register() from spanledger, or give your tracer provider an AsyncLocalStorageContextManager',
  )
}
