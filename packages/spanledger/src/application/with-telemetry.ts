/** What AI SDK 4 to 6 take as `experimental_telemetry`. */
export interface TelemetryOption {
  readonly isEnabled: boolean
  readonly functionId?: string
  // The AI SDK's own type has mutable arrays, and takes no others.
  readonly metadata?: Readonly<Record<string, string | number | boolean | string[]>>
}

/**
 * The `experimental_telemetry` option that turns an AI SDK 4 to 6 call on, for code that is bundled:
 * `generateText({ …, experimental_telemetry: withTelemetry({ functionId: 'summarize' }) })`.
 * What is given wins, an explicit `isEnabled: false` included.
 */
export function withTelemetry(option: Partial<TelemetryOption> = {}): TelemetryOption {
  return { isEnabled: true, ...option }
}
