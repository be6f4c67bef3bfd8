import type { Call, PriceFile } from '@spanledger/core'
import type { StoredCall } from './call-row.ts'
import type { CallFilter, Grouping } from './call-filter.ts'
import type { UsageRow, UsageTotals } from './usage-totals.ts'

/**
 * Calls in a database: written once, asked often. The same contract holds for every database, and one test suite says
 * so for all of them. Whoever opens a store closes it.
 *
 * Every method that asks sees all writes that were finished before, by any process. Nothing a method is given is kept
 * or changed, and nothing it gives back is used again. A method rejects with a sentence that says what is wrong with
 * the database and how to mend it; after that the store can be used again, and what was stored stays stored. After
 * `close` every other method rejects.
 */
export interface Store {
  /**
   * Stores calls, each at most once: a call whose (`trace_id`, `span_id`) is there already, or stands in the list
   * twice, is joined with that version by `mergeCall`. So any number of writes in any order leave the same rows, and a
   * write of which the outcome is unknown can be repeated.
   *
   * All of one list is one transaction, durable when the promise resolves: if it rejects, nothing of the list is stored.
   * A call that the database cannot hold (a count out of range, an id that is none, a step) does not hold up the others: it
   * is given back with the reason. Texts are made well-formed. A project that is not known is created.
   *
   * Some 500 calls a list (`WRITE_BATCH_SIZE`) are quick; SQLite blocks its thread for the time of the write.
   */
  write(calls: readonly Call[], options?: WriteOptions): Promise<WriteResult>

  /** The call with this id (`{trace_id}-{span_id}`), with its content; nothing if there is none. */
  call(id: string): Promise<StoredCall | undefined>

  /**
   * The calls of a filter, the one that started last first, a page at a time. A page's `next` asks for the one after it
   * and is missing on the last. Calls that arrive meanwhile make no call appear twice or be skipped.
   */
  calls(filter: CallFilter, page?: PageRequest): Promise<CallPage>

  /**
   * Every call of a filter that is stored when the first one is asked for, in the order of arrival. Holds few of them at
   * a time, however many there are, and blocks no writer in between.
   */
  iterate(filter: CallFilter, options?: ContentOption): AsyncIterable<StoredCall>

  /** What the calls of a filter add up to. Without any call all counts are 0 and all sums NULL. */
  summary(filter: CallFilter): Promise<UsageTotals>

  /**
   * The same for each value of a grouping, the dearest first, days in their order. A call whose value is unknown counts
   * under the key NULL, so the rows add up to the summary; by tag a call counts under each of its tags. Days without
   * calls are missing.
   */
  breakdown(filter: CallFilter, groupBy: Grouping): Promise<readonly UsageRow[]>

  /** How each tool did, the one called most first. Empty if no tool was called. */
  toolStats(filter: CallFilter): Promise<readonly ToolStats[]>

  /** The project with this id: made if it is not there, renamed if it has another name. Without a name nothing is renamed. */
  ensureProject(project: { readonly id: string; readonly name?: string | undefined }): Promise<Project>

  /** All projects by id. */
  projects(): Promise<readonly Project[]>

  /**
   * Prices of your own that were put into the database; they say what a call costs before any published list. Rejects
   * with a sentence if there is one that this version does not understand.
   */
  customPrices(): Promise<PriceFile>

  /**
   * Changes them in one transaction: `change` is given those that are there, answers at once, and what it gives back
   * takes their place, and is what the promise gives. If it throws, or if its prices do not hold together, nothing changes.
   */
  changePrices(change: (prices: PriceFile) => PriceFile): Promise<PriceFile>

  /** Which models the unpriced calls of a filter are of, those with the most calls first. */
  unpricedModels(filter: CallFilter): Promise<readonly UnpricedModel[]>

  /**
   * Gives the billable calls of a filter their cost anew, but for those whose cost the answer itself named (`provider`)
   * or somebody reported: these are not touched, whatever `price` says. `price` is given each of the others as it
   * stands, without content, and gives it back with other money (`repriceCall` of core), or the very same object; nothing
   * but columns of money is taken from it. It must be pure, because it may be asked twice.
   *
   * Every call that was looked at is given, when the transaction that changed it is durable: some 500 calls each, so that
   * other writers wait for a moment only. Whoever stops asking for more stops the work there. Nothing is written unless
   * `write` is true.
   */
  reprice(filter: CallFilter, price: (call: Call) => Call, options?: RepriceOptions): AsyncIterable<RepricedCall>

  /** Lets go of the database. Idempotent. */
  close(): Promise<void>
}

/** How many calls one write takes comfortably. */
export const WRITE_BATCH_SIZE = 512

/** How a list is written. */
export interface WriteOptions {
  /**
   * Works out what only the trace knows; `settleTrace` of core. It is given all that is stored of each trace of the list,
   * without content, in the same transaction, and what it changes is stored. It must be pure and idempotent.
   */
  readonly settle?: ((calls: readonly Call[]) => readonly Call[]) | undefined
}

/** What became of a list: `stored + deduplicated + rejected.length` is its length. */
export interface WriteResult {
  /** Calls that were not there before. */
  readonly stored: number
  /** Calls of which a version was there already. */
  readonly deduplicated: number
  readonly rejected: readonly RejectedCall[]
}

/** A call that the database cannot hold. */
export interface RejectedCall {
  readonly call: Call
  /** Such as `input_tokens is -1; expected a non-negative integer or null`. */
  readonly reason: string
}

/** Whether what was said is wanted too; without it `content` is `null`. */
export interface ContentOption {
  readonly content?: boolean | undefined
}

/** Which page of calls. */
export interface PageRequest extends ContentOption {
  /** 1 to 1,000 calls; 100 if none is given. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/** A page of calls. */
export interface CallPage {
  readonly calls: readonly StoredCall[]
  readonly next?: string | undefined
}

/** What became of the calls of one tool. */
export interface ToolStats {
  readonly tool: string | null
  readonly calls: number
  readonly succeeded: number
  readonly failed: number
  /** Over the calls of which the duration is known; NULL if it is of none. */
  readonly averageDurationMs: number | null
  /** 95 of 100 calls took no longer than this. */
  readonly p95DurationMs: number | null
  /** When it was called last, epoch milliseconds. */
  readonly lastStartedAt: number
}

/** Whether new costs are stored; they are only worked out if not. */
export interface RepriceOptions {
  readonly write?: boolean | undefined
}

/** A call before and after it was priced again: the very same object if nothing changed. */
export interface RepricedCall {
  readonly before: StoredCall
  readonly after: Call
}

/** Calls without a cost that have these in common. */
export interface UnpricedModel {
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly serviceTier: string | null
  /** Why they have no cost. */
  readonly reason: string | null
  readonly calls: number
  /** When the last one started, epoch milliseconds. */
  readonly lastStartedAt: number
}

/** Something that calls belong to. */
export interface Project {
  readonly id: string
  readonly name: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}
