import { isObject, jsonOf } from '../attribute-values.ts'
import type { Json, JsonObject } from '../call.ts'
import { cutJson } from './cut-json.ts'
import { cutText } from './cut-text.ts'
import type { Redactor } from './redactor.ts'

export type ContentMode = 'none' | 'preview' | 'full'

export interface ContentDraft {
  readonly systemInstructions?: Json | undefined
  readonly inputMessages?: Json | undefined
  readonly outputMessages?: Json | undefined
  readonly toolDefinitions?: Json | undefined
  readonly toolArguments?: unknown
  readonly toolResult?: unknown
}

export interface KeptContent extends ContentDraft {
  readonly lengths: JsonObject
}

export interface ContentPolicy {
  apply(draft: ContentDraft): KeptContent
  text(text: string, kind: 'error'): string
}

export function createContentPolicy(options: { mode: ContentMode; redactor?: Redactor }): ContentPolicy {
  const redact = (json: Json | undefined, max: number): Json | undefined =>
    json === undefined ? undefined : (options.redactor?.redactJson(cutJson(json, max)) ?? cutJson(json, max))
  return {
    apply(draft) {
      if (options.mode === 'none') return { lengths: {} }
      const last = Array.isArray(draft.inputMessages)
        ? draft.inputMessages.findLastIndex((m: Json) => isObject(m) && m['role'] === 'user')
        : -1
      return {
        systemInstructions: redact(draft.systemInstructions, 600),
        inputMessages: Array.isArray(draft.inputMessages)
          ? draft.inputMessages.map((m: Json, i: number) => (i === last ? (redact(m, 700) ?? null) : isObject(m) ? { role: m['role'], parts: [] } : m))
          : undefined,
        outputMessages: redact(draft.outputMessages, 1200),
        toolDefinitions: redact(draft.toolDefinitions, 500),
        toolArguments: redact(jsonOf(draft.toolArguments), 500),
        toolResult: redact(jsonOf(draft.toolResult), 500),
        lengths: {},
      }
    },
    text: (text) => (options.redactor?.redactText(cutText(text, 500)) ?? text),
  }
}
