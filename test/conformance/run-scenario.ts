import { instrumentAIModule } from '@spanledger/otel'
import { startProviderServer, type ProviderCall } from '../provider-server/index.ts'
import { capture, type Capture, type CaptureOptions } from './capture.ts'
import { dialectOf } from './dialect.ts'
import { modelsOf, type ProviderName } from './providers.ts'
import type { Scenario } from './scenario.ts'
import { loadSdk, type Sdk } from './sdk.ts'
import { createTelemetry, majorOf, type Variant } from './variants.ts'

const LIMIT_MS = 10_000

/** Which scenario is run, in which dialect, with which provider. */
export interface Combination {
  readonly scenario: Scenario
  readonly variant: Variant
  readonly provider: ProviderName
  /** Another version of the major than the one that is tested as a rule. */
  readonly sdk?: Sdk | undefined
}

/** What a scenario left behind: its spans, and what went over the wire. */
export interface Run extends Capture {
  readonly calls: readonly ProviderCall[]
}

/** Every call says these things about itself, unless it says others. */
export const METADATA = { userId: 'ada', sessionId: 'session-1', tags: ['beta', 'test'] } as const

/**
 * Runs a scenario against a provider server of its own. Rejects when it throws and may not, and when it does not
 * settle within 10 seconds.
 */
export async function runScenario(
  combination: Combination,
  options: CaptureOptions = {},
  captureWith: typeof capture = capture,
): Promise<Run> {
  const { scenario, variant, provider } = combination
  const sdk = asRegistered(variant, combination.sdk ?? (await loadSdk(majorOf(variant))))
  const server = await startProviderServer({ usual: scenario.answer })
  try {
    const model = await modelsOf(sdk, provider, server)
    const captured = await captureWith(options, () => {
      const telemetryOf = createTelemetry(variant, sdk.otel)
      const running = scenario.run({
        ...dialectOf(sdk),
        sdk,
        variant,
        provider,
        server,
        model,
        telemetry: (call) => telemetryOf({ functionId: scenario.name, metadata: METADATA, ...call }),
      })
      return withinLimit(running, `${scenario.name} with ${provider} in ${variant}`)
    })
    if (captured.error !== undefined && scenario.mayThrow !== true) throw captured.error
    return { ...captured, calls: server.calls() }
  } finally {
    await server.close()
  }
}

// What `register` makes of the `ai` module when an application loads it; version 7 needs nothing of that.
function asRegistered(variant: Variant, sdk: Sdk): Sdk {
  if (!variant.endsWith('-register') || sdk.major === 7) return sdk
  return { ...sdk, ai: { ...sdk.ai, ...instrumentAIModule({ ...sdk.ai }) } }
}

async function withinLimit(running: Promise<unknown>, what: string): Promise<unknown> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what} does not end`)), LIMIT_MS)
  return await Promise.race([running, promise]).finally(() => clearTimeout(timer))
}
