/** The `experimental_telemetry` option of AI SDK 4 to 6. */
export interface TelemetryOption {
  readonly isEnabled: boolean
  readonly functionId?: string
  // Mutable, because the type of the AI SDK accepts no readonly array.
  readonly metadata?: Readonly<Record<string, string | number | boolean | string[]>>
}

/**
 * The `experimental_telemetry` option that turns on telemetry for an AI SDK 4 to 6 call, needed in bundled code:
 * `generateText({ …, experimental_telemetry: withTelemetry({ functionId: 'summarize' }) })`.
 * Given values take precedence, including `isEnabled: false`.
 */
export function withTelemetry(option: Partial<TelemetryOption> = {}): TelemetryOption {
  return { isEnabled: true, ...option }
}
