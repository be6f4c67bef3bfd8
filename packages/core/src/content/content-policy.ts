import { isObject } from '../attribute-values.ts'
import type { Json, JsonObject } from '../call.ts'
import { contentLengths } from './content-lengths.ts'
import { cutJson } from './cut-json.ts'
import { cutText } from './cut-text.ts'
import { keepMessages, keepParts, type PartLimits } from './keep-messages.ts'
import type { Redactor } from './redactor.ts'
import { toJson } from './to-json.ts'

/** How much is kept of what was said: nothing but lengths, a preview, or everything up to a size. */
export type ContentMode = 'none' | 'preview' | 'full'

/** The words of a call in GenAI structures, as they were found on a span: nothing in here is to be trusted. */
export interface ContentDraft {
  /** `gen_ai.system_instructions`: parts. */
  readonly systemInstructions?: Json | undefined
  /** `gen_ai.input.messages`. */
  readonly inputMessages?: Json | undefined
  /** `gen_ai.output.messages`. */
  readonly outputMessages?: Json | undefined
  /** `gen_ai.tool.definitions`. */
  readonly toolDefinitions?: Json | undefined
  /** A JSON text or a value. */
  readonly toolArguments?: unknown
  readonly toolResult?: unknown
}

/** What is kept of a draft; every structure is valid by the GenAI schemas. */
export interface KeptContent {
  readonly systemInstructions?: Json | undefined
  readonly inputMessages?: Json | undefined
  readonly outputMessages?: Json | undefined
  readonly toolDefinitions?: Json | undefined
  readonly toolArguments?: Json | undefined
  readonly toolResult?: Json | undefined
  /** Characters and counts before anything was cut. */
  readonly lengths: JsonObject
}

/** Most characters of each text under `preview`. */
export interface ContentLimits {
  readonly question: number
  readonly systemPrompt: number
  readonly answer: number
  readonly tool: number
  readonly errorMessage: number
}

/** One policy for database, journal and OTLP: text is cut first, then credentials are taken out. */
export interface ContentPolicy {
  readonly mode: ContentMode
  apply(draft: ContentDraft): KeptContent
  /** A single text of the call's outcome; kept in every mode, because without it no failure can be told from another. */
  text(text: string): string
}

export interface ContentPolicyOptions {
  readonly mode: ContentMode
  readonly redactor?: Redactor | undefined
  readonly limits?: Partial<ContentLimits> | undefined
}

const PREVIEW: ContentLimits = { question: 500, systemPrompt: 500, answer: 1_000, tool: 500, errorMessage: 500 }

// 256 KiB for a call in all, shared by what may be long.
const FULL_TEXT = 65_536

/** Makes a policy. */
export function createContentPolicy({ mode, redactor, limits }: ContentPolicyOptions): ContentPolicy {
  const most: ContentLimits = { ...PREVIEW, ...limits }
  const text = (value: string, maxLength: number): string => {
    const cut = cutText(value, maxLength)
    return redactor === undefined ? cut : redactor.redactText(cut)
  }
  const json = (value: unknown, maxLength: number): Json => {
    const cut = cutJson(value, maxLength)
    return redactor === undefined ? cut : redactor.redactJson(cut)
  }
  const tool = mode === 'full' ? FULL_TEXT : most.tool
  const limitsOf = (maxText: number): PartLimits => ({ text, json, maxText: mode === 'full' ? FULL_TEXT : maxText, maxTool: tool, isPreview: mode === 'preview' })
  const kept = (draft: ContentDraft): Omit<KeptContent, 'lengths'> => ({
    systemInstructions: keepParts(draft.systemInstructions, limitsOf(most.systemPrompt)),
    inputMessages: keepMessages(draft.inputMessages, { ...limitsOf(most.question), onlyLastUserTurn: mode === 'preview' }),
    outputMessages: keepMessages(draft.outputMessages, limitsOf(most.answer)),
    toolDefinitions: keepDefinitions(draft.toolDefinitions, mode, json),
    toolArguments: keepToolValue(draft.toolArguments, tool, { text, json }),
    toolResult: keepToolValue(draft.toolResult, tool, { text, json }),
  })
  return {
    mode,
    apply: (draft) => ({ ...(mode === 'none' ? {} : kept(draft)), lengths: contentLengths(draft) }),
    text: (value) => text(value, most.errorMessage),
  }
}

type Cutters = Pick<PartLimits, 'text' | 'json'>

// On a span it is a JSON text, or any text where the arguments were no JSON.
function keepToolValue(value: unknown, maxLength: number, cut: Cutters): Json | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') return cut.json(value, maxLength)
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'string' ? cut.text(parsed, maxLength) : cut.json(parsed, maxLength)
  } catch {
    return cut.text(value, maxLength)
  }
}

// Schemas are the same in every call and longer than all the rest; a preview needs the names.
function keepDefinitions(definitions: Json | undefined, mode: ContentMode, json: Cutters['json']): Json | undefined {
  if (!Array.isArray(definitions)) return undefined
  const tools = (definitions as readonly Json[]).filter((tool) => isObject(tool))
  if (mode === 'full') return json(toJson(tools), FULL_TEXT)
  return tools.slice(0, 100).map((tool) => ({ type: shortText(tool['type'], 'function'), name: shortText(tool['name'], 'unknown') }))
}

function shortText(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? cutText(value, 128) : otherwise
}
