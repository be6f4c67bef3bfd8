import { countOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { openaiError } from './openai-error.ts'
import { EMPTY_READING, type RequestReading } from './provider-request.ts'
import type { Billed } from './provider-call.ts'
import type { WireDialect } from './wire-dialect.ts'

// One transparent pixel.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

// The head of a silent MPEG-1 layer 3 frame: enough for everyone who looks at the first bytes.
const MP3 = Uint8Array.from([0xff, 0xfb, 0x90, 0x64, ...Array.from({ length: 413 }, () => 0)])

const AUDIO_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
}

const COMMON = {
  billed: mediaBilled,
  serviceTier: () => undefined,
  responseId: () => undefined,
  responseModel: () => undefined,
  toolCallId: () => undefined,
  error: openaiError,
} as const

/** `POST /images/generations` and `/images/edits`. Only the gpt-image models tell their usage. */
export const openaiImages: WireDialect = {
  ...COMMON,
  api: 'images',
  read: (body) => reading(body, body.prompt),
  defaultUsage: (request) => (isGptImage(request.model) ? { inputTokens: 50, outputTokens: 272 } : undefined),
  usage: (counts) => ({
    input_tokens: counts.inputTokens,
    output_tokens: counts.outputTokens,
    total_tokens: counts.inputTokens + counts.outputTokens,
    input_tokens_details: { text_tokens: counts.inputTokens, image_tokens: 0 },
  }),
  answer: (answer) => ({
    created: answer.createdAt,
    data: Array.from({ length: Number(answer.request.body.n ?? 1) }, () => ({ b64_json: PNG })),
    usage: answer.usage,
  }),
}

/** `POST /audio/speech`. Answers sound, and so no usage. */
export const openaiSpeech: WireDialect = {
  ...COMMON,
  api: 'speech',
  read: (body) => reading(body, body.input),
  defaultUsage: () => undefined,
  usage: () => ({}),
  headers: (answer) => ({
    'content-type': AUDIO_TYPES[stringOf(answer.request.body.response_format) ?? 'mp3'] ?? 'audio/mpeg',
  }),
  answer: () => MP3,
}

/** `POST /audio/transcriptions`. whisper-1 tells seconds, the others tokens. */
export const openaiTranscriptions: WireDialect = {
  ...COMMON,
  api: 'transcriptions',
  read: (body) => reading(body, body.prompt),
  defaultUsage: () => ({ inputTokens: 100, outputTokens: 12 }),
  usage: (counts, { request }) =>
    isWhisper(request.model)
      ? { type: 'duration', seconds: 3 }
      : {
          type: 'tokens',
          input_tokens: counts.inputTokens,
          input_token_details: { text_tokens: 0, audio_tokens: counts.inputTokens },
          output_tokens: counts.outputTokens,
          total_tokens: counts.inputTokens + counts.outputTokens,
        },
  answer: (answer) => {
    const text = answer.text.join('')
    const verbose = { task: 'transcribe', language: 'english', duration: 3, segments: [] }
    const isVerbose = answer.request.body.response_format === 'verbose_json'
    return { text, ...(isVerbose ? verbose : {}), usage: answer.usage }
  },
}

function reading(body: JsonObject, text: Json | undefined): RequestReading {
  return { ...EMPTY_READING, model: stringOf(body.model) ?? '', values: typeof text === 'string' ? [text] : [] }
}

function isGptImage(model: string): boolean {
  return model.startsWith('gpt-image')
}

function isWhisper(model: string): boolean {
  return model.startsWith('whisper')
}

function mediaBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  return {
    inputTokens: countOf(usage.input_tokens),
    outputTokens: countOf(usage.output_tokens),
    cacheReadTokens: countOf(objectOf(usage.input_token_details).cached_tokens),
    cacheWriteTokens: undefined,
    cacheWrite1hTokens: undefined,
    reasoningTokens: undefined,
    serviceTier,
    costUsd: undefined,
  }
}
