import * as otelAtRoot from '@ai-sdk/otel'
import type { Major, Options, OtelModule } from './sdk.ts'

/**
 * A dialect of AI SDK spans. `4-register` to `7-register` are as our `register` turns a major on, `7-optin` has everything
 * switched on that is off by default.
 */
export type Variant = (typeof VARIANTS)[number]

/** What a call says about itself, in words that every major has some form of. */
export interface CallTelemetry {
  readonly functionId?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly recordInputs?: boolean
  readonly recordOutputs?: boolean
}

/** Gives the options that turn telemetry on for one call; spread them into the call's options. */
export type Telemetry = (call?: CallTelemetry) => Options

/** All dialects, oldest first. */
export const VARIANTS = [
  '4',
  '4-register',
  '5',
  '5-register',
  '6',
  '6-register',
  '7-legacy',
  '7',
  '7-register',
  '7-optin',
] as const

/** The major that speaks a dialect. */
export function majorOf(variant: Variant): Major {
  return Number(variant[0]) as Major // a variant begins with its major
}

/** Telemetry options for a dialect. Make them inside `capture`: AI SDK 7 takes its tracer here. */
export function createTelemetry(variant: Variant, otel: OtelModule = otelAtRoot): Telemetry {
  if (majorOf(variant) < 7) return (call = {}) => ({ experimental_telemetry: { isEnabled: true, ...call } })
  const integrations = [integrationOf(variant, otel)]
  return ({ metadata = {}, ...call } = {}) => ({
    telemetry: { integrations, includeRuntimeContext: mapValues(metadata, () => true), ...call },
    ...(Object.keys(metadata).length > 0 && { runtimeContext: metadata }),
  })
}

function integrationOf(variant: Variant, { LegacyOpenTelemetry, OpenTelemetry }: OtelModule): object {
  if (variant === '7-legacy') return new LegacyOpenTelemetry()
  if (variant === '7') return new OpenTelemetry()
  if (variant === '7-register') {
    return new OpenTelemetry({ usage: true, providerMetadata: true, runtimeContext: true, toolChoice: true })
  }
  return new OpenTelemetry({
    usage: true,
    providerMetadata: true,
    embedding: true,
    reranking: true,
    experimental_decision: true,
    runtimeContext: true,
    headers: true,
    toolChoice: true,
    schema: true,
    agentSpanName: 'functionId',
  })
}

function mapValues(object: Options, value: () => unknown): Options {
  return Object.fromEntries(Object.keys(object).map((key) => [key, value()]))
}
