import { countOf, type JsonObject } from './json.ts'
import type { ScriptedUsage } from './scenario.ts'

/** Token counts of one answer: cache inside input, 1 h writes inside writes, reasoning inside output. */
export interface TokenCounts {
  readonly inputTokens: number
  readonly cacheReadTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly cacheWrite1hTokens?: number | undefined
  readonly outputTokens: number
  readonly reasoningTokens?: number | undefined
  readonly costUsd?: number | undefined
  readonly searchUnits?: number | undefined
}

/** 100 tokens in, of which 30 cached; 40 out, of which 7 reasoning. */
export const USUAL_COUNTS: TokenCounts = { inputTokens: 100, cacheReadTokens: 30, outputTokens: 40, reasoningTokens: 7 }

const NOTHING: Partial<TokenCounts> = {}

/** The counts that the script names, laid over the defaults as `ScriptedUsage` says. */
export function tokenCountsOf(scripted: ScriptedUsage, defaults: TokenCounts): TokenCounts {
  const input = scripted.inputTokens === undefined ? defaults : NOTHING
  const output = scripted.outputTokens === undefined ? defaults : NOTHING
  const cacheWrite1hTokens = scripted.cacheWrite1hTokens ?? input.cacheWrite1hTokens
  const cacheWriteTokens = scripted.cacheWriteTokens ?? input.cacheWriteTokens
  return {
    inputTokens: scripted.inputTokens ?? defaults.inputTokens,
    cacheReadTokens: scripted.cacheReadTokens ?? input.cacheReadTokens,
    cacheWriteTokens:
      scripted.cacheWrite1hTokens === undefined
        ? cacheWriteTokens
        : Math.max(cacheWriteTokens ?? 0, scripted.cacheWrite1hTokens),
    cacheWrite1hTokens,
    outputTokens: scripted.outputTokens ?? defaults.outputTokens,
    reasoningTokens: scripted.reasoningTokens ?? output.reasoningTokens,
    costUsd: scripted.costUsd ?? defaults.costUsd,
    searchUnits: scripted.searchUnits ?? defaults.searchUnits,
  }
}

/** The sum of the counts that are known; `undefined` when one that must be there is not a count. */
export function sumOf(...counts: readonly unknown[]): number | undefined {
  const known = counts.map(countOf)
  return known.some((count) => count === undefined)
    ? undefined
    : known.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

/** The first of the members that is a count. */
export function firstCount(usage: JsonObject, ...names: readonly string[]): number | undefined {
  return names.map((name) => countOf(usage[name])).find((count) => count !== undefined)
}
