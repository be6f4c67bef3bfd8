import type { Json, JsonObject } from '../json/json.ts'
import { DEFAULT_CONTENT_LIMITS } from './content.ts'
import type { Content, ContentDraft, ContentLimits, ContentMode, CutContent, CutDraft } from './content.ts'
import { lengthsOf } from './content-lengths.ts'
import { draftMessages } from './genai-content.ts'
import { cutJson, fitJson } from '../json/cut-json.ts'
import { cutText } from '../json/cut-text.ts'
import { cutFull } from './full-content.ts'
import { cutPreview } from './preview-content.ts'
import { createRedactor } from './redactor.ts'
import type { Redactor } from './redactor.ts'
import { toJson } from '../json/to-json.ts'

export type { Content, ContentDraft, ContentLimits, ContentMode } from './content.ts'

/** Single texts, by the limit that is theirs. */
export type TextKind = 'error' | 'question' | 'systemPrompt' | 'answer'

/** What the policy lets through, and how long it was. */
export interface AppliedContent extends Content {
  /** Lengths and counts before cutting, in every mode: `{ question: 1200, inputMessages: 3 }`. */
  readonly lengths: JsonObject
}

/** One rule for database, journal and OTLP: what may be kept of the words of a call. */
export interface ContentPolicy {
  readonly mode: ContentMode
  /**
   * Cuts, then redacts. Takes anything and never throws. Applying it to its own result changes nothing, if the lengths
   * of the first time are handed over: they win.
   */
  apply(draft: ContentDraft, previousLengths?: JsonObject): AppliedContent
  /** The same for one text. Error messages are kept in every mode, because without them no error can be told from another. */
  text(text: string, kind?: 'error'): string
  text(text: string, kind: TextKind): string | undefined
  /** For metadata and other JSON that is no content, and so kept in every mode: cut and redacted. */
  json(value: unknown, maxLength: number): Json
}

export interface ContentPolicyOptions {
  readonly mode: ContentMode
  readonly redactor?: Redactor
  readonly limits?: Partial<ContentLimits>
}

// Redacting can lengthen a text, and cutting can bring a half credential to its end; two rounds settle all but contrived texts.
const MAX_ROUNDS = 4
const MEASURED_LENGTH = 64

const CUTS: Readonly<Record<ContentMode, CutDraft>> = { none: cutNothing, preview: cutPreview, full: cutFull }

export function createContentPolicy(options: ContentPolicyOptions): ContentPolicy {
  const { mode, redactor = createRedactor() } = options
  const limits = { ...DEFAULT_CONTENT_LIMITS, ...options.limits }
  const cutDraft = CUTS[mode]

  function apply(draft: ContentDraft, previousLengths?: JsonObject): AppliedContent {
    try {
      return applyTo(draft, previousLengths)
    } catch {
      // Something in the draft threw when it was read. A sanitized copy cannot.
      return applyTo(sanitizeDraft(draft), previousLengths)
    }
  }

  function applyTo(draft: ContentDraft, previousLengths: JsonObject | undefined): AppliedContent {
    const messages = draftMessages(draft)
    const { content, toolLengths } = cutDraft(draft, limits, messages)
    const lengths = numbersOf(previousLengths) ?? lengthsOf(draft, messages, toolLengths)
    return { ...settle(content, redact, cut), lengths }
  }

  function redact(content: Content): Content {
    return redactContent(content, redactor)
  }

  function cut(content: Content): Content {
    return cutDraft(content, limits, draftMessages(content)).content
  }

  function text(value: string, kind?: 'error'): string
  function text(value: string, kind: TextKind): string | undefined
  function text(value: string, kind: TextKind = 'error'): string | undefined {
    if (mode === 'none' && kind !== 'error') return undefined
    const maxLength = mode === 'full' && kind !== 'error' ? limits.total : limits[kind]
    return settle(cutText(value, maxLength), redactor.redactText, (redacted) => cutText(redacted, maxLength))
  }

  function json(value: unknown, maxLength: number): Json {
    return settle(cutJson(value, maxLength), redactor.redactJson, (redacted) => cutJson(redacted, maxLength))
  }

  return { mode, apply, text, json }
}

/** Redacts and cuts in turn until nothing changes. What comes out is always redacted. */
function settle<T>(first: T, redact: (value: T) => T, cut: (value: T) => T): T {
  let current = first
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const redacted = redact(current)
    if (redacted === current) return current
    current = cut(redacted)
  }
  return redact(current)
}

function cutNothing({ toolArguments, toolResult }: ContentDraft): CutContent {
  return { content: {}, toolLengths: { toolArguments: toolLength(toolArguments), toolResult: toolLength(toolResult) } }
}

function toolLength(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value.length : fitJson(value, MEASURED_LENGTH).length
}

/** The same content if it is clean. */
function redactContent(content: Content, redactor: Redactor): Content {
  let result: Record<string, Json> | undefined
  for (const name in content) {
    const json: Json = content[name as keyof Content] ?? null // a key of its own
    const redacted = redactor.redactJson(json)
    if (redacted !== json) (result ??= { ...content })[name] = redacted
  }
  return result ?? content
}

function numbersOf(lengths: JsonObject | undefined): JsonObject | undefined {
  return lengths === undefined
    ? undefined
    : Object.fromEntries(Object.entries(lengths).filter(([, length]) => typeof length === 'number'))
}

function sanitizeDraft(draft: ContentDraft): ContentDraft {
  const { systemInstructions, inputMessages, outputMessages, toolDefinitions, question } = draft
  return {
    ...(systemInstructions === undefined ? {} : { systemInstructions: toJson(systemInstructions) }),
    ...(inputMessages === undefined ? {} : { inputMessages: toJson(inputMessages) }),
    ...(outputMessages === undefined ? {} : { outputMessages: toJson(outputMessages) }),
    ...(toolDefinitions === undefined ? {} : { toolDefinitions: toJson(toolDefinitions) }),
    ...(draft.toolArguments === undefined ? {} : { toolArguments: toJson(draft.toolArguments) }),
    ...(draft.toolResult === undefined ? {} : { toolResult: toJson(draft.toolResult) }),
    ...(typeof question === 'string' ? { question } : {}),
  }
}
