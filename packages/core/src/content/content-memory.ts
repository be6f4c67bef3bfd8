import { jsonOf } from '../json/attribute-values.ts'
import type { Json } from '../json/json.ts'

/**
 * What need not be read again. An agent and its only model call carry the same words, which need to be parsed, cut and
 * redacted once; and nearly every call of a service defines the same tools.
 */
export interface ContentMemory {
  /** The definition of a tool, or of several, parsed. The same text gives the same value: it must not be changed. */
  readonly parseTools: ParseJson
  /** What was written of the last model call of a run, if its sources were the same. */
  recall(runId: string, sources: ContentSources): WrittenContent | undefined
  keep(runId: string, sources: ContentSources, written: WrittenContent): void
  /** For the end of a run. */
  forget(runId: string): void
}

/** The value behind a JSON string; nothing for what is none. */
export type ParseJson = (value: unknown) => Json | undefined

/** Everything that the words of a span are read from: where all of it is the same, so are the words. */
export type ContentSources = readonly (string | undefined)[]

/** Attributes by their names. */
export type WrittenContent = Readonly<Record<string, unknown>>

// A run that never ends must not hold its prompt for good, and long prompts are few.
const MAX_RUNS = 64
const MAX_LENGTH = 1_048_576
// Together.
const MAX_RUNS_LENGTH = 4 * MAX_LENGTH
const MAX_TOOLS_LENGTH = 1_048_576
const MAX_TOOL_LENGTH = 65_536

interface KeptRun {
  readonly sources: ContentSources
  readonly written: WrittenContent
  /** Of the sources. */
  readonly length: number
}

/** Makes a memory that is empty. */
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
      // Tools made up for a single call would otherwise pile up.
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
