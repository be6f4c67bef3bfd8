// In the order in which messages and schemas name them: whether a provider bills the kind, one row per attempt.
const KINDS = {
  run: false,
  step: false,
  model: true,
  embedding: true,
  rerank: true,
  tool: false,
  image: true,
  speech: true,
  transcription: true,
  retrieval: false,
  operation: false,
} as const

/** What a call is. Only the six leaf kinds can be billable; `step` folds into its run and never becomes a row. */
export type CallKind = keyof typeof KINDS

/** The kinds that a row can be of. */
export type RowKind = Exclude<CallKind, 'step'>

const ALL_KINDS = wordsOf(KINDS)

/** Every kind that a row can be of. A newer writer may know more of them. */
export const CALL_KINDS: readonly RowKind[] = ALL_KINDS.filter((kind) => kind !== 'step')

/** Kinds that a provider bills, one row per attempt. */
export const LEAF_KINDS: ReadonlySet<CallKind> = new Set(ALL_KINDS.filter((kind) => KINDS[kind]))

const KNOWN_KINDS: ReadonlySet<unknown> = new Set(ALL_KINDS)

/** The value, if it is a kind of call. */
export function callKindOf(value: unknown): CallKind | undefined {
  return KNOWN_KINDS.has(value) ? (value as CallKind) : undefined // the set holds nothing else
}

/** Every status. Of two versions of a call, the outcome of the one with the higher rank is kept. */
export const STATUS_RANK = { ok: 2, error: 2, aborted: 2, abandoned: 1, crashed: 1, open: 0 } as const

/** How a call ended. `open` has not ended; `abandoned` and `crashed` never will. */
export type CallStatus = keyof typeof STATUS_RANK

/** Every status. */
export const CALL_STATUSES = wordsOf(STATUS_RANK)

/** Every source of token counts. Of two versions of a call, the tokens of the one with the higher rank are kept. */
export const USAGE_RANK = { span: 2, provider_metadata: 4, observed: 3, reported: 1, none: 0 } as const

/** Where the token counts come from; `none` means that nothing named any, and the counts are NULL. */
export type UsageSource = keyof typeof USAGE_RANK

/** Every source of token counts. */
export const USAGE_SOURCES = wordsOf(USAGE_RANK)

/** Every source of a cost. Of two versions of a call with equal tokens, the one with the higher rank is kept. */
export const COST_RANK = { provider: 4, custom: 3, list: 2, reported: 1 } as const

/** Where the cost comes from: the answer itself, a custom price, the published list, or the sender of the span. */
export type CostSource = keyof typeof COST_RANK

/** Every source of a cost. */
export const COST_SOURCES = wordsOf(COST_RANK)

function wordsOf<Word extends string>(table: Readonly<Record<Word, unknown>>): readonly Word[] {
  return Object.keys(table) as Word[] // each table above is a literal, so it has no other keys
}
