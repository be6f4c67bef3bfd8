import { bad, type Finding, good, unknown } from './check.ts'
import type { Probe } from './probe.ts'
import { PROBE_TRACES } from './probe-script.ts'

const AI_SDK_OTEL = /^(?:Legacy)?OpenTelemetry$/

/** What a process that is set up as the application is lacks. `aiMajor` is that of the AI SDK, if it is there. */
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
    'What NODE_OPTIONS preloads sets up no tracing, so spanledger/register was tried',
    'If your own set-up was to be tried, name it: --import ./instrumentation.mjs',
  )
}

function checkContext({ holdsContext }: Probe): Finding {
  if (holdsContext) return good('A context manager is registered')
  return bad(
    'No context manager is registered',
    'each AI span is a trace of its own, and who a call is for (withUsage) is lost',
    'Call register(), or start NodeSDK; with a tracer provider of your own: provider.register({ contextManager: new AsyncLocalStorageContextManager() })',
  )
}

function checkIntegrations({ integrations }: Probe): Finding {
  const ofAISdk = integrations.filter((name) => AI_SDK_OTEL.test(name))
  if (ofAISdk.length > 1) {
    return bad(
      `@ai-sdk/otel is registered ${ofAISdk.length} times with AI SDK 7`,
      'each one makes a span for every call, so everything counts as many times',
      'Call registerTelemetry once; spanledger/register needs no call of yours',
    )
  }
  if (integrations.length > 0) return good(`AI SDK 7 tells ${integrations.join(', ')} of its calls`)
  return bad(
    'Nothing is registered with AI SDK 7',
    'AI SDK 7 sends nothing until an integration is registered',
    'Call register() of spanledger, or registerTelemetry(new OpenTelemetry()) of @ai-sdk/otel, where tracing starts',
  )
}

function checkSampling({ recorded, sampled }: Probe): Finding {
  if (recorded < PROBE_TRACES) {
    return bad(
      `Of ${PROBE_TRACES} traces ${recorded} are recorded`,
      'the calls of the others reach no ledger, and what they cost is missing',
      'recordUnsampled(sampler) around the sampler: every call counts, and as few traces as before are sent. register() does that',
    )
  }
  if (sampled === PROBE_TRACES) return good('Every trace is recorded and sampled')
  return good(
    `Every trace is recorded; of ${PROBE_TRACES}, ${sampled} are sent on by OTLP, so count calls in this ledger and not behind a collector`,
  )
}
