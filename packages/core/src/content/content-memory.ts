import { jsonOf } from '../json/attribute-values.ts'
import type { Json } from '../json/json.ts'

/**
 * Avoids reading the same content twice. An agent repeats the content of its only model call, and nearly every call of
 * a service defines the same tools.
 */
export interface ContentMemory {
  /** Parses one or more tool definitions. Equal texts return the same object, which must not be modified. */
  readonly parseTools: ParseJson
  /** What was written for the last model call of a run, if its sources were equal. */
  recall(runId: string, sources: ContentSources): WrittenContent | undefined
  keep(runId: string, sources: ContentSources, written: WrittenContent): void
  /** Call at the end of a run. */
  forget(runId: string): void
}

/** Parses a JSON string; undefined for anything else. */
export type ParseJson = (value: unknown) => Json | undefined

/** The attributes that the content of a span is read from. Equal sources have equal content. */
export type ContentSources = readonly (string | undefined)[]

/** Attributes by name. */
export type WrittenContent = Readonly<Record<string, unknown>>

// A run that never ends must not hold its prompt forever, and long prompts are few.
const MAX_RUNS = 64
const MAX_LENGTH = 1_048_576
// For all runs together.
const MAX_RUNS_LENGTH = 4 * MAX_LENGTH
const MAX_TOOLS_LENGTH = 1_048_576
const MAX_TOOL_LENGTH = 65_536

interface KeptRun {
  readonly sources: ContentSources
  readonly written: WrittenContent
  /** Total length of the sources. */
  readonly length: number
}

/** Creates an empty memory. */
export function createContentMemory(): ContentMemory {
  const runs = new Map<string, KeptRun>()
  let runsLength = 0
  const tools = new Map<string, Json>()
  let toolsLength = 0
  const forget = (runId: string): void => {
    runsLength -= runs.get(runId)?.length ?? 0
    runs.delete(runId)
  }
  return {
    parseTools(value) {
      if (typeof value !== 'string' || value.length > MAX_TOOL_LENGTH) return jsonOf(value)
      const known = tools.get(value)
      if (known !== undefined) return known
      const json = jsonOf(value)
      if (json === undefined) return undefined
      toolsLength += value.length
      // Tools defined for a single call would otherwise pile up.
      if (toolsLength > MAX_TOOLS_LENGTH) {
        tools.clear()
        toolsLength = value.length
      }
      tools.set(value, json)
      return json
    },
    recall(runId, sources) {
      const last = runs.get(runId)
      return last !== undefined && isSame(last.sources, sources) ? last.written : undefined
    },
    keep(runId, sources, written) {
      forget(runId)
      const length = lengthOf(sources)
      if (length > MAX_LENGTH) return
      for (const oldest of runs.keys()) {
        if (runs.size < MAX_RUNS && runsLength + length <= MAX_RUNS_LENGTH) break
        forget(oldest)
      }
      runs.set(runId, { sources, written, length })
      runsLength += length
    },
    forget,
  }
}

function isSame(a: ContentSources, b: ContentSources): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}

function lengthOf(sources: ContentSources): number {
  let length = 0
  for (const source of sources) length += source?.length ?? 0
  return length
}
