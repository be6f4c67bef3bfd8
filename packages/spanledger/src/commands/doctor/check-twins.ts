import { DAY_MS } from '@spanledger/core/time'
import type { Store, TwinCalls } from '@spanledger/store'
import { countOf } from '../../cli/text/numbers.ts'
import { bad, type Finding, good } from './check.ts'

const DAYS = 7

const OURS = new Set(['ai', 'ai-legacy', 'manual'])

/** Whether something lately reported every call a second time. */
export async function checkTwins(store: Pick<Store, 'twinCalls'>, now: number): Promise<readonly Finding[]> {
  const twins = await store.twinCalls({ from: now - DAYS * DAY_MS, to: now + DAY_MS })
  if (twins.length === 0) return [good('No call is counted twice')]
  return twins.map(findingOf)
}

function findingOf({ sdks: [first, second], answers, traceId }: TwinCalls): Finding {
  const names = first === second ? `${nameOf(first)} twice` : `${nameOf(first)} and ${nameOf(second)}`
  return bad(
    `${countOf(answers, 'answer')} of the last ${DAYS} days in several calls each, from ${names} (such as trace ${traceId})`,
    'two instrumentations make a span each of the same call, so tokens and cost count double',
    fixOf(first, second),
  )
}

function fixOf(first: string | null, second: string | null): string {
  if (first === second) {
    return `Register ${nameOf(first)} once: look for a second registerTelemetry(), register(), or an integration of Sentry or another vendor that does the same`
  }
  const foreign = [first, second].find((sdk) => sdk === null || !OURS.has(sdk)) ?? null
  return `Take one out, such as ${nameOf(foreign)}: leave it out of the instrumentations of NodeSDK (with Sentry: Sentry.init({ integrations: (all) => all.filter(({ name }) => name !== 'VercelAI') }))`
}

function nameOf(sdk: string | null): string {
  return sdk ?? 'something without a name'
}
