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

/** The single texts that have a limit of their own. */
export type TextKind = 'error' | 'question' | 'systemPrompt' | 'answer'

/** What the policy keeps, and the lengths before cutting. */
export interface AppliedContent extends Content {
  /** Lengths and counts before cutting, in every mode: `{ question: 1200, inputMessages: 3 }`. */
  readonly lengths: JsonObject
}

/** Decides how much of a call's content is kept. Database, journal and OTLP share one policy. */
export interface ContentPolicy {
  readonly mode: ContentMode
  /**
   * Cuts, then redacts. Accepts any value and never throws. Applying it to its own result changes nothing if
   * `previousLengths` are passed: they take precedence.
   */
  apply(draft: ContentDraft, previousLengths?: JsonObject): AppliedContent
  /** The same for one text. Error messages are kept in every mode, because errors cannot be told apart without them. */
  text(text: string, kind?: 'error'): string
  text(text: string, kind: TextKind): string | undefined
  /** Cuts and redacts metadata and other JSON that is not content. Kept in every mode. */
  json(value: unknown, maxLength: number): Json
}

export interface ContentPolicyOptions {
  readonly mode: ContentMode
  readonly redactor?: Redactor
  readonly limits?: Partial<ContentLimits>
}

// Redacting can lengthen a text, and cutting can expose a partial credential. Two rounds settle all but contrived
// texts.
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
      // A value in the draft threw while being read. A sanitized copy cannot.
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

/** Redacts and cuts in turn until nothing changes. The result is always redacted. */
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

/** Returns the same object if it holds nothing to redact. */
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
