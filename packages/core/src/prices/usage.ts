/** What a provider bills for one call. Absent means unknown; NaN counts as absent. */
export interface Usage {
  /** All input, including cached tokens, audio and images. */
  readonly inputTokens?: number | undefined
  /** All output, including reasoning, audio and images. */
  readonly outputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  /** All cache writes, including one-hour writes. */
  readonly cacheWriteTokens?: number | undefined
  readonly cacheWrite1hTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  readonly inputAudioTokens?: number | undefined
  readonly outputAudioTokens?: number | undefined
  /** The part of the audio input that was read from a cache. */
  readonly cacheReadAudioTokens?: number | undefined
  readonly inputImageTokens?: number | undefined
  readonly outputImageTokens?: number | undefined
  /** Generated images. */
  readonly images?: number | undefined
  /** Web searches that the provider made. */
  readonly searches?: number | undefined
  /** Billed requests; 1 if absent. */
  readonly requests?: number | undefined
  /** Characters of input, as for speech. */
  readonly characters?: number | undefined
  /** Seconds of audio, possibly fractional. */
  readonly seconds?: number | undefined
}

/** A consistent usage with each part counted once. */
export interface UsageParts {
  readonly hasInput: boolean
  readonly hasOutput: boolean
  readonly input: number
  readonly output: number
  /** Input that belongs to no other part. */
  readonly textInput: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly cacheWrite1h: number
  /** True if the usage distinguishes cache writes by duration. */
  readonly hasCacheWrite1h: boolean
  readonly audioInput: number
  readonly cacheReadAudio: number
  readonly imageInput: number
  readonly textOutput: number
  readonly reasoning: number
  readonly audioOutput: number
  readonly imageOutput: number
  readonly images: number
  readonly searches: number
  readonly requests: number
  readonly characters: number
  readonly microseconds: number
}

/** Splits a usage into parts; undefined if it contradicts itself, as when more tokens were cached than there were. */
export function usagePartsOf(usage: Usage): UsageParts | undefined {
  const input = countOf(usage.inputTokens, 0)
  const output = countOf(usage.outputTokens, 0)
  const cacheWrite1h = countOf(usage.cacheWrite1hTokens, 0)
  const cacheWrites = countOf(usage.cacheWriteTokens, cacheWrite1h)
  const cacheReadAudio = countOf(usage.cacheReadAudioTokens, 0)
  const cacheReads = countOf(usage.cacheReadTokens, cacheReadAudio)
  const audio = countOf(usage.inputAudioTokens, cacheReadAudio) - cacheReadAudio
  const image = countOf(usage.inputImageTokens, 0)
  const reasoning = countOf(usage.reasoningTokens, 0)
  const audioOutput = countOf(usage.outputAudioTokens, 0)
  const imageOutput = countOf(usage.outputImageTokens, 0)
  const uncached = input - cacheReads - cacheWrites
  // Providers report how much was cached and how much was audio, but not the overlap of the two.
  const audioInput = Math.min(audio, Math.max(0, uncached))
  const imageInput = Math.min(image, Math.max(0, uncached - audioInput))
  const parts: UsageParts = {
    hasInput: isKnown(usage.inputTokens),
    hasOutput: isKnown(usage.outputTokens),
    input,
    output,
    textInput: uncached - audioInput - imageInput,
    cacheRead: cacheReads - cacheReadAudio,
    cacheWrite: cacheWrites - cacheWrite1h,
    cacheWrite1h,
    hasCacheWrite1h: isKnown(usage.cacheWrite1hTokens),
    audioInput,
    cacheReadAudio,
    imageInput,
    textOutput: output - reasoning - audioOutput - imageOutput,
    reasoning,
    audioOutput,
    imageOutput,
    images: countOf(usage.images, 0),
    searches: countOf(usage.searches, 0),
    requests: countOf(usage.requests, 1),
    characters: countOf(usage.characters, 0),
    microseconds: countOf(typeof usage.seconds === 'number' ? Math.round(usage.seconds * 1e6) : usage.seconds, 0),
  }
  return isSound(parts) && audio >= 0 && audio + image <= input ? parts : undefined
}

// An invalid count becomes NaN, which propagates to all sums and fails every comparison.
function countOf(value: unknown, absent: number): number {
  if (!isKnown(value)) return absent
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : Number.NaN
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && !Number.isNaN(value)
}

function isSound(parts: UsageParts): boolean {
  const pieces = parts.images + parts.searches + parts.requests + parts.characters + parts.microseconds
  const { textInput, cacheRead, cacheWrite, textOutput } = parts
  return textInput >= 0 && cacheRead >= 0 && cacheWrite >= 0 && textOutput >= 0 && pieces >= 0
}
