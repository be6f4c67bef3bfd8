import { bad, type Finding, good, unknown } from './check.ts'
import type { Probe } from './probe.ts'
import { PROBE_TRACES } from './probe-script.ts'

const AI_SDK_OTEL = /^(?:Legacy)?OpenTelemetry$/

/** Checks the tracing of a process set up like the application. `aiMajor` is the major version of its AI SDK. */
export function checkProbe(probe: Probe, aiMajor: number | undefined): readonly Finding[] {
  return [
    ...(probe.isFallback ? [fallback()] : []),
    checkContext(probe),
    ...(aiMajor === undefined || aiMajor < 7 ? [] : [checkIntegrations(probe)]),
    checkSampling(probe),
  ]
}

function fallback(): Finding {
  return unknown(
    'The modules that NODE_OPTIONS preloads set up no tracing, so spanledger/register was used',
    'To test your own setup, pass it: --import ./instrumentation.mjs',
  )
}

function checkContext({ holdsContext }: Probe): Finding {
  if (holdsContext) return good('A context manager is registered')
  return bad(
    'No context manager is registered',
    'each AI span starts its own trace, and the attribution of withUsage is lost',
    'Call register() or start NodeSDK; with your own tracer provider: provider.register({ contextManager: new AsyncLocalStorageContextManager() })',
  )
}

function checkIntegrations({ integrations }: Probe): Finding {
  const ofAISdk = integrations.filter((name) => AI_SDK_OTEL.test(name))
  if (ofAISdk.length > 1) {
    return bad(
      `@ai-sdk/otel is registered ${ofAISdk.length} times with AI SDK 7`,
      'each registration creates a span per call, so every call counts several times',
      'Call registerTelemetry once, or not at all with spanledger/register',
    )
  }
  if (integrations.length > 0) return good(`AI SDK 7 reports its calls to ${integrations.join(', ')}`)
  return bad(
    'AI SDK 7 has no telemetry integration',
    'AI SDK 7 creates no spans until one is registered',
    'Where tracing starts, call register() of spanledger, or registerTelemetry(new OpenTelemetry()) of @ai-sdk/otel',
  )
}

function checkSampling({ recorded, sampled }: Probe): Finding {
  if (recorded < PROBE_TRACES) {
    return bad(
      `Only ${recorded} of ${PROBE_TRACES} traces are recorded`,
      'calls in the other traces reach no ledger, so their cost is missing',
      'Wrap the sampler in recordUnsampled(sampler), as register() does: every call counts, and no more traces are sent',
    )
  }
  if (sampled === PROBE_TRACES) return good('Every trace is recorded and sampled')
  return good(
    `Every trace is recorded; ${sampled} of ${PROBE_TRACES} are exported over OTLP, so count calls in this ledger, not behind a collector`,
  )
}
