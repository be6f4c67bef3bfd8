import type { StoredCall } from './call-row.ts'

/** Whether to include content; otherwise `content` is `null`. */
export interface ContentOption {
  readonly content?: boolean | undefined
}

/** Selects a page. */
export interface PageRequest {
  /** 1 to 1,000 rows; 100 by default. */
  readonly limit?: number | undefined
  /** The `next` of the previous page. */
  readonly cursor?: string | undefined
}

/** Selects a page of calls. */
export interface CallPageRequest extends PageRequest, ContentOption {
  /** The column to sort by; `startedAt` by default. Calls without a value come last in either order. */
  readonly sort?: CallSort | undefined
  /** `desc`, the highest first, by default. */
  readonly order?: 'asc' | 'desc' | undefined
  /** Only calls with this text, ignoring case, in their model, operation, name, tool, error, user, session or trace. */
  readonly q?: string | undefined
}

/** What calls can be sorted by. */
export type CallSort = 'startedAt' | 'costNanoUsd' | 'durationMs' | 'totalTokens' | 'ingestSeq'

/** Every sort order, for code that checks input. */
export const CALL_SORTS: readonly CallSort[] = ['startedAt', 'costNanoUsd', 'durationMs', 'totalTokens', 'ingestSeq']

/** A page of calls. */
export interface CallPage {
  readonly calls: readonly StoredCall[]
  readonly next?: string | undefined
}
