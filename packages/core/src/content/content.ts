import type { Json } from '../json/json.ts'
import type { DraftMessages } from './genai-content.ts'

/** How much of a call's content is kept: only lengths, a preview, or everything up to a limit. */
export type ContentMode = 'none' | 'preview' | 'full'

/** The content of a call as it arrives: GenAI structures by their JSON schemas, but any value is accepted. */
export interface ContentDraft {
  readonly systemInstructions?: Json | undefined
  readonly inputMessages?: Json | undefined
  readonly outputMessages?: Json | undefined
  readonly toolDefinitions?: Json | undefined
  readonly toolArguments?: unknown
  readonly toolResult?: unknown
  readonly question?: string | undefined
}

/** The content to keep. Messages, instructions and definitions are valid by the GenAI schemas. */
export interface Content {
  readonly systemInstructions?: Json
  readonly inputMessages?: Json
  readonly outputMessages?: Json
  readonly toolDefinitions?: Json
  readonly toolArguments?: Json
  readonly toolResult?: Json
  readonly question?: string
}

/** Limits in UTF-16 units of text or JSON unless stated otherwise. The first five apply to previews. */
export interface ContentLimits {
  /** Default 500. */
  readonly question: number
  /** Default 500. */
  readonly systemPrompt: number
  /** Default 1,000. */
  readonly answer: number
  /** Default 500. */
  readonly toolArguments: number
  /** Default 500. */
  readonly toolResult: number
  /** An error message, in every mode. Default 500. */
  readonly error: number
  /** Base64 of all attachments of a call together. Default 65,536. */
  readonly attachments: number
  /** Bytes of everything kept of a call, as JSON in UTF-8. Default 262,144. */
  readonly total: number
}

export const DEFAULT_CONTENT_LIMITS: ContentLimits = {
  question: 500,
  systemPrompt: 500,
  answer: 1_000,
  toolArguments: 500,
  toolResult: 500,
  error: 500,
  attachments: 65_536,
  total: 262_144,
}

/** What is kept of a draft, and the original lengths of its tool values. */
export interface CutContent {
  readonly content: Content
  readonly toolLengths: ToolLengths
}

export interface ToolLengths {
  readonly toolArguments?: number | undefined
  readonly toolResult?: number | undefined
}

/** Content under construction. */
export type MutableContent = { -readonly [Name in keyof Content]: Content[Name] }

/** Cuts a draft in one mode. Idempotent. May throw if reading the draft throws. */
export type CutDraft = (draft: ContentDraft, limits: ContentLimits, messages: DraftMessages) => CutContent
