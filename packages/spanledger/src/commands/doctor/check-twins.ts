import { DAY_MS } from '@spanledger/core/time'
import type { Store, TwinCalls } from '@spanledger/store'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'

const DAYS = 7

const OURS = new Set(['ai', 'ai-legacy', 'manual'])

/** Checks whether two instrumentations reported the same calls in the last days. */
export async function checkTwins(store: Pick<Store, 'twinCalls'>, now: number): Promise<readonly Finding[]> {
  const twins = await store.twinCalls({ from: now - DAYS * DAY_MS, to: now + DAY_MS })
  if (twins.length === 0) return [good('No call is counted twice')]
  return twins.map(findingOf)
}

function findingOf({ sdks: [first, second], answers, traceId }: TwinCalls): Finding {
  const names = first === second ? `${nameOf(first)} twice` : `${nameOf(first)} and ${nameOf(second)}`
  return bad(
    `${countOf(answers, 'response')} of the last ${DAYS} days counted several times, from ${names} (such as trace ${traceId})`,
    'two instrumentations create a span each for the same call, so tokens and cost count double',
    fixOf(first, second),
  )
}

function fixOf(first: string | null, second: string | null): string {
  if (first === second) {
    return `Register ${nameOf(first)} once: look for a second registerTelemetry() or register(), or an integration of Sentry or another vendor that also registers it`
  }
  const foreign = [first, second].find((sdk) => sdk === null || !OURS.has(sdk)) ?? null
  return `Remove one, such as ${nameOf(foreign)}, from the instrumentations of NodeSDK (with Sentry: Sentry.init({ integrations: (all) => all.filter(({ name }) => name !== 'VercelAI') }))`
}

function nameOf(sdk: string | null): string {
  return sdk ?? 'an unnamed instrumentation'
}
