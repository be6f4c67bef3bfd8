import type { Variant } from '../variants.ts'

/** One earlier version of a major with the packages that were published with it. */
export interface OldMinor {
  readonly ai: string
  readonly variants: readonly Variant[]
  readonly packages: Readonly<Record<string, string>>
  /** Which `{provider}/{scenario}` these packages cannot do. */
  readonly lacks: RegExp
}

const OF_4 = ['4', '4-register'] as const
const OF_5 = ['5', '5-register'] as const
const OF_6 = ['6', '6-register'] as const
const OF_7 = ['7-legacy', '7', '7-register'] as const

/**
 * Versions that changed what is on a span, oldest first. A provider package belongs to an `ai` when both depend on the
 * same version of `@ai-sdk/provider-utils`.
 */
export const OLD_MINORS: readonly OldMinor[] = [
  // There is no Responses API yet, no structured output of generateText, and no thinking in Anthropic's answers.
  {
    ...oldMinor('4.0.0', OF_4, { openai: '1.0.1', anthropic: '1.0.0', google: '1.0.0' }),
    lacks: /^openai\/|\/output-object$|^anthropic\/reasoning$/,
  },
  oldMinor('4.1.66', OF_4, { openai: '1.2.7', anthropic: '1.1.19', google: '1.1.27' }),
  oldMinor('4.2.11', OF_4, { openai: '1.3.6', anthropic: '1.2.5', google: '1.2.5' }),
  oldMinor('5.0.0', OF_5, { openai: '2.0.2', anthropic: '2.0.0', google: '2.0.1' }),
  oldMinor('5.0.100', OF_5, { openai: '2.0.73', anthropic: '2.0.49', google: '2.0.43' }),
  oldMinor('6.0.0', OF_6, { openai: '3.0.0', anthropic: '3.0.0', google: '3.0.0' }),
  oldMinor('6.0.100', OF_6, { openai: '3.0.36', anthropic: '3.0.49', google: '3.0.33' }),
  oldMinor('6.0.200', OF_6, { openai: '3.0.69', anthropic: '3.0.82', google: '3.0.80' }),
  oldMinor('7.0.0', OF_7, { openai: '4.0.1', anthropic: '4.0.0', google: '4.0.1', otel: '1.0.0' }),
  oldMinor('7.0.66', OF_7, { openai: '4.0.43', anthropic: '4.0.39', google: '4.0.45', otel: '1.0.66' }),
]

function oldMinor(ai: string, variants: readonly Variant[], packages: Readonly<Record<string, string>>): OldMinor {
  return {
    ai,
    variants,
    lacks: /\/(speech|transcribe|decide)$/,
    packages: Object.fromEntries(Object.entries(packages).map(([name, version]) => [`@ai-sdk/${name}`, version])),
  }
}
